"""Starting, meeting and ending the clocks of `process.CLOCKS`, and when each has something to tell."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from petitions.models import Deadline, Petition
from petitions.process import CLOCKS, LEAD, OPEN
from workdays.calendar import Calendar
from workdays.queries import current_calendar

SOON = timedelta(hours=2)  # of working time before it is due
Level = Deadline.Level


def advance(petition: Petition, step: str, entered: bool, now: datetime) -> None:
    """Let the step meet, end and start clocks, and keep the most urgent one on the petition (not saved here).

    entered: the step led into `petition.stage`, rather than staying there.
    """
    running = list(petition.deadlines.running().select_for_update())
    for deadline in running:
        if step in CLOCKS[deadline.clock].met:
            meet(deadline, now)
        elif petition.stage not in OPEN:
            deadline.cancelled_at, deadline.next_event_at = now, None
    ended = [one for one in running if one.met_at or one.cancelled_at]
    Deadline.objects.bulk_update(ended, ["met_at", "on_time", "cancelled_at", "next_event_at"])
    running = [one for one in running if one not in ended]
    if entered:
        started = starting(petition, {one.clock for one in running}, now)
        running += Deadline.objects.bulk_create(started)
    first = min(running, key=lambda one: one.due_at, default=None)
    petition.due_clock, petition.due_at, petition.warn_at = (
        (first.clock, first.due_at, first.warn_at) if first else ("", None, None)
    )


def meet(deadline: Deadline, now: datetime) -> None:
    """In time is decided here, once: met at the very moment it is due is in time."""
    deadline.met_at, deadline.on_time, deadline.next_event_at = now, now <= deadline.due_at, None


def starting(petition: Petition, running: set[str], now: datetime) -> list[Deadline]:
    """The clocks that begin as the petition enters its stage; one that runs already keeps its date."""
    calendar = current_calendar()
    clocks = [name for name, clock in CLOCKS.items() if petition.stage in clock.starts and name not in running]
    return [one for name in clocks if (one := started(petition, name, now, calendar))]


def started(petition: Petition, clock: str, now: datetime, calendar: Calendar) -> Deadline | None:
    """A new row for that clock, or none where the service standard sets no limit for it."""
    limit = petition.standard.limit(clock, petition.rework_count)
    if limit is None:
        return None
    due = calendar.due(now, limit)
    deadline = Deadline(
        petition=petition,
        clock=clock,
        cycle=petition.rework_count,
        unit_id=petition.lead_id if CLOCKS[clock].owed_by is LEAD else None,
        standard=petition.standard,
        limit=str(limit),
        started_at=now,
        due_at=due.at,
        provisional=due.provisional,
        warn_at=calendar.warn_at(now, due.at, limit),
    )
    deadline.next_event_at = next_event_at(deadline, calendar)
    return deadline


def next_event_at(deadline: Deadline, calendar: Calendar) -> datetime:
    """When the level above the told one is reached: yellow, two working hours before, due, then each working day."""
    early = ((Level.YELLOW, deadline.warn_at), (Level.SOON, soon_at(deadline, calendar)))
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
        return (Level.SOON, soon) if deadline.started_at < soon <= now else (Level.YELLOW, deadline.warn_at)
    days = calendar.working_days_between(localdate(deadline.due_at), localdate(now))
    if days and now < overdue_morning(deadline, days, calendar):
        days -= 1
    return Level.DUE + days, overdue_morning(deadline, days, calendar) if days else deadline.due_at


def soon_at(deadline: Deadline, calendar: Calendar) -> datetime:
    return calendar.subtract_working_hours(deadline.due_at, SOON)


def overdue_morning(deadline: Deadline, days: int, calendar: Calendar) -> datetime:
    """The opening hour of the n-th working day after the due date."""
    return calendar.day_start(calendar.add_working_days(localdate(deadline.due_at), days))
