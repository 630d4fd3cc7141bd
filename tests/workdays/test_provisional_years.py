"""Years whose schedule is not published: an expectation, marked as such, until the notice is loaded."""

from datetime import date

from tests.workdays.moments import CALENDAR, at
from workdays.calendar import Calendar, Day
from workdays.limits import Limit
from workdays.sources import published, year_days


def found(start: str, limit: str, calendar: Calendar = CALENDAR) -> tuple:
    return tuple(calendar.due(at(start), Limit.parse(limit)))


def test_the_published_years_are_read_from_the_library():
    assert [year for year in range(2000, 2031) if published(year)] == list(range(2004, 2027))


def test_a_limit_that_reaches_an_unpublished_year_is_provisional():
    assert found("2026-12-31T10:00", "1wd") == (at("2027-01-04T18:00"), True)
    assert found("2026-12-30T10:00", "1wd") == (at("2026-12-31T18:00"), False)
    assert found("2026-12-31T17:30", "1wh") == (at("2027-01-04T09:30"), True)
    assert found("2026-12-20T10:00", "1mo") == (at("2027-01-20T18:00"), True)
    assert found("2026-12-31T17:30", "24h") == (at("2027-01-01T17:30"), False)


def test_an_unpublished_year_is_not_a_plain_monday_to_friday():
    off = [date(2027, 1, 1), date(2027, 2, 8), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15), date(2027, 10, 1)]
    assert [CALENDAR.is_working(day) for day in off] == [False] * 6
    assert not CALENDAR.is_working(date(2027, 5, 8))


def test_years_no_library_reaches_keep_the_fixed_holidays():
    for year in (1949, 2101, 2500):
        days = Calendar().year(year)
        assert (days.provisional, date(year, 10, 1).toordinal() in days.ordinals) == (True, False)


def test_an_exception_alone_does_not_make_a_year_known():
    assert found("2027-03-01T10:00", "1wd", Calendar((Day(date(2027, 3, 2), False, "台风"),))) == (
        at("2027-03-03T18:00"),
        True,
    )


def test_the_loaded_notice_makes_it_known_and_moves_the_due_day():
    notice = (Day(date(2027, 1, 1), False, "元旦"), Day(date(2027, 1, 2), False), Day(date(2027, 1, 3), True, "元旦"))
    assert found("2026-12-31T10:00", "1wd", Calendar(notice, frozenset({2027}))) == (at("2027-01-03T18:00"), False)


def test_a_resumption_into_an_unpublished_year_is_provisional():
    due = CALENDAR.replay(
        at("2026-12-21T10:00"), Limit.parse("5wd"), [(at("2026-12-22T10:00"), at("2026-12-31T10:00"))]
    )
    assert due == (at("2027-01-07T18:00"), True)


def test_a_calendar_without_working_days_in_one_year_goes_on_to_the_next():
    every = year_days(2025).ordinals
    closed = Calendar(tuple(Day(date.fromordinal(day), False) for day in every))
    assert found("2024-12-31T10:00", "1wd", closed)[0] == at("2026-01-04T18:00")
    assert closed.add_working_days(date(2026, 1, 1), -1) == date(2024, 12, 31)
