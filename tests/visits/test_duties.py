"""The visit duty: what is owed, what is credited, and that one query says the same for everybody at once."""

from datetime import date

import pytest

from tests.cast import assign, at, fresh_calendar, make_cadre, make_enterprise
from tests.visits.making import visited
from visits import duties
from visits.duties import Credit, Lateness, Reach, Span
from workdays.calendar import Calendar

CALENDAR = Calendar()
WEEK = Span(date(2023, 6, 12), date(2023, 6, 18))
NOW = at("2023-06-15")


@pytest.mark.parametrize(("available", "quota"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2), (7, 2)])
def test_a_week_owes_two_fifths_of_its_days_halves_up_at_most_two(available, quota):
    assert duties.week_quota(available) == quota


@pytest.mark.parametrize(
    ("day", "quota"),
    [
        ("2023-06-14", 2),  # an ordinary week
        ("2023-06-22", 2),  # Dragon Boat: three working days and the Sunday worked in exchange
        ("2023-01-24", 1),  # Spring Festival: Saturday and Sunday worked in exchange
        ("2023-10-04", 1),  # National Day: only Saturday and Sunday worked
        ("2024-02-13", 0),  # Spring Festival: one working Sunday
    ],
)
def test_the_quota_of_real_weeks(day, quota):
    assert duties.quota_of(CALENDAR, duties.week_of(date.fromisoformat(day))) == quota


@pytest.mark.parametrize(("year", "calls"), [(2023, 103), (2024, 100), (2025, 101), (2026, 102)])
def test_a_cadre_owes_about_a_hundred_calls_a_year(year, calls):
    assert duties.least(CALENDAR, date(year, 1, 1), date(year, 12, 31)) == calls


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2023-01-01", "2023-01-01", "2023-03-31"),
        ("2023-06-30", "2023-04-01", "2023-06-30"),
        ("2023-07-01", "2023-07-01", "2023-09-30"),
        ("2024-12-31", "2024-10-01", "2024-12-31"),
    ],
)
def test_quarters_are_those_of_the_calendar(day, first, last):
    assert duties.quarter_of(date.fromisoformat(day)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("recorded", "label"),
    [
        ("2023-06-13", Lateness.NORMAL),
        ("2023-06-16", Lateness.NORMAL),  # third working day
        ("2023-06-18", Lateness.NORMAL),  # the week-end does not count
        ("2023-06-19", Lateness.LATE),
        ("2023-06-28", Lateness.LATE),  # tenth: Dragon Boat lies between, a Sunday is worked for it
        ("2023-06-29", Lateness.APPROVAL),
    ],
)
def test_a_record_is_late_after_three_working_days_and_needs_approval_after_ten(recorded, label):
    assert duties.lateness(CALENDAR, date(2023, 6, 13), date.fromisoformat(recorded)) == label


@pytest.fixture
def firms(chen) -> list:
    """Three more enterprises of Chen."""
    firms = [make_enterprise(f"三号工厂{serial}", serial) for serial in (11, 12, 13)]
    for firm in firms:
        assign(chen.cadre, firm)
    return firms


def week_of(cadre):
    return duties.quota_done(*WEEK)[cadre.pk]


def test_a_week_begins_with_nothing_done(chen):
    week = duties.my_week(chen.cadre, NOW)
    assert (week.span, week.done, week.quota, list(week.visits)) == (WEEK, 0, 2, [])


def test_each_effective_visit_of_the_week_is_credited(chen, lantern, firms):
    visits = [visited(chen.cadre, lantern, "2023-06-12"), visited(chen.cadre, firms[0], "2023-06-18")]
    visited(chen.cadre, firms[1], "2023-06-11")
    visited(chen.cadre, firms[1], "2023-06-19")
    visited(chen.cadre, firms[2], "2023-06-14", mode="phone", started_at="10:00", ended_at="10:05")
    visited(chen.cadre, firms[2], "2023-06-14", lateness=Lateness.APPROVAL)
    week = duties.my_week(chen.cadre, NOW)
    assert (week.done, week.quota, list(week.visits)) == (2, 2, visits[::-1])


def test_the_same_enterprise_on_the_same_day_is_one_visit(chen, lantern):
    visited(chen.cadre, lantern, "2023-06-12")
    visited(chen.cadre, lantern, "2023-06-12", mode="phone", started_at="15:00", ended_at="15:30")
    assert week_of(chen.cadre) == Credit(quota=2, done=1, within=1)


