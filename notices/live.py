"""Live pings: that something changed, never what. The page asks again, and so do its rights.

A ping leaves with the commit of the change (PostgreSQL NOTIFY) and vanishes with its rollback. Topics:
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

# kind of topic: may this person hear of that name now? Apps above fill it in their AppConfig.ready(), as
# live.TOPICS["petition"] = lambda user, number, now: …
TOPICS: dict[str, Callable[[object, str, datetime], bool]] = {}


def ping(*topics: str) -> None:
    """Wake the pages that watch these topics, once the current transaction commits."""
    if topics:
        names = sorted({wire_name(topic) for topic in topics})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic", [CHANNEL, names])


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
