"""Every figure against the same figure worked out by plain loops, and every list against the rows it must hold."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessment.cohorts import Scope
from assessment.figures import Figure, Share
from assessment.measures import COMPLETION, MEASURES, SOLVED, drill
from assessment.periods import Period
from assessment.queries import UNIT, tally
from directory.models import Unit
from petitions.models import Category
from tests.assessment.district import District
from tests.cast import assign, at, make_cadre, make_enterprise

QUARTER = Period(date(2023, 1, 1), date(2023, 3, 31))
SPRING = Period(date(2023, 1, 16), date(2023, 2, 5))
AFTER, MEANWHILE = at("2026-01-05"), at("2023-02-14", "15:00")
PLAIN = [key for key in MEASURES if key not in ("median-hours", "p90-hours", "overdue") and "open-" not in key]


@pytest.fixture
def district(catalogue) -> District:
    return District(seed=20231231)


def figures(scope: Scope) -> dict:
    found = tally(scope, MEASURES.values())
    return {key: (figure.part, figure.half, figure.whole) for key in PLAIN if (figure := found.figure(key))}


def counted(answers: dict) -> dict:
    return {
        key: (len(part), len(half), None if whole is None else len(whole))
        for key, (part, half, whole) in answers.items()
    }


@pytest.mark.parametrize("period", [QUARTER, SPRING])
@pytest.mark.parametrize("now", [AFTER, MEANWHILE])
def test_figures_equal_plain_loops(district, period, now):
    assert figures(Scope(period, now)) == counted(district.answers(*period, now))


@pytest.mark.parametrize("cut", [{"unit": "SWJ"}, {"street": "SY"}, {"unit": "GXJ", "street": "XA"}])
def test_figures_of_a_unit_and_a_street_equal_plain_loops(district, cut):
    scope = Scope(QUARTER, AFTER, **{name: Unit.objects.get(code=code) for name, code in cut.items()})
    assert figures(scope) == counted(district.answers(*QUARTER, AFTER, **cut))


def test_figures_of_a_category_equal_plain_loops_and_leave_visits_out(district):
    group = Category.objects.get(code="E2").group
    found = figures(Scope(QUARTER, AFTER, group=group))
    walking = {key: found.pop(key) for key in ("visits", "effective-visits", "coverage")}
    assert found == counted(district.answers(*QUARTER, AFTER, group=group))
    assert walking == {"visits": (0, 0, None), "effective-visits": (0, 0, None), "coverage": (0, 0, 0)}


def test_figures_cut_by_unit_equal_the_figures_of_each_unit(district):
    found = tally(Scope(QUARTER, AFTER), [MEASURES[key] for key in PLAIN], UNIT)
    by_unit = {
        code: {key: (figure.part, figure.half, figure.whole) for key in PLAIN if (figure := found.figure(key, code))}
        for code in ("SWJ", "JTJ", "GXJ")
    }
    assert by_unit == {code: counted(district.answers(*QUARTER, AFTER, unit=code)) for code in by_unit}
    assert {key: (one.part, one.half, one.whole) for key in PLAIN if (one := found.total(key))} == counted(
        district.answers(*QUARTER, AFTER)
    )


@pytest.mark.parametrize("now", [AFTER, MEANWHILE])
def test_lists_hold_exactly_the_rows_counted(district, now):
    scope, answers = Scope(QUARTER, now), district.answers(*QUARTER, now)
    for key, (part, half, whole) in answers.items():
        expected = {"whole": part} if whole is None else {"part": part, "whole": whole, "missed": whole - part - half}
        expected |= {"half": half} if MEASURES[key].faces.get("half") else {}
        listed = {face: sorted(drill(key, scope, face).values_list("pk", flat=True)) for face in expected}
        assert (key, listed) == (key, {face: sorted(rows) for face, rows in expected.items()})


def test_what_is_left_out_is_listed_with_its_reason(district):
    scope = Scope(QUARTER, MEANWHILE)
    filed = [one for one in district.petitions if QUARTER.start <= one["filed_at"] < QUARTER.end]
    reasons = {"declined": "不予受理", "withdrawn": "企业撤回"}
    left_out = [(row.pk, str(COMPLETION.reasons[row.reason])) for row in drill("completion", scope, "excluded")]
    assert sorted(left_out) == sorted((one["pk"], reasons[one["stage"]]) for one in filed if one["stage"] in reasons)
    silent = [(row.pk, str(SOLVED.reasons[row.reason])) for row in drill("solved", scope, "excluded")]
    assert sorted(silent) == sorted((one["pk"], "未评价") for one in filed if one["replied"] and not one["ratings"])
    cancelled = [clock[0] for one in district.petitions for clock in one["clocks"] if clock[1] == "accept" and clock[4]
                 and QUARTER.start <= clock[2] < MEANWHILE]  # fmt: skip
    assert sorted(row.pk for row in drill("acceptance", scope, "excluded")) == sorted(cancelled)


def test_numerator_missed_and_left_out_make_up_all_there_is(district):
    scope = Scope(QUARTER, MEANWHILE)
    shares = [one for one in MEASURES.values() if isinstance(one, Share) and not one.unheard]
    for measure in shares:
        everything = measure.cohort.rows(scope).filter(measure.about(scope)).count()
        faces = [measure.drill(scope, face).count() for face in measure.faces if face != "whole"]
        assert (measure.key, sum(faces)) == (measure.key, everything)


def test_hours_are_the_median_and_the_ninth_decile(district):
    found = tally(Scope(QUARTER, AFTER), [MEASURES["median-hours"], MEASURES["p90-hours"]])
    deciles = district.hours(*QUARTER)
    hours = [found.figure(key).span / timedelta(hours=1) for key in ("median-hours", "p90-hours")]
    assert hours == pytest.approx([deciles[4], deciles[8]], abs=1e-6)


def test_all_figures_cost_one_query_however_many_rows(district, django_assert_num_queries):
    tally(Scope(QUARTER, AFTER), MEASURES.values())  # so that the calendar has been read
    with django_assert_num_queries(1):
        tally(Scope(QUARTER, AFTER), MEASURES.values())
    for _ in range(20):
        district.petition()
    with django_assert_num_queries(1):
        tally(Scope(QUARTER, AFTER), MEASURES.values(), UNIT)


def test_an_enterprise_assigned_in_the_last_fifteen_working_days_is_not_due(catalogue):
    cadre = make_cadre("C1", "one", "干部一", "GXJ")
    other = make_cadre("C2", "two", "干部二", "GXJ")
    in_time, late, moved = (make_enterprise(f"企业{n}", 600 + n) for n in range(3))
    assign(cadre, in_time, valid_from=date(2023, 3, 13))
    assign(cadre, late, valid_from=date(2023, 3, 14))
    assign(other, moved, valid_from=date(2023, 1, 3), valid_to=date(2023, 3, 20))
    assign(cadre, moved, valid_from=date(2023, 3, 20))
    due = drill("coverage", Scope(QUARTER, AFTER), "whole")
    assert {row.enterprise for row in due} == {in_time, moved}
    assert [row.enterprise for row in drill("coverage", Scope(QUARTER, AFTER), "excluded")] == [late]


@pytest.mark.parametrize(
    ("part", "half", "whole", "percent", "words"),
    [
        (5261, 0, 5300, "99.3", "5,261 / 5,300"),
        (1, 0, 3, "33.3", "1 / 3 · 样本不足"),
        (1, 0, 16, "6.3", "1 / 16"),
        (7, 3, 10, "85.0", "8.5 / 10"),
        (0, 0, 12, "0.0", "0 / 12"),
        (0, 0, 0, None, "期内无可统计的记录"),
    ],
)
def test_a_share_says_what_it_was_made_of(part, half, whole, percent, words):
    figure = Figure(SOLVED, part, whole, half)
    assert (figure.percent, figure.note) == (percent and Decimal(percent), words)


def test_many_cases_rank_above_few_of_the_same_share():
    assert Figure(COMPLETION, 90, 100).at_least > Figure(COMPLETION, 9, 10).at_least > Figure(COMPLETION, 0, 0).at_least
    assert Figure(COMPLETION, 9, 10).at_least == pytest.approx(0.59585, abs=1e-5)
