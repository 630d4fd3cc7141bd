"""Live pings: that something changed, never what. The page asks again, and so do its rights.

A ping leaves with the commit of the change (PostgreSQL NOTIFY) and vanishes with its rollback. One message is one
change and names all its topics, so a page that watches several of them counts it once. Topics:
`petition:<number>`, `unit:<unit code>` (a unit's queue), `desk`, and `user:<pk>`, which browsers call `me`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac

CHANNEL = "live"
ME = "me"
TOKEN_SECONDS = 60
MOST_TOPICS = 50
TOPICS_A_MESSAGE = 150  # PostgreSQL takes less than 8,000 bytes

# kind of topic: may this person hear of that name now? Apps above fill it in their AppConfig.ready(), as
# live.TOPICS["petition"] = lambda user, number, now: …
TOPICS: dict[str, Callable[[object, str, datetime], bool]] = {}


def ping(*topics: str) -> None:
    """Wake the pages that watch any of these topics, once the current transaction commits: they count one change."""
    ping_each([topics])


def ping_each(changes: Iterable[Iterable[str]]) -> None:
    """`ping` for several changes at once."""
    payloads = [payload for topics in changes for payload in payloads_of(topics)]
    if payloads:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [CHANNEL, payloads])


def payloads_of(topics: Iterable[str]) -> list[str]:
    """What is notified of one change: its topics, in as many messages as they need."""
    names = sorted({wire_name(topic) for topic in topics})
    return [" ".join(names[at : at + TOPICS_A_MESSAGE]) for at in range(0, len(names), TOPICS_A_MESSAGE)]


def wire_name(topic: str) -> str:
    """The topic as it travels. A person's own carries a keyed digest, so that no row number leaves the server."""
    kind, _, name = topic.partition(":")
    return f"{ME}:{salted_hmac('notices.live', name).hexdigest()[:24]}" if kind == "user" else topic


def asked_name(wire: str) -> str:
    """The topic as the browser asked for it."""
    return ME if wire.startswith(f"{ME}:") else wire


def may_watch(user, topic: str, now: datetime) -> bool:
    """May this person hear that something changed there? Unknown topics are nobody's."""
    kind, _, name = topic.partition(":")
    allowed = TOPICS.get(kind)
    return topic == ME or bool(allowed and allowed(user, name, now))


def token_for(user, topics: Iterable[str]) -> str:
    """A signed permit for the live process, good for one minute: topics whose rights have been asked."""
    names = {wire_name(f"user:{user.pk}") if topic == ME else topic for topic in topics}
    return signing.dumps(sorted(names), salt=CHANNEL)


def topics_of(token: str) -> list[str]:
    """What a permit allows. Raises SignatureExpired or another BadSignature."""
    return signing.loads(token, salt=CHANNEL, max_age=TOKEN_SECONDS)
