"""The very text that would be sent to a person, before it is: of a real notice of theirs where there is one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notices.channels import EMAIL
from notices.kinds import SAMPLE, SAMPLE_ABOUT, SAMPLE_TITLE, TEST
from notices.letters import words_for
from notices.models import Address, Delivery, Notice
from notices.wording import Wording

SHOWN = 3  # notices in a digest where nothing waits


@dataclass(frozen=True)
class Sight:
    """What one way of this person would say. real: of notices they were told, not of an example."""

    way: str
    to: str
    words: Wording
    real: bool


def one(user, kind: str, now: datetime) -> list[Sight]:
    """A notice of that kind, by each way this person has."""
    told = Notice.objects.of(user).filter(kind=kind).order_by("-created_at", "-id").first()
    notice = told or sample(user, kind, now)
    return [Sight(way, to, words_for(way, [notice], user), told is not None) for way, to in ways(user).values()]


def digest(user, kind: str, now: datetime) -> list[Sight]:
    """The digest of what waits, by each way this person has; of the latest notices where nothing waits."""
    waiting = defaultdict(list)
    unsent = Delivery.objects.unsent().filter(notice__recipient=user).exclude(notice__kind=TEST)
    for row in unsent.select_related("notice").order_by("notice__created_at", "id"):
        waiting[row.address_id].append(row.notice)
    latest = Notice.objects.of(user).exclude(kind=TEST).order_by("-created_at", "-id")[:SHOWN]
    told = list(latest)[::-1]
    found = []
    for address_id, (way, to) in ways(user).items():
        notices = waiting[address_id] or told
        found.append(Sight(way, to, words_for(way, notices or samples(user, kind, now), user), bool(notices)))
    return found


def ways(user) -> dict[int | None, tuple[str, str]]:
    """Where this person is told: the pk of the address (None: the mailbox), its way, and what to call it."""
    found = {None: (EMAIL, user.email)}
    return found | {one.pk: (one.way, f"{one.label} {one.hint}") for one in Address.objects.of(user)}


def samples(user, kind: str, now: datetime) -> Sequence[Notice]:
    return [sample(user, kind, now)] * 2


def sample(user, kind: str, now: datetime) -> Notice:
    """A notice as it might be told; not kept."""
    return Notice(
        recipient=user, key="sample", kind=kind, about=SAMPLE_ABOUT, title=str(SAMPLE_TITLE), path="/", facts=SAMPLE,
        created_at=now,
    )  # fmt: skip
