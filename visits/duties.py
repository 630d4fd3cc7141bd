"""The visit duty as rules: how many visits a week, which enterprises a quarter, what is late. Dates in, numbers out."""

from datetime import date, timedelta
from typing import NamedTuple

WEEK = timedelta(days=7)


class Span(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def quarter_of(day: date) -> Span:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    later = first + timedelta(days=93)  # a quarter has at most 92 days
    return Span(first, date(later.year, later.month, 1) - timedelta(days=1))
