"""Which days and hours are worked, as a value to count with. It never reads the clock or the database."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from workdays.hours import Hours
from workdays.sources import YearDays, year_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
ORDINARY = Hours()


class Day(NamedTuple):
    """An exception: this day is worked, or not, whatever the week says; why, and on whose authority."""

    on: date
    working: bool
    reason: str = ""
    authority: str = ""


@dataclass(frozen=True)
class WorkTime:
    """Counting in working days and hours. Of exceptions to the same date the last one counts.

    `noticed`: years whose notice is among the exceptions.
    """

    exceptions: tuple[Day, ...] = ()
    noticed: frozenset[int] = frozenset()
    hours: Hours = ORDINARY
    zone: ZoneInfo = SHANGHAI
    _years: dict[int, YearDays] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.exceptions, self.noticed, self.hours, self.zone.key))

    @cached_property
    def _by_date(self) -> dict[date, Day]:
        return {day.on: day for day in self.exceptions}

    # --- days ---------------------------------------------------------------------------------------------------

    def year(self, year: int) -> YearDays:
        """The working days of a year, exceptions applied."""
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._build(year)
        return found

    def _build(self, year: int) -> YearDays:
        base = year_days(year, year in self.noticed)
        changed = {day.on.toordinal(): day.working for day in self._by_date.values() if day.on.year == year}
        kept = {day for day in base.ordinals if day not in changed}
        return YearDays(tuple(sorted(kept | {day for day, working in changed.items() if working})), base.provisional)

    def local(self, moment: datetime | date) -> date:
        """The local date of an aware moment; a date is taken as it is."""
        return self._local(moment).date() if isinstance(moment, datetime) else moment

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError(_("时间缺少时区。"))
        return moment.astimezone(self.zone)

    def is_working(self, day: date) -> bool:
        ordinals, number = self.year(day.year).ordinals, day.toordinal()
        at = bisect_left(ordinals, number)
        return at < len(ordinals) and ordinals[at] == number

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a year between the two dates has no published schedule."""
        return any(self.year(year).provisional for year in range(first.year, last.year + 1))

    def reason(self, day: date) -> str:
        """What the office noted for that day; empty where nothing was."""
        found = self._by_date.get(day)
        return found.reason if found else ""

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day strictly after `day` (before it for negative n); n = 0 rolls forward to one."""
        year, number = day.year, day.toordinal()
        ordinals = self.year(year).ordinals
        at = bisect_left(ordinals, number) + n if n <= 0 else bisect_right(ordinals, number) + n - 1
        while at >= len(ordinals):
            at -= len(ordinals)
            year += 1
            ordinals = self.year(year).ordinals
        while at < 0:
            year -= 1
            ordinals = self.year(year).ordinals
            at += len(ordinals)
        return date.fromordinal(ordinals[at])

    def working_days_between(self, a: datetime | date, b: datetime | date) -> int:
        """Working days strictly after a's local date, up to and with b's; negative where b lies before a."""
        first, last = self.local(a), self.local(b)
        whole = sum(len(self.year(year).ordinals) for year in range(first.year, last.year))
        back = sum(len(self.year(year).ordinals) for year in range(last.year, first.year))
        return whole - back + self._rank(last) - self._rank(first)

    def _rank(self, day: date) -> int:
        return bisect_right(self.year(day.year).ordinals, day.toordinal())

    def day_end(self, day: date) -> datetime:
        """The moment at which a limit in days ends on that day."""
        return datetime.combine(day, self.hours.day_end, self.zone)

    def day_start(self, day: date) -> datetime:
        """The opening hour of that day."""
        return datetime.combine(day, self.hours.opening, self.zone)

    def next_working_morning(self, after: datetime) -> datetime:
        """The opening of the next working day strictly after the local date of `after`."""
        return self.day_start(self.add_working_days(self.local(after), 1))

    # --- hours --------------------------------------------------------------------------------------------------

    def _worked(self, local: datetime) -> timedelta:
        return self.hours.worked(local.time()) if self.is_working(local.date()) else timedelta()

    def _at(self, day: date, clock: timedelta) -> datetime:
        return datetime.combine(day, time(), self.zone) + clock

    def working_hours_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from a to b; negative where b lies before a."""
        a, b = self._local(a), self._local(b)
        return self._days_before(a.date(), b.date()) * self.hours.length + self._worked(b) - self._worked(a)

    def _days_before(self, a: date, b: date) -> int:
        """Working days from a (included) to b (excluded)."""
        return self.working_days_between(a, b) + self.is_working(a) - self.is_working(b)

    def add_working_hours(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment by which `amount` of working time has passed; zero: the next working moment."""
        local, length = self._local(start), self.hours.length
        if not amount:
            return self._next_working_moment(local)
        day, target = local.date(), self._worked(local) + amount
        if self.is_working(day) and target <= length:
            return self._at(day, self.hours.earliest(target))
        target -= length if self.is_working(day) else timedelta()
        days = -(-target // length)
        return self._at(self.add_working_days(day, days), self.hours.earliest(target - (days - 1) * length))

    def _next_working_moment(self, local: datetime) -> datetime:
        day, worked = local.date(), self._worked(local)
        if not self.is_working(day) or worked >= self.hours.length:
            return self._at(self.add_working_days(day, 1), self.hours.latest(timedelta()))
        return max(local, self._at(day, self.hours.latest(worked)))

    def subtract_working_hours(self, end: datetime, amount: timedelta) -> datetime:
        """The last moment with `amount` (more than zero) of working time left before `end`."""
        local, length = self._local(end), self.hours.length
        left = self._worked(local) - amount
        if left >= timedelta() and self.is_working(local.date()):
            return self._at(local.date(), self.hours.latest(left))
        days = -(left // length)
        return self._at(self.add_working_days(local.date(), -days), self.hours.latest(left + days * length))
