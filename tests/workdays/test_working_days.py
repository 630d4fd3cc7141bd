"""Limits in working days, hours, calendar days and months, in years whose schedule is known."""

from datetime import UTC, date, datetime

import pytest

from tests.workdays.moments import CALENDAR, at, due, hours
from workdays.calendar import SHANGHAI, Calendar, Day
from workdays.limits import Limit

PROMISES = """
2023-01-20  2023-01-28 2023-01-30 2023-02-01
2023-06-21  2023-06-25 2023-06-27 2023-06-29
2023-09-28  2023-10-07 2023-10-09 2023-10-11
2023-12-29  2024-01-02 2024-01-04 2024-01-08
2024-02-09  2024-02-18 2024-02-20 2024-02-22
2025-01-27  2025-02-05 2025-02-07 2025-02-10
2026-01-03  2026-01-04 2026-01-06 2026-01-08
2026-02-13  2026-02-14 2026-02-25 2026-02-27
2026-09-30  2026-10-08 2026-10-10 2026-10-13
"""

SINGLE = """
2026-06-08T10:00 1wd 2026-06-09T18:00
2026-06-12T17:59:59 1wd 2026-06-15T18:00
2026-06-12T23:59 1wd 2026-06-15T18:00
2026-06-13T07:30 1wd 2026-06-15T18:00
2026-06-08T07:30 1wd 2026-06-09T18:00
2026-02-13T16:00 1wd 2026-02-14T18:00
2026-02-13T16:00 3wd 2026-02-25T18:00
2026-02-14T17:00 1wd 2026-02-24T18:00
2026-02-14T17:00 5wd 2026-02-28T18:00
2026-02-14T17:00 2wh 2026-02-24T10:00
2026-02-17T12:00 1wd 2026-02-24T18:00
2026-04-30T10:00 1wd 2026-05-06T18:00
2026-04-30T10:00 3wd 2026-05-08T18:00
2026-05-08T17:30 1wd 2026-05-09T18:00
2026-05-08T17:30 1wh 2026-05-09T09:30
2026-09-30T09:00 5wd 2026-10-13T18:00
2026-10-09T09:00 1wd 2026-10-10T18:00
2026-10-09T09:00 3wd 2026-10-13T18:00
2026-09-24T09:00 3wd 2026-09-30T18:00
2026-09-18T09:00 1wd 2026-09-20T18:00
2026-09-18T09:00 3wd 2026-09-22T18:00
2025-12-31T09:00 1wd 2026-01-04T18:00
2025-12-31T09:00 3wd 2026-01-06T18:00
2026-06-08T11:00 2wh 2026-06-08T15:00
2026-06-08T12:30 1wh 2026-06-08T15:00
2026-06-12T16:00 4wh 2026-06-15T11:00
2026-06-08T14:00 4wh 2026-06-08T18:00
2026-06-12T17:30 2wh 2026-06-15T10:30
2026-06-12T11:30 2wh 2026-06-12T15:30
2026-06-08T09:00 7wh 2026-06-08T18:00
2026-06-08T09:00 14wh 2026-06-09T18:00
2026-06-08T18:00 7wh 2026-06-09T18:00
2026-06-08T09:00 3wh 2026-06-08T12:00
2026-06-08T17:30 2h 2026-06-08T19:30
2026-06-08T23:30 60min 2026-06-09T00:30
2026-02-05T10:00 15d 2026-02-24T18:00
2026-06-08T10:00 7d 2026-06-15T18:00
2026-06-08T10:00 3mo 2026-09-08T18:00
2023-01-31T10:00 1mo 2023-02-28T18:00
2024-01-31T10:00 1mo 2024-02-29T18:00
2024-02-28T10:00 1wd 2024-02-29T18:00
2024-02-29T10:00 1wd 2024-03-01T18:00
2024-02-29T10:00 12mo 2025-02-28T18:00
2025-11-30T10:00 3mo 2026-02-28T18:00
2022-12-30T10:00 1wd 2023-01-03T18:00
2020-12-31T17:00 3wh 2021-01-04T11:00
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("start", "one", "three", "five"), rows(PROMISES))
def test_the_promised_1_3_and_5_days_end_when_the_process_page_says(start, one, three, five):
    found = [due(f"{start}T10:00", limit) for limit in ("1wd", "3wd", "5wd")]
    assert found == [at(f"{day}T18:00") for day in (one, three, five)]


@pytest.mark.parametrize(("start", "limit", "end"), rows(SINGLE))
def test_a_limit_ends_at_the_moment_counted_by_hand(start, limit, end):
    assert due(start, limit) == at(end)


def test_the_local_date_counts_whatever_zone_the_moment_is_given_in():
    friday_night_in_london = datetime(2026, 6, 12, 23, 30, tzinfo=UTC)
    sunday_night_in_london = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)
    one_day = Limit.parse("1wd")
    assert CALENDAR.due(friday_night_in_london, one_day).at == at("2026-06-15T18:00")
    assert CALENDAR.due(sunday_night_in_london, one_day).at == at("2026-06-09T18:00")


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="时区"):
        CALENDAR.due(datetime(2026, 6, 8, 10), Limit.parse("1wd"))  # noqa: DTZ001


def test_closing_time_itself_is_in_time_and_a_thousandth_later_is_late():
    end = due("2026-06-08T10:00", "1wd")
    assert not at("2026-06-09T18:00:00.000") > end
    assert at("2026-06-09T18:00:00.001") > end


def test_a_start_a_thousandth_after_closing_time_counts_from_the_same_day():
    assert due("2026-06-08T18:00:00.001", "1wd") == due("2026-06-08T18:00:00.000", "1wd") == at("2026-06-09T18:00")
    assert due("2026-06-08T17:59:59.999", "1wh") == at("2026-06-09T09:59:59.999")


def test_moments_of_the_summer_time_years_keep_their_wall_clock():
    start = at("1988-07-01T09:00")  # then nine hours ahead of UTC
    assert start.astimezone(UTC) == datetime(1988, 7, 1, 0, tzinfo=UTC)
    assert due("1988-07-01T09:00", "1wd") == at("1988-07-04T18:00")
    assert due("1988-07-01T17:00", "2wh") == at("1988-07-04T10:00")


def test_a_round_the_clock_limit_takes_the_time_that_really_passes():
    before_summer_time = at("1988-04-16T12:00")
    assert due("1988-04-16T12:00", "24h") == at("1988-04-17T13:00")
    assert due("1988-04-16T12:00", "24h").astimezone(UTC) - before_summer_time.astimezone(UTC) == hours(24)


def test_working_days_between_counts_the_last_date_and_not_the_first():
    assert CALENDAR.working_days_between(at("2026-02-13T10:00"), at("2026-02-25T09:00")) == 3
    assert CALENDAR.working_days_between(at("2026-02-25T09:00"), at("2026-02-13T10:00")) == -3
    assert CALENDAR.working_days_between(date(2025, 12, 31), date(2026, 1, 4)) == 1
    assert CALENDAR.working_days_between(date(2024, 1, 1), date(2026, 1, 1)) == 500 - 1


def test_working_hours_between_leaves_out_lunch_nights_and_days_off():
    assert CALENDAR.working_hours_between(at("2026-06-08T10:00"), at("2026-06-15T18:00")) == hours(41)
    assert CALENDAR.working_hours_between(at("2026-06-15T18:00"), at("2026-06-08T10:00")) == -hours(41)
    assert CALENDAR.working_hours_between(at("2026-02-14T17:00"), at("2026-02-24T10:00")) == hours(2)
    assert CALENDAR.working_hours_between(at("2026-06-13T08:00"), at("2026-06-14T20:00")) == hours(0)


def test_two_working_hours_before_due_is_the_last_moment_with_two_left():
    ends = ("2026-06-08T18:00", "2026-06-08T11:00", "2026-06-08T10:00", "2026-06-15T10:00", "2026-06-14T03:00")
    starts = ("2026-06-08T16:00", "2026-06-08T09:00", "2026-06-05T17:00", "2026-06-12T17:00", "2026-06-12T16:00")
    assert [CALENDAR.subtract_working_hours(at(end), hours(2)) for end in ends] == [at(start) for start in starts]


def test_the_next_working_morning_is_on_another_day():
    assert CALENDAR.next_working_morning(at("2026-02-13T07:00")) == at("2026-02-14T09:00")
    assert CALENDAR.next_working_morning(at("2026-02-14T20:00")) == at("2026-02-24T09:00")


def test_a_local_closure_moves_the_due_day_and_says_why():
    closed = Calendar((Day(date(2026, 6, 12), False, "台风", "市三防指挥部"),))
    assert due("2026-06-08T10:00", "5wd", closed) == at("2026-06-16T18:00")
    assert (closed.reason(date(2026, 6, 12)), closed.reason(date(2026, 6, 11))) == ("台风", "")


def test_a_closure_stands_over_the_notice_on_the_same_date():
    day = date(2026, 2, 14)
    assert not Calendar((Day(day, True, "春节"), Day(day, False, "台风"))).is_working(day)


def test_a_holiday_over_new_year_is_off_on_both_sides():
    days = tuple(Day(on, False, "元旦") for on in (date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1)))
    assert due("2025-12-29T10:00", "1wd", Calendar(days)) == at("2026-01-04T18:00")


def test_a_limit_beyond_the_last_year_a_date_can_have_is_refused():
    with pytest.raises(ValueError, match="日期范围"):
        CALENDAR.due(datetime(9999, 12, 30, tzinfo=SHANGHAI), Limit.parse("9999wd"))


def test_equal_calendars_are_one_key():
    one, other = (Calendar((Day(date(2026, 6, 12), False, "台风"),)) for _ in range(2))
    one.year(2026)
    assert (one == other, hash(one) == hash(other), {one: "kept"}[other]) == (True, True, "kept")
    assert one != Calendar()
