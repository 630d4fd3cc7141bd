"""Starting, meeting, pausing, moving and ending the clocks of `process.CLOCKS`, and when each has something to tell.

What a step did to each clock comes back as a line of its event: {"clock", "did", "due", "old", "unit"}.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from petitions.models import Adjustment, Deadline, Petition
from petitions.process import CLOCKS, LEAD, LEAD_HEAD, STEPS, Clock
from workdays.calendar import Calendar, Due
from workdays.limits import Limit
from workdays.queries import current_calendar

SOON = timedelta(hours=2)  # of working time before it is due
DAY = Limit.parse("1wd")
SHARE = 0.6  # of the lead unit's remaining time, for a co-organiser
KEEPS = 2  # working days of feedback that a new lead unit must have left, else it gets one more
LEVELS = ("due_at", "provisional", "warn_at", "level", "due_version", "next_event_at")
STATE = ("met_at", "on_time", "cancelled_at", "paused_at", "limit", "counts_from", "extensions", "unit", *LEVELS)
Level = Deadline.Level
Why = Adjustment.Why


@dataclass
class Turn:
    """What a step does to the clocks beyond the table. limits: of clocks whose length was chosen with the step; units:
    whose clocks are met, of those that each unit has; restart: clocks that begin anew; dropped: units no longer asked.
    """

    limits: Mapping[str, Limit] = field(default_factory=dict)
    units: frozenset[int] = frozenset()
    restart: frozenset[str] = frozenset()
    dropped: frozenset[int] = frozenset()


def advance(petition: Petition, step: str, entered: bool, now: datetime, turn: Turn | None = None) -> list[dict]:
    """Let the step meet, pause, resume, end and start clocks, and keep the most urgent one on the petition (not saved
    here). entered: the step led into `petition.stage`, rather than staying there.
    """
    turn, calendar = turn or Turn(), current_calendar()
    rows = list(petition.deadlines.running().select_related("unit").select_for_update(of=("self",)).order_by("id"))
    said = [line for row in rows if (line := turned(row, petition.stage, step, now, turn, calendar))]
    Deadline.objects.bulk_update(rows, STATE)
    rows = [row for row in rows if not (row.met_at or row.cancelled_at)]
    starts = {petition.stage} if entered and not STEPS[step].back else set()
    begun = starting(petition, starts | {step}, {row.clock for row in rows}, now, turn)
    Deadline.objects.bulk_create(begun)
    most_urgent(petition, [*rows, *begun])
    return said + [line_of(row, "started") for row in begun]


def turned(row: Deadline, stage: str, step: str, now: datetime, turn: Turn, calendar: Calendar) -> dict | None:
    """What this step does to a clock that runs already; None where it leaves it alone."""
    clock, old = CLOCKS[row.clock], row.due_at
    if step in clock.met and (not clock.each_unit or row.unit_id in turn.units):
        meet(row, now)
        return line_of(row, "met" if row.on_time else "late")
    if stage not in clock.runs | clock.pauses or row.clock in turn.restart or dropped(row, clock, turn):
        row.cancelled_at, row.next_event_at, row.paused_at = now, None, None
        return line_of(row, "ended")
    if stage in clock.pauses and row.paused_at is None:
        row.paused_at, row.next_event_at = now, None
        return line_of(row, "paused")
    if stage in clock.runs and row.paused_at:
        resume(row, now, calendar)
        return line_of(row, "resumed", old)
    return None


def dropped(row: Deadline, clock: Clock, turn: Turn) -> bool:
    return clock.each_unit and row.unit_id in turn.dropped


def line_of(row: Deadline, did: str, old: datetime | None = None) -> dict:
    line = {"clock": row.clock, "did": did, "due": row.due_at.isoformat()}
    if CLOCKS[row.clock].each_unit and row.unit:
        line["unit"] = row.unit.code
    return line | {"old": old.isoformat()} if old and old != row.due_at else line


def most_urgent(petition: Petition, running: list[Deadline]) -> None:
    """Keep on the petition what queues sort and colour by: of the clocks that really run, the next one due."""
    first = min((row for row in running if not row.paused_at), key=lambda row: row.due_at, default=None)
    petition.due_clock, petition.due_at, petition.warn_at = (
        (first.clock, first.due_at, first.warn_at) if first else ("", None, None)
    )


def meet(deadline: Deadline, now: datetime) -> None:
    """In time is decided here, once: met at the very moment it is due is in time."""
    deadline.met_at, deadline.on_time, deadline.next_event_at = now, now <= deadline.due_at, None


# --- Beginning ------------------------------------------------------------------------------------------------------


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
    since_filing = standard.from_filing and of_unit and clock in ("accept", "feedback") and not petition.rework_count
    start = petition.filed_at if since_filing else now
    row = Deadline(
        petition=petition, clock=clock, cycle=petition.rework_count, standard=standard, limit=str(limit),
        unit_id=unit_id or (petition.lead_id if of_unit else None), started_at=start, counts_from=start,
    )  # fmt: skip
    place(row, calendar.due(start, limit), calendar)
    return row


def place(row: Deadline, due: Due, calendar: Calendar) -> None:
    """Set when it is due and when it has something to tell first."""
    row.due_at, row.provisional = due.at, due.provisional
    row.warn_at = calendar.warn_at(row.counts_from, due.at, Limit.parse(row.limit))
    row.next_event_at = None if row.paused_at else next_event_at(row, calendar)


def ask_units(petition: Petition, units: dict[int, Limit | None], now: datetime) -> list[dict]:
    """Start a co-organiser's clock for each unit: 60 % of the lead's remaining time, at most what the standard says,
    unless a limit is given. Asked again, a unit begins anew."""
    calendar = current_calendar()
    again = petition.deadlines.running().filter(clock="co_organise", unit__in=units)
    again.update(cancelled_at=now, next_event_at=None, paused_at=None)
    share = co_organising_time(petition, now, calendar)
    rows = [started(petition, "co_organise", now, calendar, limit or share, unit) for unit, limit in units.items()]
    Deadline.objects.bulk_create(rows)
    return [line_of(row, "started") for row in rows]


def co_organising_time(petition: Petition, now: datetime, calendar: Calendar) -> Limit:
    most = petition.standard.limit("co_organise")
    ahead = petition.deadlines.running().filter(clock__in=("feedback", "close"), paused_at=None).order_by("due_at")
    lead = ahead.first()
    left = calendar.working_hours_between(now, lead.due_at) if lead and lead.due_at > now else timedelta()
    share = Limit(max(1, int(left * SHARE / timedelta(hours=1))), "wh")
    return share if calendar.due(now, share).at < calendar.due(now, most).at else most


# --- Moving ---------------------------------------------------------------------------------------------------------


def resume(row: Deadline, now: datetime, calendar: Calendar) -> None:
    """What was left when it paused begins to run again."""
    due = calendar.resume(row.due_at, row.paused_at, now, Limit.parse(row.limit))
    since, row.paused_at = row.paused_at, None
    move(row, due, Why.PAUSE, now, calendar, since=since)
    row.next_event_at = next_event_at(row, calendar)


def extend(row: Deadline, amount: Limit, now: datetime, why: str = Why.EXTENSION) -> dict:
    """So much longer; one that has run out, only where a new unit takes over, counted from now."""
    calendar, old = current_calendar(), row.due_at
    move(row, calendar.due(max(old, now) if why == Why.HAND_OVER else old, amount), why, now, calendar, str(amount))
    row.extensions += why == Why.EXTENSION
    row.save()
    return line_of(row, "moved", old)


def hand_over(petition: Petition, now: datetime) -> list[dict]:
    """Another unit takes the ticket: its running clocks become that unit's; feedback keeps its date, one working day
    later where fewer than two are left."""
    calendar, said = current_calendar(), []
    for row in petition.deadlines.running().filter(clock__in=("feedback", "close")):
        row.unit_id = petition.lead_id
        if row.clock == "feedback" and calendar.working_days_between(localdate(now), localdate(row.due_at)) < KEEPS:
            said.append(extend(row, DAY, now, Why.HAND_OVER))
        else:
            row.save(update_fields=["unit"])
    return said


def change_standard(petition: Petition, now: datetime) -> list[dict]:
    """The petition has another standard: a longer limit counts from the clock's start, a shorter one from now; no date
    comes earlier than that, and a clock that has run out keeps its date."""
    calendar, said = current_calendar(), []
    for row in petition.deadlines.running().filter(due_at__gt=now, clock__in=("accept", "feedback", "close")):
        limit, old = petition.standard.limit(row.clock, row.cycle), row.due_at
        if limit is None or str(limit) == row.limit:
            continue
        row.limit, row.standard = str(limit), petition.standard
        due = replayed(row, calendar)
        if due.at < old:
            due = calendar.due(now, limit)
            if due.at >= old:
                continue  # the shorter limit would end no sooner than the old one
            row.counts_from = now
        move(row, due, Why.STANDARD, now, calendar, str(limit))
        row.save()
        said.append(line_of(row, "moved", old))
    return said


def recompute(row: Deadline, now: datetime, calendar: Calendar) -> dict | None:
    """The calendar has changed: a closure only ever lengthens; a year that was provisional takes its real dates, though
    none before the end of the coming working day. None where the date holds."""
    due, old = replayed(row, calendar), row.due_at
    if due.at == old and due.provisional == row.provisional:
        return None
    if due.at < old:
        if not row.provisional:
            return None
        due = Due(max(due.at, calendar.due(now, DAY).at), due.provisional)
    move(row, due, Why.CALENDAR, now, calendar)
    return line_of(row, "moved", old) if due.at != old else None


def replayed(row: Deadline, calendar: Calendar) -> Due:
    """When it is due by this calendar: from where it counts, through everything that moved it since."""
    limit = Limit.parse(row.limit)
    due = calendar.due(row.counts_from, limit)
    for one in row.adjustments.all():
        if one.at < row.counts_from:
            continue
        if one.why == Why.PAUSE:
            moved = calendar.resume(due.at, one.since, one.at, limit)
        elif one.why == Why.EXTENSION:
            moved = calendar.due(due.at, Limit.parse(one.amount))
        elif one.why == Why.HAND_OVER:
            moved = calendar.due(max(due.at, one.at), Limit.parse(one.amount))
        else:
            continue
        due = Due(moved.at, due.provisional or moved.provisional)
    return due


def move(row: Deadline, due: Due, why: str, now: datetime, calendar: Calendar, amount="", since=None) -> None:
    """Set another due moment and keep why; what was told of the old one is told anew of the new (not saved here)."""
    if due.at != row.due_at or why == Why.PAUSE:
        Adjustment.objects.create(
            deadline=row, why=why, at=now, since=since, amount=amount, old_due_at=row.due_at, new_due_at=due.at
        )
    if due.at != row.due_at:
        row.level, row.due_version = Level.NONE, row.due_version + 1
    place(row, due, calendar)


# --- Telling --------------------------------------------------------------------------------------------------------


def next_event_at(deadline: Deadline, calendar: Calendar) -> datetime:
    """When the level above the told one is reached: yellow, two working hours before, due, then each working day. A
    clock that lapses by itself reminds once and then runs out."""
    early = [(Level.YELLOW, deadline.warn_at)]
    if not CLOCKS[deadline.clock].lapses:
        early.append((Level.SOON, soon_at(deadline, calendar)))
    for level, moment in early:
        if deadline.level < level and deadline.started_at < moment < deadline.due_at:
            return moment
    if deadline.level < Level.DUE:
        return deadline.due_at
    return overdue_morning(deadline, deadline.level - Level.DUE + 1, calendar)


def reached(deadline: Deadline, now: datetime, calendar: Calendar) -> tuple[int, datetime]:
    """The highest level reached by now and the moment it was really reached, however late the sweep comes."""
    if now < deadline.due_at:
        soon = soon_at(deadline, calendar)
        late = not CLOCKS[deadline.clock].lapses and deadline.started_at < soon <= now
        return (Level.SOON, soon) if late else (Level.YELLOW, deadline.warn_at)
    days = calendar.working_days_between(localdate(deadline.due_at), localdate(now))
    if days and now < overdue_morning(deadline, days, calendar):
        days -= 1
    return Level.DUE + days, overdue_morning(deadline, days, calendar) if days else deadline.due_at


def soon_at(deadline: Deadline, calendar: Calendar) -> datetime:
    return calendar.subtract_working_hours(deadline.due_at, SOON)


def overdue_morning(deadline: Deadline, days: int, calendar: Calendar) -> datetime:
    """The opening hour of the n-th working day after the due date."""
    return calendar.day_start(calendar.add_working_days(localdate(deadline.due_at), days))
