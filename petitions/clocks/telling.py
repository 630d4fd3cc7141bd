"""When a clock has something to tell, and what an event says of it."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from petitions.models import Deadline
from petitions.process import CLOCKS
from workdays.calendar import Calendar, Due
from workdays.limits import Limit

SOON = timedelta(hours=2)  # of working time before it is due
Level = Deadline.Level


def place(row: Deadline, due: Due, calendar: Calendar) -> None:
    """Set when it is due and when it has something to tell first."""
    row.due_at, row.provisional = due.at, due.provisional
    row.warn_at = calendar.warn_at(row.counts_from, due.at, Limit.parse(row.limit))
    row.next_event_at = None if row.paused_at else next_event_at(row, calendar)


def next_event_at(deadline: Deadline, calendar: Calendar) -> datetime:
    """When a level above the told one is reached: yellow, two working hours before, due, then each working day."""
    ahead = [moment for level, moment in early(deadline, calendar) if level > deadline.level]
    if ahead:
        return min(ahead)
    if deadline.level < Level.DUE:
        return deadline.due_at
    return overdue_morning(deadline, deadline.level - Level.DUE + 1, calendar)


def early(deadline: Deadline, calendar: Calendar) -> list[tuple[int, datetime]]:
    """What is told before it is due, and when, unless it began later than that. A clock that lapses by itself reminds
    once. Of a clock of a few hours yellow may come after the two hours: then those stand for both."""
    levels = [(Level.YELLOW, deadline.warn_at)]
    if not CLOCKS[deadline.clock].lapses:
        levels.append((Level.SOON, calendar.subtract_working_hours(deadline.due_at, SOON)))
    return [(level, moment) for level, moment in levels if deadline.started_at < moment < deadline.due_at]


def reached(deadline: Deadline, now: datetime, calendar: Calendar) -> tuple[int, datetime] | None:
    """The highest level reached by now and when that really was, however late the sweep comes; None where that much
    has been told (a day that was counted as overdue may be closed afterwards)."""
    if now < deadline.due_at:
        passed = [(level, moment) for level, moment in early(deadline, calendar) if moment <= now]
        found = max(passed, default=(Level.NONE, now))
    else:
        found = overdue(deadline, now, calendar)
    return found if found[0] > deadline.level else None


def overdue(deadline: Deadline, now: datetime, calendar: Calendar) -> tuple[int, datetime]:
    days = calendar.working_days_between(localdate(deadline.due_at), localdate(now))
    if days and now < overdue_morning(deadline, days, calendar):
        days -= 1
    return Level.DUE + days, overdue_morning(deadline, days, calendar) if days else deadline.due_at


def overdue_morning(deadline: Deadline, days: int, calendar: Calendar) -> datetime:
    """The opening hour of the n-th working day after the due date."""
    return calendar.day_start(calendar.add_working_days(localdate(deadline.due_at), days))


def line_of(row: Deadline, did: str, old: datetime | None = None) -> dict:
    """What happened to a clock, as its event keeps it and `wording.clock_lines` says it."""
    line = {"clock": row.clock, "did": did, "due": row.due_at.isoformat()}
    if CLOCKS[row.clock].each_unit and row.unit:
        line["unit"] = row.unit.code
    return line | {"old": old.isoformat()} if old and old != row.due_at else line
