"""Parked with milestones: what plan may be asked for, how its clock goes from one milestone to the next, and out."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from notices.models import Notice
from petitions import operations
from petitions.models import Petition
from petitions.plans import goals
from petitions.process import WrongStage, open_steps
from petitions.sweep import sweep
from tests.cast import at
from tests.petitions.stories import dispatched, drafted, filed, replied, signed

pytestmark = pytest.mark.usefixtures("catalogue")
MONDAY = at("2026-06-08")  # the Dragon Boat holiday is Friday 2026-06-19 to Sunday 06-21
PLAN = [(date(2026, 6, 15), "完成勘测"), (date(2026, 7, 10), "清淤"), (date(2026, 8, 3), "答复企业")]


@pytest.fixture
def accepted(lan, lantern, mei, wen, zhao, shen, luo) -> Petition:
    """A hard matter (P4), in hand at the Water bureau."""
    petition = dispatched(filed(lan, lantern, MONDAY), mei, at("2026-06-08", "11:00"), standard="P4")
    return operations.accept(petition, wen, at("2026-06-08", "15:00"), handler=wen)


def asked(petition: Petition, by, now, plan=PLAN, responsible="luo") -> Petition:
    leader = type(by).objects.get(username=responsible)
    return operations.ask_park(petition, by, now, note="先勘测，再清淤。", responsible=leader, milestones=list(plan))


def granted(petition: Petition, by, now, held_at=None) -> Petition:
    held = {"title": "排涝专题会", "held_at": held_at or now, "chair": "罗区长"}
    conference = operations.convene(by=by, now=now, petitions=[petition], **held)
    operations.minute(conference, by, now, items={petition.number: {"decision": "同意挂账。", "verdict": "approved"}})
    operations.publish(conference, by, now)
    return Petition.objects.get(pk=petition.pk)


def clocks(petition: Petition) -> dict[str, str]:
    rows = petition.deadlines.running()
    return {row.clock: f"{row.due_at.astimezone(MONDAY.tzinfo):%m-%d %H:%M}" for row in rows}


def plan(petition: Petition) -> list[tuple[str, bool]]:
    """The days of the plan in force, and whether each is done."""
    rows = petition.milestones.filter(replaced_at=None)
    return [(f"{row.due_on:%m-%d}", row.done_at is not None) for row in rows]


def words(petition: Petition, now) -> list[str]:
    return [str(goal.words) for goal in goals(Petition.objects.get(pk=petition.pk), now)]


# --- The plan that is asked for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((), "请至少填写一个里程碑"),
        (("06-08",), "须从明天起"),
        (("06-20",), "不是工作日"),
        (("06-14",), "不是工作日"),
        (("06-15", "06-15"), "按日期先后"),
        (("06-22", "06-15"), "按日期先后"),
        (("07-08",), "超过 20 个工作日"),
        (("06-15", "07-15"), "超过 20 个工作日"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused(accepted, zhao, days, said):
    milestones = [(date.fromisoformat(f"2026-{day}"), "一步") for day in days]
    with pytest.raises(ValidationError, match=said):
        asked(accepted, zhao, MONDAY, milestones)


def test_twenty_working_days_apart_is_allowed_and_counts_the_holiday(accepted, zhao):
    assert asked(accepted, zhao, MONDAY, [(date(2026, 7, 7), "一步"), (date(2026, 8, 4), "答复")]).proposal


def test_a_plan_ends_within_six_months(accepted, zhao):
    days = ("07-06", "08-03", "08-31", "09-28", "10-26", "11-20", "12-07")
    milestones = [(date.fromisoformat(f"2026-{day}"), "一步") for day in days]
    with pytest.raises(ValidationError, match="最长 6 个月"):
        asked(accepted, zhao, MONDAY, [*milestones, (date(2026, 12, 24), "答复")])
    assert asked(accepted, zhao, MONDAY, milestones).proposal


# --- Granted --------------------------------------------------------------------------------------------------------


def test_granted_in_conference_the_plan_is_the_answer_and_the_first_milestone_runs(accepted, zhao, shen, lan):
    petition = granted(asked(accepted, zhao, at("2026-06-09")), shen, at("2026-06-10"))
    assert (petition.stage, clocks(petition)) == ("parked", {"milestone": "06-15 18:00"})
    assert plan(petition) == [("06-15", False), ("07-10", False), ("08-03", False)]
    assert (petition.promised_on, petition.responsible.username) == (date(2026, 8, 3), "luo")
    feedback, close = (petition.deadlines.get(clock=clock) for clock in ("feedback", "close"))
    assert (feedback.on_time, close.cancelled_at) == (True, at("2026-06-10"))
    assert "park" in Notice.objects.filter(recipient=lan).values_list("kind", flat=True)


def test_nobody_parks_without_a_conference(accepted, zhao, shen):
    petition = asked(accepted, zhao, at("2026-06-09"))
    assert "park" not in open_steps(petition, shen, at("2026-06-10"))
    with pytest.raises(WrongStage, match="联席会议"):
        operations.park(petition, shen, at("2026-06-10"))


def test_days_that_passed_before_the_minutes_were_out_are_due_one_after_the_other(accepted, zhao, shen):
    days = [date(2026, 6, 10), date(2026, 6, 11), date(2026, 6, 17), date(2026, 7, 10)]
    petition = asked(accepted, zhao, MONDAY, [(day, f"{day}") for day in days])
    petition = granted(petition, shen, at("2026-06-16"))
    assert plan(petition) == [("06-17", False), ("06-18", False), ("06-22", False), ("07-10", False)]
    assert clocks(petition) == {"milestone": "06-17 18:00"}
    event = petition.events.get(step="park")
    assert [day for day, _goal in event.facts["milestones"]][:2] == ["2026-06-17", "2026-06-18"]


def test_a_plan_that_has_passed_whole_is_not_granted(accepted, zhao, shen):
    petition = asked(accepted, zhao, MONDAY, [(date(2026, 6, 10), "答复")])
    with pytest.raises(ValidationError, match=rf"{petition.number}.*都已经过去"):
        granted(petition, shen, at("2026-06-10", "17:00"))
    assert Petition.objects.get(pk=petition.pk).stage == "accepted"


def test_a_leader_who_left_meanwhile_does_not_answer_for_it(accepted, zhao, shen, luo):
    petition = asked(accepted, zhao, at("2026-06-09"))
    luo.posts.update(valid_to=date(2026, 6, 10))
    with pytest.raises(ValidationError, match="责任领导已不在岗"):
        granted(petition, shen, at("2026-06-10"))


def test_a_reply_that_waits_for_its_rating_may_still_be_parked(lan, lantern, mei, wen, zhao, shen, luo):
    petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
    petition = operations.accept(petition, wen, MONDAY, handler=wen)
    petition = replied(petition, wen, at("2026-06-09"), "planned")
    petition = granted(asked(petition, zhao, at("2026-06-09", "15:00")), shen, at("2026-06-10"))
    assert (petition.stage, clocks(petition)) == ("parked", {"milestone": "06-15 18:00"})


# --- From one milestone to the next ---------------------------------------------------------------------------------


@pytest.fixture
def parked(accepted, zhao, shen) -> Petition:
    return granted(asked(accepted, zhao, at("2026-06-09")), shen, at("2026-06-10"))


def test_each_milestone_starts_the_clock_of_the_next_and_the_reply_is_the_last(parked, wen, zhao, lan):
    petition = operations.achieve(parked, wen, at("2026-06-12"), note="勘测完成")
    assert clocks(petition) == {"milestone": "07-10 18:00"}
    petition = operations.achieve(petition, wen, at("2026-07-09"), note="清淤完成")
    assert (clocks(petition), plan(petition)[1]) == ({"milestone": "08-03 18:00"}, ("07-10", True))
    with pytest.raises(WrongStage, match="最后一个里程碑以正式答复完成"):
        operations.achieve(petition, wen, at("2026-07-31"), note="还想再报")
    petition = signed(petition, wen, zhao, at("2026-07-31"))
    assert (petition.stage, plan(petition)) == ("replied", [("06-15", True), ("07-10", True), ("08-03", True)])
    assert [row.on_time for row in petition.deadlines.filter(clock="milestone").order_by("id")] == [True, True, True]


def test_reached_so_late_that_the_next_day_has_passed_the_next_is_due_tomorrow(parked, wen):
    petition = operations.achieve(parked, wen, at("2026-07-13"), note="迟到的勘测")
    assert clocks(petition) == {"milestone": "07-14 18:00"}
    assert petition.events.get(step="achieve").facts["due_on"] == "2026-07-14"
    assert petition.deadlines.get(clock="milestone", met_at__isnull=False).on_time is False
    assert words(petition, at("2026-07-13", "11:00")) == ["逾期完成", "进行中", "待完成"]
    assert words(petition, at("2026-07-15")) == ["逾期完成", "逾期", "待完成"]


def test_answered_early_the_milestones_left_out_are_no_longer_waited_for(parked, wen, zhao):
    petition = signed(parked, wen, zhao, at("2026-06-12"))
    assert (petition.stage, plan(petition)) == ("replied", [("08-03", True)])
    assert words(petition, at("2026-12-01")) == ["已完成"]


def test_sent_back_from_signing_it_is_parked_again_and_its_clock_ran_on(parked, wen, zhao):
    petition = drafted(parked, wen, at("2026-06-12"))
    assert (petition.stage, clocks(petition)) == ("signing", {"milestone": "06-15 18:00", "sign": "06-15 18:00"})
    petition = operations.send_back(petition, zhao, at("2026-06-12", "16:00"), note="请补充依据")
    assert (petition.stage, clocks(petition)) == ("parked", {"milestone": "06-15 18:00"})
    assert plan(petition) == [("06-15", False), ("07-10", False), ("08-03", False)]


def test_parked_anew_the_old_plan_is_history(parked, wen, zhao, shen):
    petition = operations.achieve(parked, wen, at("2026-06-12"), note="勘测完成")
    petition = asked(petition, zhao, at("2026-07-08"), [(date(2026, 7, 31), "改线"), (date(2026, 8, 28), "答复")])
    assert clocks(petition) == {"milestone": "07-10 18:00"}
    petition = granted(petition, shen, at("2026-07-09"))
    assert clocks(petition) == {"milestone": "07-31 18:00"}
    assert plan(petition) == [("06-15", True), ("07-31", False), ("08-28", False)]
    assert petition.milestones.filter(replaced_at=at("2026-07-09")).count() == 2
    petition = asked(petition, zhao, at("2026-07-10"), [(date(2026, 8, 3), "再改"), (date(2026, 8, 28), "答复")])
    granted(petition, shen, at("2026-07-13"))
    assert petition.milestones.filter(replaced_at=at("2026-07-09")).count() == 2
    assert petition.milestones.filter(replaced_at=at("2026-07-13")).count() == 2


def test_the_last_milestone_overdue_tells_the_head_each_working_day(parked, wen, zhao):
    petition = operations.achieve(parked, wen, at("2026-06-12"), note="一")
    petition = operations.achieve(petition, wen, at("2026-07-09"), note="二")
    Notice.objects.all().delete()
    for day in ("2026-08-04", "2026-08-05", "2026-08-06"):
        sweep(at(day, "09:30"))
        sweep(at(day, "16:00"))
    assert list(Notice.objects.filter(recipient=zhao).values_list("kind", flat=True)) == ["overdue"] * 3
    petition.refresh_from_db()
    assert (petition.stage, petition.due_clock, petition.due_at < at("2026-08-06")) == ("parked", "milestone", True)


def test_a_co_organiser_of_a_parked_matter_has_days_not_an_hour(parked, wen, rui):
    units = [type(parked.lead).objects.get(code="JTJ")]
    petition = operations.consult(parked, wen, at("2026-06-10", "11:00"), units=units, question="请核实权属")
    due = petition.deadlines.get(clock="co_organise").due_at
    assert due - at("2026-06-10", "11:00") > timedelta(days=1)


def test_withdrawn_nothing_of_the_plan_is_called_late(parked, lan):
    operations.withdraw(parked, lan, at("2026-06-12"), note="不办了", pressed=False)
    assert words(parked, at("2026-12-01")) == ["已终止"] * 3


# --- What the enterprise sees ---------------------------------------------------------------------------------------


def test_the_enterprise_sees_plan_and_progress_but_neither_proposal_nor_minutes(client, parked, wen, lan):
    operations.achieve(parked, wen, at("2026-06-12"), note="勘测报告已交")
    client.force_login(lan)
    html = client.get(parked.get_absolute_url()).content.decode()
    assert all(said in html for said in ("推进计划", "责任领导：罗区长", "完成勘测", "勘测报告已交", "以正式答复完成"))
    assert "会商议定" not in html
    assert "同意挂账。" not in html
