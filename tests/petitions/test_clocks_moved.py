"""What another unit, another standard and other units' help do to the clocks."""

from datetime import date, timedelta

import pytest

from directory.models import Unit
from petitions import operations
from petitions.clocks import replayed
from petitions.models import Category, Petition
from tests.cast import at
from tests.petitions.dates import (
    MONDAY,
    accepted,
    adjustments,
    clock,
    extended,
    most_urgent,
    redispatched,
    running,
    said,
    suspended,
    swept,
)
from tests.petitions.stories import dispatched, filed, parked, promised, replied
from workdays.queries import current_calendar

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def roads(catalogue) -> Unit:
    return Unit.objects.get(code="JTJ")


class TestAnotherUnit:
    def test_accepts_anew_and_keeps_the_date_of_the_feedback(self, lan, lantern, mei, wen, zhao, roads):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        redispatched(petition, zhao, mei, at("2026-06-09"), roads)
        assert running(petition) == {"accept": "06-10 18:00", "close": "06-15 18:00", "feedback": "06-11 18:00"}
        assert set(petition.deadlines.running().values_list("unit__code", flat=True)) == {"JTJ"}
        former = petition.deadlines.get(clock="accept", cancelled_at__isnull=False)
        assert (former.unit.code, former.on_time) == ("SWJ", None)  # handed back, not late
        assert said(petition) == [
            ("accept", "ended", "06-09 18:00"),
            ("ruling", "met", "06-10 18:00"),
            ("accept", "started", "06-10 18:00"),
        ]

    def test_has_one_working_day_more_where_fewer_than_two_are_left(self, lan, lantern, mei, wen, zhao, roads):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        petition = operations.contest(petition, zhao, at("2026-06-09"), note="依据职责分工规定", proposed=roads)
        operations.redispatch(petition, mei, at("2026-06-10"), lead=roads, note="属道路范围")
        assert running(petition) == {"accept": "06-11 18:00", "close": "06-15 18:00", "feedback": "06-12 18:00"}
        assert adjustments(petition, "feedback") == [("hand-over", "06-11 18:00", "06-12 18:00")]
        assert ("feedback", "moved", "06-12 18:00", "06-11 18:00") in said(petition)

    def test_begins_with_a_day_where_the_feedback_was_late_already(self, lan, lantern, mei, wen, zhao, roads):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        petition = operations.contest(petition, zhao, at("2026-06-09"), note="依据职责分工规定", proposed=roads)
        swept(at("2026-06-15", "09:00"))
        operations.redispatch(petition, mei, at("2026-06-15"), lead=roads, note="属道路范围")
        row = clock(petition, "feedback")
        assert (row.unit, row.level, row.due_version, row.due_at) == (roads, 0, 2, at("2026-06-16", "18:00"))
        assert most_urgent(petition) == ("close", "06-15 18:00")

    def test_of_an_urgent_matter(self, lan, lantern, mei, wen, zhao, roads):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, standard="P0")
        redispatched(petition, zhao, mei, at("2026-06-08", "11:00"), roads)
        assert running(petition) == {"accept": "06-08 13:00", "close": "06-11 18:00", "feedback": "06-10 18:00"}

    def test_kept_by_its_unit_nothing_moves(self, lan, lantern, mei, wen, zhao, roads):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        before = running(petition)
        petition = operations.contest(petition, zhao, at("2026-06-09"), note="依据职责分工规定", proposed=roads)
        assert running(petition) == before | {"ruling": "06-10 18:00"}
        operations.uphold(petition, mei, at("2026-06-09"), note="属本单位职责")
        assert running(petition) == before

    def test_the_panel_rules_in_a_clock_of_its_own(self, lan, lantern, mei, wen, zhao, ping, roads):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        contested = operations.contest(petition, zhao, MONDAY, note="依据职责分工规定", proposed=roads)
        kept = operations.uphold(contested, mei, MONDAY, note="属本单位职责")
        appealed = operations.appeal(kept, zhao, at("2026-06-09"), note="依据职责分工规定", proposed=roads)
        assert running(petition).keys() == {"accept", "close", "feedback", "panel_ruling"}
        assert running(petition)["panel_ruling"] == "06-10 18:00"
        operations.rule(appealed, ping, at("2026-06-10"), lead=roads, note="由道路主管部门办理")
        assert running(petition) == {"accept": "06-11 18:00", "close": "06-15 18:00", "feedback": "06-12 18:00"}
        assert petition.deadlines.get(clock="panel_ruling").on_time is True