def test_surplus_does_not_fill_another_week(chen, lantern, firms):
    for enterprise in (lantern, *firms):
        visited(chen.cadre, enterprise, "2023-06-12")
    both = duties.quota_done(date(2023, 6, 12), date(2023, 6, 25))[chen.cadre.pk]
    assert (week_of(chen.cadre), both) == (Credit(2, 4, 2), Credit(4, 4, 2))


def test_a_companion_of_another_unit_gets_one_credit_a_week_and_one_of_the_same_unit_none(chen, lantern, firms):
    water, colleague = make_cadre("C002", "fang", "方干部", "SWJ"), make_cadre("C003", "gu", "顾干部", "GXJ")
    for enterprise, day in ((lantern, "2023-06-12"), (firms[0], "2023-06-14")):
        visit = visited(chen.cadre, enterprise, day)
        for cadre in (water, colleague):
            visit.companions.create(cadre=cadre, unit=cadre.unit)
    weeks = duties.quota_done(*WEEK)
    assert [weeks[cadre.pk].done for cadre in (chen.cadre, water, colleague)] == [2, 1, 0]
    assert duties.my_week(water, NOW).visits.count() == 2
    assert duties.my_week(colleague, NOW).visits.count() == 0


def test_to_accompany_where_one_hosts_the_same_day_adds_nothing(chen, lantern):
    water = make_cadre("C002", "fang", "方干部", "SWJ")
    visited(water, lantern, "2023-06-12")
    visited(chen.cadre, lantern, "2023-06-12").companions.create(cadre=water, unit=water.unit)
    assert week_of(water).done == 1


def test_a_cadre_owes_only_the_weeks_in_office(chen, lantern):
    later = make_cadre("C002", "fang", "方干部", valid_from="2023-06-19", valid_to="2023-06-27")
    year = duties.quota_done(date(2023, 1, 1), date(2023, 12, 31))
    assert (year[chen.cadre.pk].quota, year[later.pk].quota) == (103, 4)
    assert later.pk not in duties.quota_done(*WEEK)


def test_a_quarter_is_covered_by_enterprise_whoever_came(chen, lantern, firms):
    before = make_cadre("C002", "fang", "方干部")
    visited(before, lantern, "2023-04-01")
    visited(chen.cadre, firms[0], "2023-06-12")
    visited(chen.cadre, firms[0], "2023-06-13")
    visited(chen.cadre, firms[1], "2023-03-31")
    visited(chen.cadre, firms[1], "2023-06-13", mode="phone")
    quarter = duties.my_quarter(chen.cadre, NOW)
    assert (quarter.covered, quarter.due, quarter.uncovered) == (2, 4, firms[1:])
    assert duties.coverage(*quarter.span) == {chen.cadre.pk: Reach(due=4, covered=2)}


def test_coverage_travels_with_the_enterprise_and_credit_stays(chen, lantern):
    visited(chen.cadre, lantern, "2023-06-12")
    lantern.assignments.update(valid_to="2023-06-14")
    heir = make_cadre("C002", "fang", "方干部")
    assign(heir, lantern, valid_from="2023-06-14")
    assert duties.coverage(date(2023, 4, 1), date(2023, 6, 13)) == {chen.cadre.pk: Reach(1, 1)}
    assert duties.coverage(date(2023, 4, 1), date(2023, 6, 30)) == {heir.pk: Reach(1, 1)}
    assert (week_of(chen.cadre).done, week_of(heir).done) == (1, 0)


def test_counting_asks_as_much_for_one_cadre_as_for_ten(chen, lantern, django_assert_num_queries):
    fresh_calendar()
    for more in (0, 9):
        for n in range(more):
            cadre = make_cadre(f"C1{n}", f"cadre{n}", "干部")
            assign(cadre, firm := make_enterprise(f"工厂{n}", 20 + n))
            visited(cadre, firm, "2023-06-12")
        with django_assert_num_queries(2):
            duties.quota_done(*WEEK)
            duties.coverage(*duties.quarter_of(NOW.date()))
        with django_assert_num_queries(2):
            duties.my_week(chen.cadre, NOW)
            duties.my_quarter(chen.cadre, NOW)
