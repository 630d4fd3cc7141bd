"""The hours of one working day: how much of it lies before a moment, and which moment a given amount reaches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Period = tuple[time, time]


def since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


@dataclass(frozen=True)
class Hours:
    """Working periods of a day in order, and the time of day at which a limit in days ends."""

    periods: tuple[Period, ...] = ((time(9), time(12)), (time(14), time(18)))
    day_end: time = time(18)

    def __post_init__(self) -> None:
        edges = [edge for period in self.periods for edge in period]
        if not edges or any(a >= b for a, b in self.periods) or edges != sorted(edges):
            raise ImproperlyConfigured("WORKDAYS: the working periods must be non-empty, in order and apart.")

    @classmethod
    def configured(cls, config: Mapping[str, Any]) -> "Hours":
        """From settings.WORKDAYS: {"hours": [("09:00", "12:00"), …], "day_end": "18:00"}."""
        try:
            return cls(_periods(config["hours"]), time.fromisoformat(config["day_end"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ImproperlyConfigured(f"WORKDAYS is not understood: {error}") from error

    @cached_property
    def _spans(self) -> tuple[tuple[timedelta, timedelta], ...]:
        return tuple((since_midnight(a), since_midnight(b)) for a, b in self.periods)

    @cached_property
    def length(self) -> timedelta:
        """Working time of a whole working day."""
        return sum((b - a for a, b in self._spans), timedelta())

    @property
    def opening(self) -> time:
        return self.periods[0][0]

    def worked(self, at: time) -> timedelta:
        """Working time of a working day that lies before `at`."""
        clock = since_midnight(at)
        return sum((min(clock, b) - a for a, b in self._spans if clock > a), timedelta())

    def earliest(self, amount: timedelta) -> timedelta:
        """The first time of day (since midnight) by which `amount` was worked: a period's end, not the next start."""
        for a, b in self._spans:
            if amount <= b - a:
                return a + amount
            amount -= b - a
        raise ValueError("more than a working day")

    def latest(self, amount: timedelta) -> timedelta:
        """The last time of day (since midnight) by which only `amount` was worked: a start, not the end before."""
        for a, b in self._spans:
            if amount < b - a:
                return a + amount
            amount -= b - a
        raise ValueError("a whole working day or more")


def _periods(pairs: Iterable[tuple[str, str]]) -> tuple[Period, ...]:
    return tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in pairs)