class TestAnotherStandard:
    @staticmethod
    def to(petition: Petition, standard: str, mei, now) -> Petition:
        category = Category.objects.get(code="E2")
        return operations.reclassify(petition, mei, now, category=category, standard=standard, note="情况有变")

    def test_a_longer_limit_counts_from_the_start(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        self.to(petition, "P3", mei, at("2026-06-10"))
        assert running(petition) == {"close": "06-30 18:00", "feedback": "06-15 18:00"}
        assert said(petition) == [
            ("feedback", "moved", "06-15 18:00", "06-11 18:00"),
            ("close", "moved", "06-30 18:00", "06-15 18:00"),
        ]
        assert adjustments(petition, "close") == [("standard", "06-15 18:00", "06-30 18:00")]
        assert clock(petition, "close").standard.code == "P3"

    def test_a_shorter_one_too_but_it_leaves_the_coming_working_day(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen, standard="P3")  # feedback by the 15th, close by the 30th
        self.to(petition, "P2", mei, at("2026-06-09"))
        assert running(petition) == {"close": "06-15 18:00", "feedback": "06-11 18:00"}
        self.to(petition, "P1", mei, at("2026-06-12"))  # three days from Monday: the 11th is gone
        assert running(petition) == {"close": "06-15 18:00", "feedback": "06-11 18:00"}  # none comes later for it

    def test_raised_to_urgent_it_is_due_after_that_limit_at_the_soonest(self, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        self.to(petition, "P0", mei, at("2026-06-09", "15:00"))
        # two hours for accepting; 24 for feedback, of which the working day's end comes first
        assert running(petition) == {"accept": "06-09 17:00", "close": "06-11 18:00", "feedback": "06-10 15:00"}

    def test_pauses_are_counted_in_it(self, lan, lantern, mei, wen):
        """Five days from Monday, paused Tuesday to Thursday: three instead, from Friday on, end on Monday."""
        petition = accepted(lan, lantern, mei, wen)
        suspended(petition, wen, mei, at("2026-06-09"), date(2026, 6, 16))
        operations.resume(petition, wen, at("2026-06-11"))
        assert running(petition)["close"] == "06-17 18:00"
        self.to(petition, "P1", mei, at("2026-06-12"))
        assert running(petition)["close"] == "06-15 18:00"

    def test_while_it_stands_still_the_day_it_paused_is_today(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen, standard="P3")
        suspended(petition, wen, mei, at("2026-06-10"), date(2026, 6, 24))
        self.to(petition, "P2", mei, at("2026-06-18"))
        assert running(petition)["close"] == "06-15 18:00"
        assert most_urgent(petition) == ("suspension", "06-24 18:00")
        operations.resume(petition, wen, at("2026-06-22"))
        assert running(petition) == {"close": "06-25 18:00", "feedback": "06-23 18:00"}  # three and one were left

    def test_one_that_has_run_out_keeps_its_date(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        self.to(petition, "P3", mei, at("2026-06-12"))
        assert running(petition) == {"close": "06-30 18:00", "feedback": "06-11 18:00"}

    def test_a_clock_the_new_standard_does_not_know_ends_and_one_it_knows_begins(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        self.to(petition, "X1", mei, at("2026-06-09"))
        assert running(petition) == {"feedback": "09-08 18:00"}
        assert ("close", "ended", "06-15 18:00") in said(petition)
        self.to(petition, "P2", mei, at("2026-06-10"))
        assert running(petition) == {"close": "06-15 18:00", "feedback": "06-11 18:00"}
        assert ("close", "resumed", "06-15 18:00") in said(petition)

    def test_a_met_clock_is_left_alone(self, lan, lantern, mei, wen):
        petition = promised(accepted(lan, lantern, mei, wen), wen, MONDAY, on=date(2026, 6, 15))
        self.to(petition, "P3", mei, at("2026-06-09"))
        assert running(petition) == {"close": "06-30 18:00"}
        assert adjustments(petition, "feedback") == []


class TestHelp:
    def test_is_given_sixty_percent_of_the_leads_time_from_acceptance(self, lan, lantern, mei, wen, rui):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ", "GXJ"))
        assert "co_organise JTJ" not in running(petition)
        operations.accept(petition, wen, MONDAY)
        # 27 working hours until Thursday evening, of which 16: Monday 6, Tuesday 7, and 3 on Wednesday morning
        assert running(petition) == {
            "close": "06-15 18:00",
            "co_organise GXJ": "06-10 12:00",
            "co_organise JTJ": "06-10 12:00",
            "feedback": "06-11 18:00",
        }
        units = petition.deadlines.filter(clock="co_organise").values_list("unit__code", flat=True)
        assert sorted(units) == ["GXJ", "JTJ"]

    def test_never_more_than_three_working_days(self, lan, lantern, mei, wen, rui, roads):
        petition = promised(accepted(lan, lantern, mei, wen, standard="P3"), wen, MONDAY, on=date(2026, 6, 30))
        operations.consult(petition, wen, MONDAY, units=[roads], question="路面何时重铺？")
        assert running(petition)["co_organise JTJ"] == "06-11 18:00"

    def test_of_a_lead_that_is_late_itself_a_working_day_and_with_no_clock_all(self, lan, lantern, mei, wen, roads):
        late = accepted(lan, lantern, mei, wen)
        operations.consult(late, wen, at("2026-06-16"), units=[roads], question="路面何时重铺？")
        assert running(late)["co_organise JTJ"] == "06-17 18:00"
        letter = promised(accepted(lan, lantern, mei, wen, standard="X1"), wen, MONDAY, on=date(2026, 6, 30))
        operations.consult(letter, wen, MONDAY, units=[roads], question="路面何时重铺？")
        assert running(letter) == {"co_organise JTJ": "06-11 18:00"}

    def test_of_an_urgent_matter_round_the_clock(self, lan, lantern, mei, wen, roads):
        petition = accepted(lan, lantern, mei, wen, standard="P0")
        operations.consult(petition, wen, MONDAY, units=[roads], question="能否抢修？")
        assert running(petition)["co_organise JTJ"] == "06-09 00:00"  # 14 of 24 hours

    def test_is_late_in_the_units_own_row_and_met_by_its_own_answer(self, lan, lantern, mei, wen, rui):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ", "GXJ"))
        petition = operations.accept(petition, wen, MONDAY)
        petition = operations.advise(petition, rui, at("2026-06-11"), answer="下周重铺")
        rows = petition.deadlines.filter(clock="co_organise").order_by("unit__code")
        assert list(rows.values_list("unit__code", "on_time")) == [("GXJ", None), ("JTJ", False)]
        assert running(petition).keys() == {"close", "co_organise GXJ", "feedback"}
        replied(petition, wen, at("2026-06-11"), waiver="另案处理")
        assert list(rows.values_list("unit__code", "on_time")) == [("GXJ", None), ("JTJ", False)]
        lead = petition.deadlines.filter(clock__in=("feedback", "close"))
        assert set(lead.values_list("on_time", flat=True)) == {True}

    def test_asked_again_a_unit_begins_anew(self, lan, lantern, mei, wen, rui, roads):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ",))
        petition = operations.accept(petition, wen, MONDAY)
        petition = operations.consult(petition, wen, at("2026-06-09"), units=[roads], question="能否提前？")
        assert running(petition)["co_organise JTJ"] == "06-10 17:00"
        assert said(petition) == [
            ("co_organise", "ended", "06-10 12:00"),
            ("co_organise", "started", "06-10 17:00"),
        ]
        assert petition.deadlines.filter(clock="co_organise").count() == 2

    def test_stands_still_with_the_lead(self, lan, lantern, mei, wen, rui):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ",))
        petition = operations.accept(petition, wen, MONDAY)
        suspended(petition, wen, mei, at("2026-06-09", "12:00"), date(2026, 6, 12))
        operations.resume(petition, wen, at("2026-06-11", "12:00"))
        assert running(petition)["co_organise JTJ"] == "06-12 12:00"


class TestClocksOfTheirOwn:
    def test_an_urge_is_answered_within_a_working_day_by_whatever_the_enterprise_can_see(self, lan, lantern, mei, wen):
        petition = operations.urge(accepted(lan, lantern, mei, wen), lan, MONDAY, note="急")
        assert running(petition)["answer"] == "06-09 18:00"
        petition = operations.urge(petition, lan, at("2026-06-09"), note="还没有消息")
        assert running(petition)["answer"] == "06-09 18:00"  # who waits already is not put off
        promised(petition, wen, at("2026-06-09"), on=date(2026, 6, 12))
        assert "answer" not in running(petition)

    def test_an_order_of_supervision_too(self, lan, lantern, mei, wen, shen):
        petition = operations.supervise(accepted(lan, lantern, mei, wen), shen, MONDAY, level=1, note="限期答复")
        assert running(petition)["answer"] == "06-09 18:00"
        operations.respond(petition, wen, at("2026-06-09", "17:00"), note="今日答复企业")
        assert petition.deadlines.get(clock="answer").on_time is True

    def test_milestones_follow_each_other(self, lan, lantern, mei, wen, zhao, shen, luo):
        petition = accepted(lan, lantern, mei, wen, standard="P4")
        plan = [(date(2026, 6, 15), "完成勘察"), (date(2026, 7, 3), "完工")]
        petition = operations.ask_park(petition, zhao, MONDAY, note="分期改造", responsible=luo, milestones=plan)
        petition = parked(petition, shen, MONDAY)
        assert running(petition) == {"milestone": "06-15 18:00"}
        assert petition.deadlines.get(clock="feedback").on_time is True  # the plan is the feedback
        petition = operations.achieve(petition, wen, at("2026-06-16"), note="勘察报告已出")
        assert running(petition) == {"milestone": "07-03 18:00"}
        assert list(petition.deadlines.filter(clock="milestone").order_by("id").values_list("on_time", flat=True)) == [
            False,
            None,
        ]

    def test_every_date_can_be_told_again_from_what_was_kept(self, lan, lantern, mei, wen):
        """Replaying start, limit and adjustments gives the stored date, whatever happened."""
        petition = accepted(lan, lantern, mei, wen, standard="P3")
        extended(petition, wen, mei, at("2026-06-09"), "close", 2)
        suspended(petition, wen, mei, at("2026-06-10"), date(2026, 6, 15))
        operations.resume(petition, wen, at("2026-06-12"))
        TestAnotherStandard.to(petition, "P2", mei, at("2026-06-15"))
        suspended(petition, wen, mei, at("2026-06-16"), date(2026, 6, 26))
        swept(at("2026-06-29"))
        for row in petition.deadlines.running():
            assert replayed(row, current_calendar()).at == row.due_at
        assert [moved[0] for moved in adjustments(petition, "close")] == ["extension", "pause", "standard", "pause"]
        assert clock(petition, "close").due_at > at("2026-06-29") - timedelta(days=1)
