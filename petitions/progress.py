"""How a petition gets on, in what was promised to the enterprise. Nothing here was typed by anybody, so it may be shown
to everybody who may know of the petition at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.parties import seats_of
from petitions.models import Deadline, Petition
from petitions.process import (
    ACCEPTED,
    CLOCKS,
    CLOSED,
    CONTESTED,
    DISPATCHED,
    FILED,
    INCOMPLETE,
    MERGED,
    PARKED,
    REPLIED,
    REWORK,
    SIGNING,
    SUSPENDED,
)
from petitions.wording import state_of
from workdays.limits import Limit
from workdays.wording import limit_words

# How many of the five marks along the way are behind a petition of that stage; the others left the way.
REACHED = {
    FILED: 1, INCOMPLETE: 1, DISPATCHED: 2, CONTESTED: 2, ACCEPTED: 3, SUSPENDED: 3, SIGNING: 3, REWORK: 3, PARKED: 3,
    REPLIED: 4, CLOSED: 5,
}  # fmt: skip
PROMISED = frozenset(name for name, clock in CLOCKS.items() if clock.public)  # clocks the enterprise was told of
TO_COME = ("accept", "feedback", "close")  # begin with dispatch: promised from the first day on


@dataclass(frozen=True)
class Mark:
    """One of the five marks along the way: done, current, or still to come."""

    words: str
    state: str
    at: datetime | None = None


@dataclass(frozen=True)
class Promise:
    """A clock as the enterprise was told of it. due_at: nothing while it stands still or has not begun."""

    label: str
    limit: str
    due_at: datetime | None
    state: str
    tone: str


def way(petition: Petition, *, rated: bool) -> list[Mark]:
    """Filed, dispatched, accepted, answered, rated; the stage's own words at the current one."""
    reached = REACHED.get(petition.stage)
    if reached is None:
        return [Mark(_("已提交"), "done", petition.filed_at), Mark(petition.get_stage_display(), "current")]
    ended = _("已评价") if rated or petition.stage != CLOSED else _("已办结")
    past = (_("已提交"), _("已分拨"), _("已受理"), _("已答复"), ended)
    moments = (getattr(petition, f"{name}_at") for name in ("filed", "dispatched", "accepted", "replied", "closed"))
    marks = [Mark(words, "done", at) for words, at in list(zip(past, moments, strict=True))[:reached]]
    if reached < len(past):
        marks.append(Mark(petition.get_stage_display(), "current"))
    ahead = (_("分拨"), _("受理"), _("答复"), _("评价"))
    return marks + [Mark(words, "to come") for words in ahead[reached:]]


def next_promise(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The most urgent of the clocks that the enterprise was told of and that really run."""
    told = [one for one in deadlines if one.clock in PROMISED and one.is_running and one.paused_at is None]
    return min(told, key=lambda one: one.due_at, default=None)


def promises(petition: Petition, deadlines: Iterable[Deadline], now: datetime) -> list[Promise]:
    """What was promised, each clock as it stands last, and before dispatch what will begin with it. What ends by itself
    (a suspension, the time to rate) is said only while it runs."""
    latest = {one.clock: one for one in sorted(deadlines, key=lambda one: one.pk) if one.clock in PROMISED}
    shown = [latest[name] for name in CLOCKS if name in latest]
    said = [promise_of(one, now) for one in shown if one.is_running or not CLOCKS[one.clock].lapses]
    if petition.stage in (FILED, INCOMPLETE):
        ahead = [(name, petition.standard.limit(name)) for name in TO_COME if name not in latest]
        said += [
            Promise(str(CLOCKS[name].label), limit_words(limit), None, _("分拨后起算"), "gray")
            for name, limit in ahead if limit
        ]  # fmt: skip
    return said


def promise_of(row: Deadline, now: datetime) -> Promise:
    words, tone = state_of(row, now)
    stands_still = row.paused_at is not None and row.is_running
    label = CLOCKS[row.clock].label
    return Promise(str(label), limit_words(Limit.parse(row.limit)), None if stands_still else row.due_at, words, tone)


def last_master(petition: Petition) -> Petition:
    """The petition that a merged one follows now; itself where it was not merged."""
    while petition.stage == MERGED:
        petition = petition.master
    return petition


# --- Readers outside the offices ------------------------------------------------------------------------------------


def show_promised(petition: Petition, row: Deadline | None) -> None:
    """Let this object, which is then only shown and never saved, name that clock as its most urgent one."""
    petition.due_clock, petition.due_at, petition.warn_at = (
        (row.clock, row.due_at, row.warn_at) if row else ("", None, None)
    )


def as_promised(petitions: Iterable[Petition], user, now: datetime) -> list[Petition]:
    """The rows of a list, those of this person's own enterprises with the clocks that were promised to them: at most
    one query, and none where no internal clock is the most urgent one."""
    petitions, own = list(petitions), seats_of(user, localdate(now)).represents
    hidden = [one for one in petitions if one.enterprise_id in own and one.due_clock and one.due_clock not in PROMISED]
    rows = Deadline.objects.running().filter(petition__in=hidden) if hidden else []
    by_petition: dict[int, list[Deadline]] = {}
    for row in rows:
        by_petition.setdefault(row.petition_id, []).append(row)
    for one in hidden:
        show_promised(one, next_promise(by_petition.get(one.pk, ())))
    return petitions
