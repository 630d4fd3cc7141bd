"""What holds for every start, limit, pause and exception."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.workdays.moments import CALENDAR
from workdays.calendar import SHANGHAI, Calendar, Day
from workdays.limits import UNITS, Limit

# Leaves out the summer-time years, in whose one skipped hour a wall clock names no moment.
moments = st.datetimes(datetime(2003, 6, 1), datetime(2029, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
dates = st.dates(date(2003, 6, 1), date(2029, 12, 31))
counts = st.integers(1, 60)
limits = st.builds(Limit, counts, st.sampled_from(UNITS))
amounts = st.timedeltas(timedelta(microseconds=1), timedelta(hours=300))


@given(moments, limits)
def test_a_due_moment_is_working_time_unless_the_limit_runs_round_the_clock(start, limit):
    due = CALENDAR.due(start, limit).at
    assert due > start
    if not limit.elapsed:
        assert CALENDAR.is_working(due.date())
        assert CALENDAR.working_hours_between(due - timedelta(microseconds=1), due) > timedelta()


@given(moments, moments, limits)
def test_a_later_start_is_never_due_earlier(one, other, limit):
    early, late = sorted((one, other))
    assert CALENDAR.due(early, limit).at <= CALENDAR.due(late, limit).at


@given(moments, limits)
def test_a_longer_limit_is_never_due_earlier(start, limit):
    assert CALENDAR.due(start, limit).at <= CALENDAR.due(start, Limit(limit.n + 1, limit.unit)).at


@given(dates, counts, counts)
def test_n_and_m_working_days_are_n_then_m(day, n, m):
    assert CALENDAR.add_working_days(day, n + m) == CALENDAR.add_working_days(CALENDAR.add_working_days(day, n), m)


@given(dates, counts)
def test_adding_working_days_counts_what_lies_between(day, n):
    later, earlier = CALENDAR.add_working_days(day, n), CALENDAR.add_working_days(day, -n)
    assert CALENDAR.working_days_between(day, later) == n
    assert sum(CALENDAR.is_working(earlier + timedelta(days=i)) for i in range((day - earlier).days)) == n


@given(moments, amounts, amounts)
def test_working_hours_add_up(start, one, other):
    end = CALENDAR.add_working_hours(start, one)
    assert CALENDAR.working_hours_between(start, end) == one
    assert CALENDAR.add_working_hours(end, other) == CALENDAR.add_working_hours(start, one + other)


@given(moments, amounts)
def test_what_is_subtracted_is_what_is_left(end, amount):
    start = CALENDAR.subtract_working_hours(end, amount)
    assert CALENDAR.working_hours_between(start, end) == amount
    assert CALENDAR.working_hours_between(start, start + timedelta(microseconds=1)) > timedelta()


@given(moments, limits, st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=8, unique=True))
def test_a_day_more_off_never_makes_a_due_moment_earlier(start, limit, closed):
    fewer = Calendar(tuple(Day(day, False) for day in closed[1:]))
    more = Calendar(tuple(Day(day, False) for day in closed))
    assert fewer.due(start, limit).at <= more.due(start, limit).at


@given(moments, limits, amounts)
def test_a_pause_within_the_day_changes_no_limit_in_days_and_no_pause_shortens_any(start, limit, length):
    due = CALENDAR.due(start, limit).at
    paused = min(start + timedelta(hours=1), due)
    midnight = datetime.combine(paused.date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
    same_day = min(paused + length, midnight - timedelta(microseconds=1))
    if limit.unit in ("wd", "d", "mo"):
        assert CALENDAR.resume(due, paused, same_day, limit).at == due
    assert CALENDAR.resume(due, paused, paused + length, limit).at >= due


@given(moments, limits, amounts, amounts)
def test_replaying_the_events_gives_what_was_stored_step_by_step(start, limit, first, second):
    due = CALENDAR.due(start, limit)
    stored, pauses, moment = due.at, [], start
    for length in (first, second):
        pause = (moment + length, moment + length + length)
        stored = CALENDAR.resume(stored, *pause, limit).at
        pauses.append(pause)
        moment = pause[1] + timedelta(minutes=1)
    assert CALENDAR.replay(start, limit, reversed(pauses)).at == stored


@given(moments, limits)
def test_the_warning_comes_before_due_and_in_working_time(start, limit):
    due = CALENDAR.due(start, limit).at
    warned = CALENDAR.warn_at(start, due, limit)
    assert start < warned <= due
    if not limit.elapsed:
        assert CALENDAR.is_working(warned.date())
