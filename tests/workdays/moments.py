"""Short ways to write moments and sums in these tests."""

from datetime import datetime, timedelta

from workdays.calendar import SHANGHAI, Calendar
from workdays.limits import Limit

CALENDAR = Calendar()


def at(text: str) -> datetime:
    """A moment in local time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due(start: str, limit: str, calendar: Calendar = CALENDAR) -> datetime:
    return calendar.due(at(start), Limit.parse(limit)).at


def resumed(start: str, limit: str, *pauses: tuple[str, str], calendar: Calendar = CALENDAR) -> datetime:
    return calendar.replay(at(start), Limit.parse(limit), [(at(a), at(b)) for a, b in pauses]).at


def hours(n: float) -> timedelta:
    return timedelta(hours=n)
