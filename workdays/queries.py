"""The calendar the tables describe, kept in the process and renewed when they change."""

import time
from collections.abc import Mapping
from importlib.metadata import version as installed
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

from workdays.calendar import Calendar, Day
from workdays.hours import Hours

RECHECK_SECONDS = 5
ROWS = """concat_ws(' ',
    (SELECT concat_ws(' ', count(*), sum(extract(epoch FROM updated_at))) FROM workdays_dayexception),
    (SELECT concat_ws(' ', count(*), sum(extract(epoch FROM updated_at))) FROM workdays_year))"""
SCHEDULES = ("chinesecalendar", "holidays")  # packages that carry published years


class ChangingQuerySet(models.QuerySet):
    """Rows the calendar is built from: whatever changes them makes this process forget its calendar."""

    def update(self, **values):
        changed = super().update(**values)
        forget_calendar()
        return changed

    def delete(self):
        deleted = super().delete()
        forget_calendar()
        return deleted

    def bulk_create(self, objs, *args, **options):
        created = super().bulk_create(objs, *args, **options)
        forget_calendar()
        return created


class _Kept(NamedTuple):
    calendar: Calendar
    version: str
    checked: float  # monotonic seconds


_kept: dict[str, _Kept] = {}


def current_calendar() -> Calendar:
    """The office's calendar now.

    Kept in the process. Another process's change is seen within `recheck_seconds` (settings.WORKDAYS, 5 by default; one
    small query each time); a change of this process at once. Inside a transaction that itself changed the tables
    nothing is kept, so that a rollback leaves no trace.
    """
    if _changed_in_this_transaction():
        return _load()
    kept, now = _kept.get("calendar"), time.monotonic()
    config: Mapping[str, Any] = settings.WORKDAYS
    if kept and now - kept.checked < config.get("recheck_seconds", RECHECK_SECONDS):
        return kept.calendar
    version = _rows_version()
    calendar = kept.calendar if kept and kept.version == version else _load()
    _kept["calendar"] = _Kept(calendar, version, now)
    return calendar


def fresh_calendar() -> Calendar:
    """The same, read anew whatever is kept."""
    _forget()
    return current_calendar()


def calendar_version(rows: str = "") -> str:
    """Differs whenever due moments might: rows changed, other hours configured, other schedules installed.

    rows: what a query annotated with `rows_version()` said of the rows; without it they are asked (one query).
    """
    schedules = " ".join(installed(package) for package in SCHEDULES)
    return f"{rows or _rows_version()}; {settings.WORKDAYS['hours']} {settings.WORKDAYS['day_end']}; {schedules}"


def rows_version() -> RawSQL:
    """The state of the calendar's rows, as an expression for another query."""
    return RawSQL(ROWS, (), output_field=models.TextField())


def bare_calendar() -> Calendar:
    """The configured hours and the published schedules alone, without the office's tables."""
    return Calendar(hours=Hours.configured(settings.WORKDAYS))


def forget_calendar() -> None:
    """Drop what is kept, now and again once the running transaction is committed."""
    _forget()
    transaction.on_commit(_forget)


def _forget() -> None:
    _kept.clear()


def _changed_in_this_transaction() -> bool:
    return any(entry[1] is _forget for entry in connection.run_on_commit)


def _rows_version() -> str:
    """Differs whenever a row was added, changed or removed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ROWS}")
        return cursor.fetchone()[0]


def _load() -> Calendar:
    """A closure stands behind the notice's word on the same date, and so wins."""
    days, years = (apps.get_model("workdays", name) for name in ("DayException", "Year"))
    exceptions = days.objects.order_by("date", "-source").values_list("date", "working", "reason", "authority")
    return Calendar(
        exceptions=tuple(Day(*row) for row in exceptions),
        noticed=frozenset(years.objects.filter(known=True).values_list("year", flat=True)),
        hours=Hours.configured(settings.WORKDAYS),
    )
