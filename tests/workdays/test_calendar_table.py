"""The tables and the calendar that is kept from them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.workdays.moments import at, due
from workdays.calendar import Calendar
from workdays.models import DayException, Source, Year
from workdays.queries import bare_calendar, current_calendar, forget_calendar
from workdays.sources import year_days

pytestmark = pytest.mark.django_db

TYPHOON = date(2026, 6, 12)


def close(on: date = TYPHOON, **fields) -> DayException:
    return DayException.objects.create(date=on, reason="台风", authority="市三防指挥部", **fields)


def test_without_rows_it_is_the_published_calendar():
    assert current_calendar() == bare_calendar() == Calendar()


def test_a_closure_counts_as_soon_as_it_is_saved_changed_or_taken_back():
    seen = [current_calendar().is_working(TYPHOON)]
    row = close()
    seen.append(current_calendar().is_working(TYPHOON))
    row.date = TYPHOON + timedelta(days=3)
    row.save()
    seen.append(current_calendar().is_working(TYPHOON))
    row.delete()
    seen.append(current_calendar().is_working(TYPHOON + timedelta(days=3)))
    assert seen == [True, False, True, True]


def test_changes_by_the_set_count_too():
    close()
    DayException.objects.filter(date=TYPHOON).update(date=TYPHOON + timedelta(days=3))
    moved = current_calendar().is_working(TYPHOON)
    DayException.objects.all().delete()
    assert (moved, current_calendar()) == (True, Calendar())


def test_a_rolled_back_closure_leaves_no_trace():
    before = current_calendar()
    with transaction.atomic():
        close()
        within = current_calendar().is_working(TYPHOON)
        transaction.set_rollback(True)
    assert (within, current_calendar()) == (False, before)


@pytest.mark.django_db(transaction=True)
def test_a_kept_calendar_costs_no_query_and_another_process_is_seen_by_one_small_one(settings):
    settings.WORKDAYS = settings.WORKDAYS | {"recheck_seconds": 3600}
    forget_calendar()
    current_calendar()
    with CaptureQueriesContext(connection) as kept:
        first = current_calendar()
    settings.WORKDAYS = settings.WORKDAYS | {"recheck_seconds": 0}
    with CaptureQueriesContext(connection) as rechecked:
        assert current_calendar() is first
    with connection.cursor() as cursor:  # as another process would
        cursor.execute(
            "INSERT INTO workdays_dayexception"
            " (date, working, reason, authority, source, created_by, created_at, updated_at)"
            " VALUES ('2026-06-12', false, '台风', '市三防指挥部', 'closure', '', now(), now())"
        )
    assert (len(kept), len(rechecked), current_calendar().is_working(TYPHOON)) == (0, 1, False)
    DayException.objects.all().delete()


def test_a_loaded_year_is_known():
    provisional = current_calendar().is_provisional(date(2027, 1, 1), date(2027, 1, 1))
    Year.objects.create(year=2027, notice="…", loaded_at=at("2026-11-05T10:00"))
    assert (provisional, current_calendar().year(2027).provisional) == (True, False)


def test_the_notices_word_returns_when_a_closure_over_it_is_taken_back():
    DayException.objects.create(
        date=date(2026, 6, 13), working=True, reason="端午", authority="通知", source=Source.NOTICE
    )
    closure = close(date(2026, 6, 13))
    closed = due("2026-06-12T10:00", "1wd", current_calendar())
    closure.delete()
    assert (closed, due("2026-06-12T10:00", "1wd", current_calendar())) == (
        at("2026-06-15T18:00"),
        at("2026-06-13T18:00"),
    )


def test_a_closure_may_not_make_anybody_work():
    with pytest.raises(ValidationError, match="只能把日期设为不上班"):
        close(date(2026, 6, 13), working=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        DayException.objects.bulk_create([DayException(date=TYPHOON, working=True, reason="x", authority="x")])


def test_a_date_is_closed_once():
    close()
    with pytest.raises(ValidationError, match="该日期已经登记"):
        close()


def test_a_closure_needs_its_reason_and_authority():
    with pytest.raises(ValidationError) as refused:
        DayException.objects.create(date=TYPHOON)
    assert sorted(refused.value.message_dict) == ["authority", "reason"]


def test_the_last_working_day_of_a_year_cannot_be_closed():
    *rest, last = (date.fromordinal(day) for day in year_days(2026).ordinals)
    DayException.objects.bulk_create([DayException(date=day, reason="x", authority="x") for day in rest])
    with pytest.raises(ValidationError, match="2026 年将没有任何工作日"):
        close(last)
    assert current_calendar().year(2026).ordinals == (last.toordinal(),)
