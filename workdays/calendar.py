"""When a limit ends: pure arithmetic on an immutable Calendar, which never reads the clock or the database.

Rules (process, "Working time"): the day of the start never counts; a limit in days ends at the end of a working day;
calendar days and months roll forward; working hours end at the close of a period, not at the next opening.
"""

import calendar as months
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from workdays.limits import DAYS, HOURS, MONTHS, WORKING_DAYS, WORKING_HOURS, Limit
from workdays.worktime import SHANGHAI, Day, WorkTime

__all__ = ["SHANGHAI", "Calendar", "Day", "Due"]

Pause = tuple[datetime, datetime]


class Due(NamedTuple):
    """The moment a limit ends; provisional where a year on the way has no published schedule yet."""

    at: datetime
    provisional: bool


class Calendar(WorkTime):
    """Working time, and what limits, pauses and warnings make of it."""

    def due(self, start: datetime, limit: Limit) -> Due:
        """When a limit that began at `start` ends. ValueError where that lies outside the years a date can have."""
        local = self._local(start)
        try:
            return self._due(local, limit)
        except (OverflowError, ValueError) as error:
            raise ValueError(_("结果超出可以计算的日期范围。")) from error

    def _due(self, start: datetime, limit: Limit) -> Due:
        if limit.elapsed:
            return Due(self._later(start, _elapsed(limit)), False)
        if limit.unit == WORKING_HOURS:
            return self._flagged(start.date(), self.add_working_hours(start, timedelta(hours=limit.n)))
        if limit.unit == WORKING_DAYS:
            return self._ends_on(start.date() + timedelta(days=1), self.add_working_days(start.date(), limit.n))
        last = _months_later(start.date(), limit.n) if limit.unit == MONTHS else start.date() + timedelta(days=limit.n)
        return self._ends_on(last, self.add_working_days(last, 0))

    def _flagged(self, first: date, at: datetime) -> Due:
        return Due(at, self.is_provisional(first, at.date()))

    def _ends_on(self, first: date, last: date) -> Due:
        return self._flagged(first, self.day_end(last))

    def _later(self, start: datetime, amount: timedelta) -> datetime:
        """Round the clock, so through UTC: a change of the zone's offset takes nothing away."""
        return (start.astimezone(UTC) + amount).astimezone(self.zone)

    def resume(self, due_at: datetime, suspended: datetime, resumed: datetime, limit: Limit) -> Due:
        """The due moment of a limit paused from `suspended` to `resumed`.

        1. Paused only once it was due, or (limits in days) resumed on the day it was paused: unchanged.
        2. Working days: what is left are the working days strictly after the pause's date up to due; the new due is
           that many strictly after the date of resumption. With none left it is the day of resumption itself, or the
           next working day when that day is off or already over.
        3. Calendar days and months: the same with calendar days, then forward to a working day.
        4. Hours: the working (or, round the clock, elapsed) time paused is given back.
        """
        due_at, suspended, resumed = self._local(due_at), self._local(suspended), self._local(resumed)
        if resumed < suspended:
            raise ValueError(_("恢复时间早于挂起时间。"))
        first, last = suspended.date(), resumed.date()
        if suspended >= due_at:
            return self._flagged(first, due_at)
        if limit.elapsed:
            return Due(self._later(due_at, resumed.astimezone(UTC) - suspended.astimezone(UTC)), False)
        if limit.unit == WORKING_HOURS:
            paused = self.working_hours_between(suspended, resumed)
            return self._flagged(first, self.add_working_hours(due_at, paused) if paused else due_at)
        if first == last:
            return self._flagged(first, due_at)
        return self._ends_on(first, self._resumed_on(due_at.date(), first, resumed, limit))

    def _resumed_on(self, due: date, first: date, resumed: datetime, limit: Limit) -> date:
        counted = limit.unit == WORKING_DAYS
        left = self.working_days_between(first, due) if counted else (due - first).days
        if not left:
            over = resumed >= self.day_end(resumed.date())
            return self.add_working_days(resumed.date(), 1 if over else 0)
        if counted:
            return self.add_working_days(resumed.date(), left)
        return self.add_working_days(resumed.date() + timedelta(days=left), 0)

    def replay(self, start: datetime, limit: Limit, pauses: Iterable[Pause] = ()) -> Due:
        """The due moment from the start and every finished pause; overlapping pauses count once."""
        due = self.due(start, limit)
        for suspended, resumed in _union(pauses):
            resumed_due = self.resume(due.at, suspended, resumed, limit)
            due = Due(resumed_due.at, due.provisional or resumed_due.provisional)
        return due

    def warn_at(self, start: datetime, due: datetime, limit: Limit) -> datetime:
        """When the light turns yellow.

        Three working days and more: at the end of the working day before the due day, when one is left. Other working
        limits: when a fifth of the working time from start to due is left (no more than the limit itself can hold, so
        that pauses do not widen it). Round the clock: a fifth of the limit before due. Calendar days and months: a
        fifth of that time before due, moved into working time.
        """
        due = self._local(due)
        if limit.elapsed:
            return self._later(due, -_elapsed(limit) / 5)
        if limit.unit == WORKING_DAYS and limit.n >= 3:
            return self.day_end(self.add_working_days(due.date(), -1))
        if limit.unit in (WORKING_DAYS, WORKING_HOURS):
            most = self.hours.length * (limit.n + 1) if limit.unit == WORKING_DAYS else timedelta(hours=limit.n)
            fifth = min(self.working_hours_between(start, due), most) / 5
            return self.subtract_working_hours(due, fifth) if fifth > timedelta() else due
        days = limit.n if limit.unit == DAYS else (due.date() - _months_later(due.date(), -limit.n)).days
        point = self._later(due, -timedelta(days=days) / 5)
        return min(self._next_working_moment(point), due)


def _elapsed(limit: Limit) -> timedelta:
    return timedelta(hours=limit.n) if limit.unit == HOURS else timedelta(minutes=limit.n)


def _months_later(day: date, n: int) -> date:
    """The same day n months on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _union(pauses: Iterable[Pause]) -> list[Pause]:
    merged: list[Pause] = []
    for suspended, resumed in sorted(pauses):
        if merged and suspended <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], resumed))
        else:
            merged.append((suspended, resumed))
    return merged
