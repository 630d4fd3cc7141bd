"""The tabs of a queue: whose move it is, what is late, what waits for others. Each is one bounded question to an index.

A co-organiser reads its own clock, not the lead unit's; what it owes late is its own. The enterprise reads only the
clocks whose dates it was promised.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.parties import CARES, REPRESENTS, seats_of
from petitions.models import Approval, CoOrganisation, Deadline, Petition
from petitions.parties import CO_ORGANISER, LAST_CONTEST, LEAD, LEAD_HEAD, STAFF_VIEWERS
from petitions.process import CLOCKS, CONTESTED, IN_HAND, INCOMPLETE, PARKED, REPLIED, SIGNING, STEPS, SUSPENDED
from petitions.progress import PROMISED, as_promised
from petitions.queries import DeadlineQuerySet, PetitionQuerySet
from petitions.wording import ACTIONS
from workdays.limits import Limit
from workdays.queries import current_calendar

UNIT_STAFF = frozenset({"member", "head"})
CONFERENCE = frozenset({"supervision", "leader"})
INSIDE = UNIT_STAFF | CONFERENCE | {"desk"}
OF_THE_LEAD = [name for name, clock in CLOCKS.items() if clock.owed_by in (LEAD, LEAD_HEAD) and not clock.lapses]
# The supervision ladder: working days that a ticket must be more than late, for its second and third level; what else
# leads there.
LATE_FOR = {2: 3, 3: 10}
TURNED_AWAY, FAILED_REWORKS = 2, 2


def midnight(day: date | None, later: int = 0) -> datetime | None:
    """The moment that day begins, or a few days later."""
    return make_aware(datetime.combine(day + timedelta(days=later), time())) if day else None


def seats_in(user, now: datetime) -> frozenset[str]:
    """Every seat a person holds: posts, and being somebody's representative or cadre."""
    seats = seats_of(user, localdate(now))
    return seats.roles | ({REPRESENTS} if seats.represents else set()) | ({CARES} if seats.cares_for else set())


def is_staff(user, now: datetime) -> bool:
    """Does this person read petitions as an official?"""
    return any(party.anchors(user, localdate(now)) for party in STAFF_VIEWERS)


def own_units(user, now: datetime) -> frozenset[int]:
    """The units whose clocks this person reads as the own ones; empty for who sees more than a unit's tickets."""
    seats = seats_in(user, now)
    return seats_of(user, localdate(now)).units_as(UNIT_STAFF) if seats and seats <= UNIT_STAFF else frozenset()


# --- What each tab holds, of the petitions given ------------------------------------------------------------------


