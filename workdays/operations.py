"""Changing the calendar: loading a notice as a whole."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from workdays.calendar import Calendar
from workdays.models import DayException, Source, Year, check_year
from workdays.notice import Notice, NoticeChanges
from workdays.worktime import Day

LOADING = 0x7761C0DE  # key of the lock that lets one load run at a time


def preview_notice(notice: Notice) -> NoticeChanges:
    """What `load_notice` would do now. ValidationError where the year would have no working day."""
    rows = DayException.objects.filter(Q(date__year=notice.year) | Q(date__in=[day.on for day in notice.days]))
    loaded = {row.date: _day(row) for row in rows.order_by("date") if row.source == Source.NOTICE}
    closures = tuple(_day(row) for row in rows.order_by("date") if row.source == Source.CLOSURE)
    check_year(Calendar(notice.days + closures, frozenset({notice.year})), notice.year)
    named = {day.on for day in notice.days}
    return NoticeChanges(
        added=tuple(day for day in notice.days if day.on not in loaded),
        changed=tuple(day for day in notice.days if day.on in loaded and day != loaded[day.on]),
        dropped=tuple(day for on, day in loaded.items() if on not in named and on.year == notice.year),
        kept=closures,
    )


@transaction.atomic
def load_notice(notice: Notice, by: str, now: datetime) -> NoticeChanges:
    """Make the notice the year's schedule: all of it or nothing. Loading it again changes nothing.

    Days of an earlier load that it no longer names go; local closures stay. The year is known from here on, so that
    provisional due moments can be computed anew (Year.loaded_at tells since when).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
    changes = preview_notice(notice)
    if Year.objects.filter(year=notice.year, known=True, notice=notice.text).exists() and not changes.moved:
        return changes
    gone = [day.on for day in changes.dropped + changes.changed]
    DayException.objects.filter(date__in=gone, source=Source.NOTICE).delete()
    DayException.objects.bulk_create([_row(day, by) for day in sorted(changes.added + changes.changed)])
    Year.objects.update_or_create(year=notice.year, defaults={"known": True, "notice": notice.text, "loaded_at": now})
    return changes


def _row(day: Day, by: str) -> DayException:
    return DayException(
        date=day.on,
        working=day.working,
        reason=day.reason,
        authority=day.authority,
        source=Source.NOTICE,
        created_by=by,
    )


def _day(row: DayException) -> Day:
    return Day(row.date, row.working, row.reason, row.authority)
