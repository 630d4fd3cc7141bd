"""The steps, one after another, with the cast of `tests/cast.py`."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from directory.models import Unit
from notices.models import Notice
from notices.wording import render
from petitions import operations
from petitions.models import Attachment, Deadline, Event, Petition, Reply
from petitions.process import Stage, WrongStage
from tests.cast import at
from tests.petitions.stories import dispatched, filed, promised, rated, replied, signed

pytestmark = pytest.mark.usefixtures("catalogue")
MONDAY = at("2026-06-08")  # a plain week without holidays until Friday 2026-06-19


def clocks(petition: Petition) -> dict[str, str]:
    """Running clocks and when they are due, local time."""
    rows = petition.deadlines.running().order_by("clock")
    return {row.clock: f"{row.due_at.astimezone(MONDAY.tzinfo):%m-%d %H:%M}" for row in rows}


def steps(petition: Petition) -> list[str]:
    return list(petition.events.order_by("seq").values_list("step", flat=True))


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("kind", flat=True))


class TestTheStraightRoad:
    def test_from_filing_to_the_rating(self, lan, lantern, mei, wen, zhao, chen):
        petition = filed(lan, lantern, MONDAY)
        assert (petition.stage, clocks(petition)) == ("filed", {"dispatch": "06-08 12:00"})

        petition = dispatched(petition, mei, at("2026-06-08", "11:00"))
        assert petition.stage == "dispatched"
        assert clocks(petition) == {"accept": "06-09 18:00", "close": "06-15 18:00", "feedback": "06-11 18:00"}
        assert (petition.due_clock, petition.lead.code) == ("accept", "SWJ")

        petition = operations.accept(petition, wen, at("2026-06-09", "09:30"), handler=wen)
        assert (petition.stage, petition.handler) == ("accepted", wen)
        assert clocks(petition) == {"close": "06-15 18:00", "feedback": "06-11 18:00"}

        petition = promised(petition, wen, at("2026-06-10", "16:00"), on=date(2026, 6, 15))
        assert (petition.stage, clocks(petition)) == ("accepted", {"close": "06-15 18:00"})

        petition = replied(petition, wen, at("2026-06-15", "17:00"))
        assert (petition.stage, clocks(petition)) == ("replied", {"evaluate": "06-22 18:00"})

        petition = rated(petition, lan, at("2026-06-16"))
        assert (petition.stage, clocks(petition), petition.due_at) == ("closed", {}, None)
        assert steps(petition) == ["file", "dispatch", "accept", "interim", "reply", "evaluate"]
        ended = petition.deadlines.values_list("clock", "on_time")
        assert dict(ended) == dict.fromkeys(("dispatch", "accept", "feedback", "close", "evaluate"), True)

    def test_everyone_concerned_is_told_once_and_nobody_of_what_they_did_themselves(
        self, lan, lantern, mei, wen, zhao, chen
    ):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        operations.accept(petition, wen, MONDAY)
        assert told(lan) == ["dispatch", "accept"]
        assert told(chen) == ["file", "dispatch", "accept"]
        assert told(mei) == ["file"]
        assert told(wen) == told(zhao) == ["dispatch"]

    def test_a_cadre_files_on_behalf_only_with_the_consent_written_down(self, chen, lantern, lan):
        with pytest.raises(ValidationError) as refused:
            filed(chen, lantern, MONDAY)
        assert list(refused.value.message_dict) == ["consent"]
        petition = filed(chen, lantern, MONDAY, consent="厂长兰经理当面同意")
        assert (petition.channel, told(lan)) == ("visit", ["file"])

    def test_a_stranger_files_nothing_for_another_firm(self, stranger, lantern):
        with pytest.raises(PermissionDenied):
            filed(stranger, lantern, MONDAY)
        assert not Petition.objects.exists()


class TestTheSameTwice:
    def test_the_same_submission_is_one_petition(self, lan, lantern, mei):
        key = uuid4()
        words = {"enterprise": lantern, "title": "厂房漏水", "body": "三楼漏水。"}
        first, new = operations.file(by=lan, now=MONDAY, key=key, **words)
        again, new_again = operations.file(by=lan, now=MONDAY, key=key, **words)
        assert (first, new, new_again) == (again, True, False)
        assert (steps(first), told(mei)) == (["file"], ["file"])

    def test_a_step_sent_twice_under_one_key_is_taken_once(self, lan, lantern, mei, wen):
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        key = uuid4()
        for _ in range(2):
            petition = operations.interim(
                petition, wen, MONDAY, key=key, body="先清淤。", promised_on=date(2026, 6, 10)
            )
        assert steps(petition).count("interim") == 1
        assert Reply.objects.count() == 1

    def test_the_second_to_accept_is_told_where_it_stands(self, lan, lantern, mei, wen, zhao):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        operations.accept(petition, wen, MONDAY)
        with pytest.raises(WrongStage, match="办理中"):
            operations.accept(petition, zhao, MONDAY)
        petition.refresh_from_db()
        assert (petition.handler, steps(petition)) == (wen, ["file", "dispatch", "accept"])


class TestDeclining:
    def test_takes_two_people(self, lan, lantern, mei, pei):
        petition = filed(lan, lantern, MONDAY)
        with pytest.raises(WrongStage, match="须先由一人提出“不予受理”"):
            operations.decline(petition, mei, MONDAY)
        operations.propose_decline(petition, mei, MONDAY, reason="not ours", guidance="请向法院起诉。")
        with pytest.raises(WrongStage, match="提出人不能审批"):
            operations.decline(petition, mei, MONDAY)
        with pytest.raises(WrongStage, match="等待审批"):
            dispatched(petition, mei, MONDAY)
        petition = operations.decline(petition, pei, MONDAY)
        assert (petition.stage, clocks(petition)) == ("declined", {})
        assert petition.events.get(step="decline").note == "请向法院起诉。"
        assert petition.deadlines.get().on_time is True

    def test_a_refused_proposal_goes_back_to_dispatch(self, lan, lantern, mei, pei):
        petition = filed(lan, lantern, MONDAY)
        operations.propose_decline(petition, mei, MONDAY, reason="not ours", guidance="请向法院起诉。")
        operations.keep(petition, pei, MONDAY, note="属于本区职责。")
        assert dispatched(petition, mei, MONDAY).stage == "dispatched"
        assert "propose_decline" not in told(lan)

    def test_who_proposed_may_take_it_back(self, lan, lantern, mei):
        petition = filed(lan, lantern, MONDAY)
        operations.propose_decline(petition, mei, MONDAY, reason="not ours", guidance="请向法院起诉。")
        petition = operations.keep(petition, mei, MONDAY, note="看错了。")
        assert (petition.stage, petition.proposal) == ("filed", None)


class TestHelping:
    def test_the_lead_waits_for_its_co_organisers_unless_it_says_why_not(self, lan, lantern, mei, wen, rui):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ",))
        operations.accept(petition, wen, MONDAY)
        with pytest.raises(ValidationError) as refused:
            replied(petition, wen, MONDAY)
        assert list(refused.value.message_dict) == ["waiver"]
        assert replied(petition, wen, MONDAY, waiver="道路部分另案处理").stage == "replied"
        assert petition.co_organisations.get().waived_because == "道路部分另案处理"

    def test_advice_settles_it_and_stays_inside(self, lan, lantern, mei, wen, rui):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ",))
        operations.accept(petition, wen, MONDAY)
        operations.advise(petition, rui, MONDAY, answer="路面下周重铺。")
        assert petition.events.get(step="advise").public is False
        assert ("advise" in told(wen), "advise" in told(lan)) == (True, False)
        with pytest.raises(WrongStage, match="协办"):
            operations.advise(petition, rui, MONDAY, answer="再说一遍。")
        assert replied(petition, wen, MONDAY).stage == "replied"

    def test_a_unit_may_be_asked_later_and_again(self, lan, lantern, mei, wen, rui):
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        roads = Unit.objects.filter(code="JTJ")
        operations.consult(petition, wen, MONDAY, units=roads, question="路沿能否降低？")
        operations.advise(petition, rui, MONDAY, answer="可以。")
        operations.consult(petition, wen, MONDAY, units=roads, question="何时施工？")
        assert petition.co_organisations.get().answered_at is None
        assert [event.note for event in petition.events.filter(step="advise")] == ["可以。"]

    def test_a_unit_does_not_ask_itself(self, lan, lantern, mei, wen):
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        with pytest.raises(ValidationError):
            operations.consult(petition, wen, MONDAY, units=Unit.objects.filter(code="SWJ"), question="？")


class TestAfterTheAnswer:
    @pytest.fixture
    def answered(self, lan, lantern, mei, wen) -> Petition:
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        return replied(petition, wen, at("2026-06-09"))

    def test_dissatisfied_once_goes_back_to_the_unit_with_new_clocks(self, answered, lan):
        petition = rated(answered, lan, at("2026-06-10"), solved="no", satisfaction=2)
        assert petition.stage == "rework"
        assert clocks(petition) == {"close": "06-25 18:00", "feedback": "06-15 18:00"}
        assert petition.deadlines.filter(clock="feedback").order_by("cycle").values_list("cycle", "on_time")[0] == (
            0,
            True,
        )

    def test_dissatisfied_twice_closes_and_goes_to_the_call_back_officer(self, answered, lan, wen, zhao, hua):
        petition = rated(answered, lan, at("2026-06-10"), solved="no", satisfaction=1)
        petition = rated(
            signed(petition, wen, zhao, at("2026-06-11")), lan, at("2026-06-12"), solved="no", satisfaction=1
        )
        assert (petition.stage, told(hua)) == ("closed", ["dissatisfied"])
        petition = operations.reopen(petition, hua, at("2026-06-15"), note="回访核实：合法合理，可以办。")
        assert (petition.stage, petition.closed_at, petition.rework_count) == ("rework", None, 2)

    def test_nobody_rates_the_own_ticket(self, answered, wen, hua):
        with pytest.raises(PermissionDenied):
            rated(answered, wen, at("2026-06-10"))
        operations.evaluate(answered, hua, at("2026-06-10"), solved="yes", contacted=True, satisfaction=4)
        assert answered.evaluations.get().by_call_back is True

    def test_reopening_ends_after_thirty_days(self, answered, lan):
        petition = rated(answered, lan, at("2026-06-10"))
        with pytest.raises(WrongStage, match="30 天"):
            operations.reopen(petition, lan, at("2026-07-11"), note="又积水了")
        assert operations.reopen(petition, lan, at("2026-07-10", "09:59"), note="又积水了").stage == "rework"

    def test_withdrawing_under_pressure_is_told_to_supervision(self, lan, lantern, shen):
        petition = operations.withdraw(filed(lan, lantern, MONDAY), lan, MONDAY, note="不办了", pressed=True)
        assert (petition.stage, clocks(petition), told(shen)) == ("withdrawn", {}, ["pressed"])
        assert petition.deadlines.get().cancelled_at == MONDAY


class TestTheClockToTheSecond:
    @pytest.mark.parametrize(("clock", "on_time"), [("18:00:00", True), ("18:00:00.001", False)])
    def test_met_at_the_very_moment_is_in_time(self, lan, lantern, mei, wen, clock, on_time):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        operations.accept(petition, wen, at("2026-06-09", clock))
        assert Deadline.objects.get(clock="accept").on_time is on_time

    def test_a_rework_keeps_what_the_first_round_earned(self, lan, lantern, mei, wen):
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        petition = rated(replied(petition, wen, at("2026-06-10")), lan, at("2026-06-10"), satisfaction=1)
        operations.interim(petition, wen, at("2026-06-25"), body="晚了。", promised_on=date(2026, 6, 26))
        rows = Deadline.objects.filter(clock="feedback").order_by("cycle")
        assert list(rows.values_list("on_time", flat=True)) == [True, False]


class TestTheLog:
    @pytest.mark.parametrize("sql", ["UPDATE petitions_event SET note = 'x'", "DELETE FROM petitions_event"])
    def test_only_grows(self, lan, lantern, sql):
        filed(lan, lantern, MONDAY)
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert Event.objects.get().note != "x"

    def test_a_refused_step_leaves_nothing_behind(self, lan, lantern, mei, wen):
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        before = (Event.objects.count(), Notice.objects.count(), Attachment.objects.count())
        with pytest.raises(ValidationError):
            operations.interim(petition, wen, at("2026-06-10"), body="x", promised_on=date(2026, 6, 9))
        assert (Event.objects.count(), Notice.objects.count(), Attachment.objects.count()) == before
        assert Petition.objects.get().stage == Stage.ACCEPTED


def test_a_reader_hears_the_units_name_in_the_own_language(lan, lantern, mei, wen):
    dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
    notice = Notice.objects.get(recipient=lan, kind="dispatch")
    assert "Water Bureau" in render(notice, "en").body
    assert "区水务局" in render(notice, "zh-hans").body
