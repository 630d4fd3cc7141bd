"""Which days of a year are worked, by the published schedules or, provisionally, by the law. Pure."""

from datetime import date
from functools import cache
from typing import NamedTuple

import chinese_calendar
import holidays

# Off by law on these dates (month, day) in every year, for years that no library reaches.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))


class YearDays(NamedTuple):
    """The working days of a year as sorted day ordinals, and whether they are only an expectation."""

    ordinals: tuple[int, ...]
    provisional: bool


@cache
def published(year: int) -> bool:
    """Whether the library carries the State Council's schedule of that year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@cache
def statutory_holidays(year: int, substitutes: bool = True) -> frozenset[date]:
    """Days off by law, with `substitutes` for weekends; the fixed dates alone where the library does not reach."""
    try:
        days = frozenset(holidays.country_holidays("CN", years=year, observed=substitutes))
    except (NotImplementedError, ValueError, OverflowError, KeyError):
        days = frozenset()
    return days or frozenset(date(year, month, day) for month, day in FIXED_HOLIDAYS)


@cache
def year_days(year: int, noticed: bool = False) -> YearDays:
    """The working days of `year`.

    `noticed`: the office loaded that year's notice, which is kept as exceptions to Monday to Friday. Otherwise the
    library's schedule, and failing that weekends and statutory holidays off, marked provisional.
    """
    every = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    weekdays = [day for day in every if (day - 1) % 7 < 5]
    if noticed:
        return YearDays(tuple(weekdays), False)
    if published(year):
        return YearDays(tuple(day for day in every if chinese_calendar.is_workday(date.fromordinal(day))), False)
    off = {day.toordinal() for day in statutory_holidays(year)}
    return YearDays(tuple(day for day in weekdays if day not in off), True)