def _awaiting(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return found.awaiting(user, now)


def _handled(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return found.filter(handler=user)


def _of_my_unit(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    day = localdate(now)
    return found.filter(LEAD.rows(user, day) | CO_ORGANISER.rows(user, day))


def _helping(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    asked = CoOrganisation.objects.filter(unit__in=CO_ORGANISER.anchors(user, localdate(now)))
    return found.filter(pk__in=asked.filter(answered_at=None, waived_because="").values("petition"))


def _waiting(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    """Mine to answer for, while another has to move."""
    day, seats = localdate(now), seats_of(user, localdate(now))
    unanswered = CoOrganisation.objects.filter(answered_at=None, waived_because="").values("petition")
    proposed = Approval.objects.filter(decided_at=None)
    stands_still = Q(stage__in=(CONTESTED, SIGNING, SUSPENDED)) | Q(pk__in=proposed.values("petition"))
    waits = LEAD.rows(user, day) & (stands_still | Q(stage__in=IN_HAND, pk__in=unanswered))
    if "desk" in seats.roles:
        own = proposed.filter(step="decline", asked_by=user)
        waits |= Q(stage=INCOMPLETE) | Q(stage=CONTESTED, contest_count__gte=LAST_CONTEST)
        waits |= Q(pk__in=own.values("petition"))
    if seats.roles & CONFERENCE:
        owed = Deadline.objects.running().filter(clock="answer").values("petition")
        waits |= Q(supervision_level__gt=0, pk__in=owed)
    if seats.represents:
        waits |= Q(enterprise__in=seats.represents) & ~Q(stage__in=(INCOMPLETE, REPLIED))
    if seats.cares_for:
        waits |= Q(enterprise__in=seats.cares_for) & ~Q(stage=INCOMPLETE)
    return found.open().filter(waits)


def _due(found: PetitionQuerySet, user, now: datetime, **when) -> PetitionQuerySet:
    """Whose clock, for this reader, is due then."""
    due = {f"due_at__{side}": moment for side, moment in when.items()}
    if not is_staff(user, now):
        promised = Deadline.objects.running().filter(clock__in=PROMISED, paused_at=None, **due)
        return found.filter(pk__in=promised.values("petition"))
    units = own_units(user, now)
    if not units:
        return found.filter(**due)
    helped = own_clocks(user, now).filter(**due)
    return found.filter(Q(lead__in=units, **due) | Q(pk__in=helped.values("petition")))


def _due_today(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return _due(found, user, now, gte=now, lt=midnight(localdate(now), 1))


def overdue(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return _due(found, user, now, lt=now)


def _to_rate(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return found.filter(stage=REPLIED)


def _parked(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return found.filter(stage=PARKED)


def _open(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return found.open()


def _to_supervise(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    """Where the ladder asks for a higher level than was ordered; the system proposes, a person signs."""
    late = {"due_clock__in": OF_THE_LEAD}
    third = Q(due_at__lt=later_than(LATE_FOR[3], now), **late) | Q(rework_count__gt=FAILED_REWORKS)
    second = Q(due_at__lt=later_than(LATE_FOR[2], now), **late) | Q(contest_count__gte=TURNED_AWAY)
    steps = (When(third, then=3), When(second, then=2), When(Q(due_at__lt=now, **late), then=1))
    proposed = found.filter(stage__in=STEPS["supervise"].at).annotate(proposed_level=Case(*steps, default=Value(0)))
    return proposed.filter(proposed_level__gt=F("supervision_level"))


def later_than(days: int, now: datetime) -> datetime:
    """What was due before this moment is more than so many working days late."""
    calendar, today = current_calendar(), localdate(now)
    day = today
    while calendar.working_days_between(day, today) <= days:
        day -= timedelta(days=1)
    return midnight(day, 1)


class Tab(NamedTuple):
    """One view of the queue. seats: who has it, `None` for everybody; tone: of its number."""

    words: str
    rows: Callable[..., PetitionQuerySet]  # of (visible petitions, user, now)
    seats: frozenset[str] | None = None
    tone: str = "gray"


TABS = {
    "awaiting": Tab(_("待我办"), _awaiting, None, "blue"),
    "handled": Tab(_("我经办的"), _handled, UNIT_STAFF, "azure"),
    "unit": Tab(_("本单位"), _of_my_unit, UNIT_STAFF, "azure"),
    "helping": Tab(_("本单位协办"), _helping, UNIT_STAFF, "azure"),
    "waiting": Tab(_("等待他人"), _waiting, INSIDE | {REPRESENTS, CARES}),
    "rating": Tab(_("待评价"), _to_rate, frozenset({"call-back"}), "purple"),
    "supervise": Tab(_("建议督办"), _to_supervise, CONFERENCE, "red"),
    "today": Tab(_("今日到期"), _due_today, None, "orange"),
    "overdue": Tab(_("已逾期"), overdue, None, "red"),
    "parked": Tab(_("挂账推进"), _parked, INSIDE),
    "all": Tab(_("全部未办结"), _open),
}


def tabs_of(user, now: datetime) -> dict[str, Tab]:
    """The tabs of the seats this person holds."""
    seats = seats_in(user, now)
    return {name: tab for name, tab in TABS.items() if tab.seats is None or tab.seats & seats}


# --- The clock that is the reader's own ---------------------------------------------------------------------------


def own_clocks(user, now: datetime) -> DeadlineQuerySet:
    """The running clocks that this person's unit owes as a co-organiser."""
    units = CO_ORGANISER.anchors(user, localdate(now))
    return Deadline.objects.running().filter(clock="co_organise", unit__in=units, paused_at=None)


def most_urgent_first(found: PetitionQuerySet, user, now: datetime) -> tuple[PetitionQuerySet, list]:
    """The petitions and their order, by the clock that is the reader's own."""
    if not own_units(user, now):
        return found, [F("due_at").asc(nulls_last=True), "id"]
    own = own_clocks(user, now).filter(petition=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    by_own = Case(When(lead__in=own_units(user, now), then=F("due_at")), default=Coalesce(Subquery(own), F("due_at")))
    return found.annotate(own_due_at=by_own), [F("own_due_at").asc(nulls_last=True), "id"]


class OwnClock(NamedTuple):
    """What a row shows in place of the petition's most urgent clock, under the same names but for its own."""

    due_at: datetime | None
    warn_at: datetime | None
    due_limit: Limit | None
    name: str


def clock_name(row: Petition) -> str:
    """What the clock is called that a row shows; empty where none runs."""
    own = getattr(row, "own_clock", None)
    return own.name if own else CLOCKS[row.due_clock].label if row.due_clock else ""


def show_own_clocks(rows: Iterable[Petition], user, now: datetime) -> None:
    """Let each row show the clock that is this reader's: a co-organiser's own, or what the enterprise was promised."""
    units = own_units(user, now)
    if units:
        _show_helpers(rows, units, user, now)
    else:
        as_promised(rows, user, now)


def _show_helpers(rows: Iterable[Petition], units: frozenset[int], user, now: datetime) -> None:
    """A co-organiser sees its own clock; where it owes nothing more, whose the shown one is."""
    others = [row for row in rows if row.lead_id not in units]
    own = own_clocks(user, now).filter(petition__in=[row.pk for row in others]).order_by("-due_at")
    running = {one.petition_id: one for one in own}
    for row in others:
        clock = running.get(row.pk)
        name = _now("牵头单位%(clock)s") % {"clock": clock_name(row)} if row.due_clock else ""
        row.own_clock = _own(clock) if clock else OwnClock(row.due_at, row.warn_at, row.due_limit, name)


def _own(clock: Deadline) -> OwnClock:
    return OwnClock(clock.due_at, clock.warn_at, Limit.parse(clock.limit), str(CLOCKS[clock.clock].label))


# --- What a row waits for -----------------------------------------------------------------------------------------


def show_waits(rows: Iterable[Petition]) -> None:
    """Say on each row whom it waits for, as officials may know; co-organisers and proposals are prefetched."""
    for row in rows:
        row.waits_for = str(_("、")).join(_waits(row))


def _waits(row: Petition) -> list[str]:
    said = [str(WAITS[row.stage])] if row.stage in WAITS else []
    if row.stage == CONTESTED:
        said = [_now("裁定小组裁定") if row.contest_count >= LAST_CONTEST else _now("分拨台处理退单")]
    helpers = [one.unit.label for one in row.co_organisations.all() if not one.is_settled]
    if helpers and row.stage in IN_HAND:
        said.append(_now("%(units)s协办") % {"units": _now("、").join(helpers)})
    if row.proposal:
        asked = row.proposal.step
        action = ACTIONS.get(f"ask_{asked}") or ACTIONS[f"propose_{asked}"]
        said.append(_now("审批（%(action)s）") % {"action": action.words})
    return said


WAITS = {INCOMPLETE: _("企业补正"), SIGNING: _("负责人审签"), SUSPENDED: _("挂起期满"), REPLIED: _("企业评价")}
