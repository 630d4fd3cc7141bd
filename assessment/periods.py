"""The span of days a figure speaks of, its name in words, and how a trend over it is cut."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from directory.parties import Words
from visits.duties import quarter_of, week_of

DAY = timedelta(days=1)
LONGEST = timedelta(days=366 * 30)
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
YEARS_BACK = 3


class Period(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return midnight(self.last + DAY)

    @property
    def grain(self) -> str:
        """What one column of a trend stands for: about six to thirty of them."""
        days = (self.last - self.first).days + 1
        steps = ((31, "day"), (100, "week"), (366 * 2, "month"))
        return next((grain for most, grain in steps if days <= most), "year")

    def pieces(self) -> Iterator["Period"]:
        """The period cut into its grains; the first and the last may be cut short."""
        first = self.first
        while first <= self.last:
            last = min(_last_of(self.grain, first), self.last)
            yield Period(first, last)
            first = last + DAY


def midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _last_of(grain: str, day: date) -> date:
    """The last day of the day's own day, week, month or year."""
    if grain == "day":
        return day
    if grain == "week":
        return week_of(day).last
    if grain == "year":
        return date(day.year, 12, 31)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1) - DAY


def named(today: date) -> dict[str, tuple[Words, Period]]:
    """The periods offered by name: key, words, days."""
    year = today.year
    current: dict[str, tuple[Words, Period]] = {
        "week": (_("本周"), Period(*week_of(today))),
        "month": (_("本月"), Period(today.replace(day=1), _last_of("month", today))),
        "quarter": (_("本季度"), Period(*quarter_of(today))),
        "year": (_("今年"), whole_year(year)),
    }
    before = (year - back for back in range(1, YEARS_BACK + 1))
    return current | {str(one): (str(one), whole_year(one)) for one in before}


def whole_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))
