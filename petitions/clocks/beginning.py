"""How clocks begin, and how long they have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from petitions.clocks.telling import line_of, place
from petitions.models import Deadline, Petition, ServiceStandard
from petitions.process import CLOCKS, LEAD, LEAD_HEAD
from workdays.calendar import Calendar
from workdays.limits import HOURS, WORKING_HOURS, Limit
from workdays.queries import current_calendar

DAY = Limit.parse("1wd")
SHARE = 0.6  # of the lead unit's remaining time, for a co-organiser
HOUR = timedelta(hours=1)


@dataclass
class Turn:
    """What a step does to the clocks beyond the table. limits: of clocks whose length was chosen with the step; units:
    whose clocks are met, of those that each unit has; restart: clocks that begin anew; dropped: units no longer asked.
    """

    limits: Mapping[str, Limit] = field(default_factory=dict)
    units: frozenset[int] = frozenset()
    restart: frozenset[str] = frozenset()
    dropped: frozenset[int] = frozenset()


def starting(petition: Petition, on: set[str], running: set[str], now: datetime, turn: Turn) -> list[Deadline]:
    """The clocks that begin on these (the stage entered, the step taken); one that runs already keeps its date."""
    calendar = current_calendar()
    names = [
        name for name, clock in CLOCKS.items()
        if not clock.each_unit and on & clock.starts and petition.stage in clock.runs and name not in running
    ]  # fmt: skip
    return [row for name in names if (row := started(petition, name, now, calendar, turn.limits.get(name)))]


def started(
    petition: Petition, clock: str, now: datetime, calendar: Calendar, limit: Limit | None = None, unit_id=None
) -> Deadline | None:
    """A new row for that clock, or none where the service standard sets no limit for it."""
    standard, of_unit = petition.standard, CLOCKS[clock].owed_by in (LEAD, LEAD_HEAD)
    limit = limit or standard.limit(clock, petition.rework_count)
    if limit is None:
        return None
    row = Deadline(
        petition=petition, clock=clock, cycle=petition.rework_count, standard=standard, limit=str(limit),
        unit_id=unit_id or (petition.lead_id if of_unit else None), started_at=now, counts_from=now,
    )  # fmt: skip
    if standard.from_filing and clock in ("accept", "feedback") and not petition.rework_count:
        count_from_filing(row, petition, now, calendar)
    place(row, calendar.due(row.counts_from, Limit.parse(row.limit)), calendar)
    return row


def count_from_filing(row: Deadline, petition: Petition, now: datetime, calendar: Calendar) -> None:
    """The petitioner's date counts from filing; a unit that got the ticket late has a working day all the same."""
    if calendar.due(petition.filed_at, Limit.parse(row.limit)).at >= calendar.due(now, DAY).at:
        row.started_at = row.counts_from = petition.filed_at
    else:
        row.limit = str(DAY)


def ask_units(petition: Petition, units: dict[int, Limit | None], now: datetime) -> list[dict]:
    """Start a co-organiser's clock for each unit: its share of the lead's time, unless a limit is given. Asked again, a
    unit begins anew."""
    calendar = current_calendar()
    again = list(petition.deadlines.running().filter(clock="co_organise", unit__in=units).select_related("unit"))
    for row in again:
        row.cancelled_at, row.next_event_at, row.paused_at = now, None, None
    Deadline.objects.bulk_update(again, ["cancelled_at", "next_event_at", "paused_at"])
    share = co_organising_time(petition, now, calendar)
    rows = [started(petition, "co_organise", now, calendar, limit or share, unit) for unit, limit in units.items()]
    Deadline.objects.bulk_create(rows)
    return [line_of(row, "ended") for row in again] + [line_of(row, "started") for row in rows]


def co_organising_time(petition: Petition, now: datetime, calendar: Calendar) -> Limit:
    running = petition.deadlines.running().filter(clock__in=("feedback", "close", "milestone"), paused_at=None)
    lead = running.order_by("due_at").first()
    elapsed = lead is not None and Limit.parse(lead.limit).elapsed
    return share_until(lead.due_at if lead else None, petition.standard, now, calendar, elapsed)


def share_until(
    ahead: datetime | None, standard: ServiceStandard, now: datetime, calendar: Calendar, elapsed: bool = False
) -> Limit:
    """A co-organiser's part of the time until the lead's next clock is due: 60 %, no more than the standard says. A
    lead that is late itself leaves one working day; a lead with no clock, all that the standard gives.
    """
    most = standard.limit("co_organise")
    if ahead is None:
        return most or DAY
    left = ahead - now if elapsed else calendar.working_hours_between(now, ahead)
    hours = Limit(max(1, int(left * SHARE / HOUR)), HOURS if elapsed else WORKING_HOURS)
    share = hours if ahead > now else DAY
    return share if most is None or calendar.due(now, share).at < calendar.due(now, most).at else most
