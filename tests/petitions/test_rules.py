"""What each step of the process refuses, with the sentence that says why, and what it leaves behind."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from directory.models import Post, Unit
from notices.models import Notice
from petitions import operations
from petitions.models import Petition
from petitions.process import WrongStage
from tests.cast import at, seat
from tests.petitions.stories import dispatched, drafted, filed, rated, replied, signed
from workdays.limits import Limit

pytestmark = pytest.mark.usefixtures("catalogue")
MONDAY, TUESDAY = at("2026-06-08"), at("2026-06-09")
WHY = {"note": "写明理由"}


@pytest.fixture
def roads(db, catalogue) -> Unit:
    return Unit.objects.get(code="JTJ")


@pytest.fixture
def petition(lan, lantern, mei) -> Petition:
    return dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)


@pytest.fixture
def accepted(petition, wen) -> Petition:
    return operations.accept(petition, wen, MONDAY)


def told(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("kind", flat=True))


def refused(field: str):
    return pytest.raises(ValidationError, match=field)


class TestAskingForMore:
    def test_is_done_once_and_the_answer_goes_back_to_the_desk(self, lan, lantern, mei, chen):
        petition = operations.clarify(filed(lan, lantern, MONDAY), mei, MONDAY, note="请附租赁合同。")
        assert (petition.stage, petition.due_clock, told(lan)) == ("incomplete", "supplement", ["clarify"])
        petition = operations.supplement(petition, chen, TUESDAY, body="合同见附件。")
        assert (petition.stage, petition.due_clock) == ("filed", "dispatch")
        with pytest.raises(WrongStage, match="只能要求补正一次"):
            operations.clarify(petition, mei, TUESDAY, note="还缺照片。")

    def test_nobody_else_supplements(self, lan, lantern, mei, stranger, wen):
        petition = operations.clarify(filed(lan, lantern, MONDAY), mei, MONDAY, **WHY)
        for person in (stranger, wen, mei):
            with pytest.raises(PermissionDenied, match="补正"):
                operations.supplement(petition, person, MONDAY, body="？")


class TestObjecting:
    @pytest.fixture
    def declined(self, lan, lantern, mei, pei) -> Petition:
        petition = filed(lan, lantern, MONDAY)
        operations.propose_decline(petition, mei, MONDAY, reason="in court", guidance="请向法院起诉。")
        return operations.decline(petition, pei, MONDAY)

    def test_brings_it_back_to_the_desk_once(self, declined, lan, mei, pei):
        petition = operations.object(declined, lan, at("2026-06-15", "18:00"), note="并未起诉。")
        assert (petition.stage, petition.due_clock) == ("filed", "dispatch")
        operations.propose_decline(petition, mei, at("2026-06-15"), reason="in court", guidance="请向法院起诉。")
        petition = operations.decline(petition, pei, at("2026-06-15"))
        with pytest.raises(WrongStage, match="一次异议"):
            operations.object(petition, lan, at("2026-06-16"), **WHY)

    def test_ends_with_the_fifth_working_day(self, declined, lan):
        with pytest.raises(WrongStage, match="5 个工作日"):
            operations.object(declined, lan, at("2026-06-15", "18:01"), **WHY)


class TestWhoseTicketItIs:
    def test_turned_away_once_it_is_the_desks_to_say(self, petition, wen, zhao, mei, roads, rui, lan):
        with pytest.raises(PermissionDenied):
            operations.contest(petition, wen, MONDAY, proposed=roads, **WHY)
        petition = operations.contest(petition, zhao, MONDAY, proposed=roads, note="三定方案第三条")
        assert (petition.stage, told(mei)[-1], "contest" in told(lan)) == ("contested", "contest", False)
        petition = operations.redispatch(petition, mei, TUESDAY, lead=roads, note="道路事项")
        assert (petition.stage, petition.lead, told(rui), told(lan)[-1]) == (
            "dispatched", roads, ["redispatch"], "redispatch",
        )  # fmt: skip
        assert not Petition.objects.visible_to(wen, TUESDAY).filter(pk=petition.pk).exists()

    def test_within_a_working_day(self, petition, zhao, roads):
        with pytest.raises(WrongStage, match="1 个工作日"):
            operations.contest(petition, zhao, at("2026-06-09", "18:01"), proposed=roads, **WHY)
        assert operations.contest(petition, zhao, at("2026-06-09", "18:00"), proposed=roads, **WHY).contest_count == 1

    def test_not_to_itself(self, petition, zhao):
        with refused("本单位以外"):
            operations.contest(petition, zhao, MONDAY, proposed=petition.lead, **WHY)

    def test_the_second_time_the_panel_rules_and_there_is_no_third(self, petition, zhao, mei, ping, roads, lan):
        operations.contest(petition, zhao, MONDAY, proposed=roads, **WHY)
        petition = operations.uphold(petition, mei, MONDAY, **WHY)
        with pytest.raises(WrongStage, match="须提请裁定小组"):
            operations.contest(petition, zhao, TUESDAY, proposed=roads, **WHY)
        petition = operations.appeal(petition, zhao, TUESDAY, proposed=roads, **WHY)
        assert (petition.due_clock in ("panel_ruling", "accept"), told(ping)) == (True, ["appeal"])
        with pytest.raises(WrongStage, match="裁定小组裁定"):
            operations.uphold(petition, mei, TUESDAY, **WHY)
        petition = operations.rule(petition, ping, TUESDAY, lead=petition.lead, note="由水务局牵头")
        for again in (operations.contest, operations.appeal):
            with pytest.raises(WrongStage, match="裁定"):
                again(petition, zhao, TUESDAY, proposed=roads, **WHY)

    def test_nobody_rules_for_the_own_unit(self, petition, zhao, mei, roads):
        seat(mei, "SWJ", Post.Role.MEMBER)
        del mei._seats
        petition = operations.contest(petition, zhao, MONDAY, proposed=roads, **WHY)
        with pytest.raises(WrongStage, match="本单位办理的诉求"):
            operations.uphold(petition, mei, MONDAY, **WHY)


class TestSigning:
    @pytest.fixture
    def draft(self, lan, lantern, mei, wen) -> Petition:
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, standard="P3")
        return drafted(operations.accept(petition, wen, MONDAY), wen, MONDAY)

    def test_the_enterprise_sees_nothing_before_it_is_signed(self, draft, lan, zhao):
        assert (draft.stage, draft.answered_at, told(lan)[-1]) == ("signing", None, "accept")
        petition = operations.sign(draft, zhao, TUESDAY)
        assert (petition.stage, petition.answered_at, told(lan)[-1]) == ("replied", TUESDAY, "sign")
        assert petition.replies.get().shown_at == TUESDAY

    def test_a_key_matter_is_not_answered_without_it(self, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, standard="P3")
        petition = operations.accept(petition, wen, MONDAY)
        with pytest.raises(WrongStage, match="送本单位负责人审签"):
            replied(petition, wen, MONDAY)

    def test_and_a_plain_one_needs_none(self, accepted, wen):
        with pytest.raises(WrongStage, match="不须审签"):
            drafted(accepted, wen, MONDAY)

    def test_the_member_does_not_sign_nor_the_head_what_they_drafted(self, lan, lantern, mei, wen, zhao, draft):
        with pytest.raises(PermissionDenied):
            operations.sign(draft, wen, MONDAY)
        petition = operations.send_back(draft, zhao, MONDAY, note="写明日期")
        petition = drafted(petition, zhao, MONDAY)
        with pytest.raises(WrongStage, match="自己起草"):
            operations.sign(petition, zhao, MONDAY)

    def test_sent_back_it_returns_to_where_it_was_worked_on(self, draft, lan, wen, zhao):
        petition = operations.send_back(draft, zhao, MONDAY, note="写明日期")
        assert (petition.stage, petition.draft) == ("accepted", None)
        petition = rated(signed(petition, wen, zhao, MONDAY), lan, MONDAY, solved="no", satisfaction=1)
        petition = operations.send_back(drafted(petition, wen, MONDAY), zhao, MONDAY, note="再改")
        assert petition.stage == "rework"


class TestMoreTime:
    def ask(self, petition, by, now=MONDAY, **words):
        words = {"reason": "force majeure", "until_on": date(2026, 6, 12)} | words
        return operations.ask_suspend(petition, by, now, **words, **WHY)

    def test_suspending_takes_two_and_not_the_units_own(self, accepted, wen, mei, pei):
        self.ask(accepted, wen)
        seat(pei, "SWJ", Post.Role.MEMBER)
        with pytest.raises(WrongStage, match="本单位办理的诉求"):
            operations.suspend(accepted, pei, MONDAY)
        petition = operations.suspend(accepted, mei, MONDAY)
        assert (petition.stage, petition.due_clock) == ("suspended", "suspension")

    def test_who_asked_as_the_unit_does_not_grant_as_the_desk(self, accepted, wen):
        self.ask(accepted, wen)
        seat(wen, "DSK", Post.Role.DESK)
        del wen._seats
        with pytest.raises(WrongStage, match="不能审批自己的申请"):
            operations.suspend(accepted, wen, MONDAY)

    def test_ten_working_days_at_most_and_twice(self, accepted, wen, mei, lan):
        with refused("最长 10 个工作日"):
            self.ask(accepted, wen, until_on=date(2026, 6, 30))
        petition = accepted
        for _ in range(2):
            self.ask(petition, wen)
            petition = operations.resume(operations.suspend(petition, mei, MONDAY), wen, MONDAY)
        with pytest.raises(WrongStage, match="最多挂起两次"):
            self.ask(petition, wen)

    def test_the_enterprise_may_protest_once_and_the_desk_then_resumes(self, accepted, wen, mei, lan):
        self.ask(accepted, wen)
        petition = operations.suspend(accepted, mei, MONDAY)
        operations.protest(petition, lan, MONDAY, note="材料早已齐全。")
        with pytest.raises(WrongStage, match="已对本次挂起提出过异议"):
            operations.protest(petition, lan, MONDAY, **WHY)
        assert (told(wen)[-1], operations.resume(petition, mei, TUESDAY).stage) == ("protest", "accepted")

    def test_one_proposal_at_a_time_and_it_falls_when_the_petition_moves_on(self, accepted, wen, pei, lan):
        self.ask(accepted, wen)
        with pytest.raises(WrongStage, match="等待审批"):
            operations.ask_extend(accepted, wen, MONDAY, clock="close", days=2, **WHY)
        petition = replied(accepted, wen, MONDAY)
        assert petition.approvals.get().outcome == "overtaken"
        with pytest.raises(WrongStage, match="待评价"):
            operations.suspend(petition, pei, MONDAY)

    def test_no_extension_beyond_what_the_standard_gives(self, accepted, wen, lan, lantern, mei):
        with refused("最多延期 5 个工作日"):
            operations.ask_extend(accepted, wen, MONDAY, clock="close", days=6, **WHY)
        with refused("现在不能延期"):
            operations.ask_extend(accepted, wen, MONDAY, clock="accept", days=1, **WHY)
        instant = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, standard="P1")
        with pytest.raises(WrongStage, match="不得延期"):
            operations.ask_extend(instant, wen, MONDAY, clock="close", days=1, **WHY)

    def test_the_enterprise_is_told_the_new_date_and_why(self, accepted, wen, shen, lan):
        operations.ask_extend(accepted, wen, MONDAY, clock="close", days=3, note="等待水泵到货")
        assert "ask_extend" not in told(lan)
        petition = operations.extend(accepted, shen, MONDAY)
        event = petition.events.get(step="extend")
        assert (told(lan)[-1], event.note, event.public) == ("extend", "等待水泵到货", True)
        moved = event.facts["clocks"][0]
        assert (moved["clock"], moved["did"], moved["old"][:10], moved["due"][:10]) == (
            "close", "moved", "2026-06-15", "2026-06-18",
        )  # fmt: skip


class TestOneMatter:
    def test_is_merged_with_the_enterprises_own_other_petition_only(self, lan, lantern, mei, stranger, petition):
        other = filed(stranger, stranger.representations.get().enterprise, MONDAY)
        with pytest.raises(WrongStage, match="没有另一件"):
            operations.merge(petition, mei, MONDAY, master=other, **WHY)
        second = filed(lan, lantern, MONDAY, title="又积水")
        for wrong in (other, second):
            with refused("同一企业"):
                operations.merge(second, mei, MONDAY, master=wrong, **WHY)
        merged = operations.merge(second, mei, MONDAY, master=petition, **WHY)
        assert (merged.stage, merged.master, merged.due_at) == ("merged", petition, None)

    def test_and_split_again_it_waits_for_dispatch(self, lan, lantern, mei, petition):
        second = operations.merge(filed(lan, lantern, MONDAY), mei, MONDAY, master=petition, **WHY)
        second = operations.split(second, mei, TUESDAY, **WHY)
        assert (second.stage, second.master, second.due_clock) == ("filed", None, "dispatch")

    def test_transferred_out_it_keeps_the_receipt_and_its_clocks_stop(self, accepted, mei, lan):
        petition = operations.transfer(
            accepted, mei, MONDAY, transferred_to="市市场监管局", receipt_number="W-2026-8", **WHY
        )
        assert (petition.stage, petition.receipt_number, petition.due_at) == ("transferred", "W-2026-8", None)
        assert told(lan)[-1] == "transfer"


class TestPressure:
    def test_the_enterprise_urges_once_a_working_day_its_cadre_whenever_it_must(self, accepted, lan, chen):
        petition = operations.urge(accepted, lan, MONDAY)
        with pytest.raises(WrongStage, match="每个工作日只能催办一次"):
            operations.urge(petition, lan, at("2026-06-08", "17:00"))
        assert operations.urge(operations.urge(petition, chen, MONDAY), lan, TUESDAY).urge_count == 3

    def test_not_on_a_saturday_after_a_friday(self, accepted, lan):
        petition = operations.urge(accepted, lan, at("2026-06-12"))
        with pytest.raises(WrongStage, match="每个工作日"):
            operations.urge(petition, lan, at("2026-06-13"))
        assert operations.urge(petition, lan, at("2026-06-15")).urge_count == 2

    def test_an_urge_is_answered_to_the_enterprise_an_order_to_supervision(self, accepted, lan, wen, shen):
        with pytest.raises(WrongStage, match="没有等待答复"):
            operations.respond(accepted, wen, MONDAY, **WHY)
        petition = operations.respond(operations.urge(accepted, lan, MONDAY), wen, MONDAY, note="泵已到货")
        assert told(lan)[-1] == "respond"
        petition = operations.supervise(petition, shen, TUESDAY, level=1, note="请说明进度")
        operations.respond(petition, wen, TUESDAY, note="明日安装")
        assert (told(lan).count("respond"), told(shen)[-1]) == (1, "order_answered")

    def test_an_order_only_rises(self, accepted, shen, wen):
        petition = operations.supervise(accepted, shen, MONDAY, level=2, **WHY)
        with refused("须高于"):
            operations.supervise(petition, shen, MONDAY, level=2, **WHY)
        with pytest.raises(PermissionDenied):
            operations.supervise(petition, wen, MONDAY, level=3, **WHY)


class TestByLetterOrPhone:
    WORDS = {"title": "积水", "body": "厂门口积水", "channel": "phone", "outside_number": "12345-8"}

    def test_the_desk_registers_it_under_the_standard_of_letters(self, mei, lantern, lan):
        petition, new = operations.file(by=mei, now=MONDAY, key=uuid4(), enterprise=lantern, **self.WORDS)
        assert (new, petition.channel, petition.standard.code, told(lan)) == (True, "phone", "X1", ["file"])
        assert petition.standard.limit("accept") == Limit.parse("7d")

    def test_with_the_channels_own_number(self, mei, lantern):
        with refused("登记编号"):
            operations.file(by=mei, now=MONDAY, key=uuid4(), enterprise=lantern, **self.WORDS | {"outside_number": ""})
        with refused("来信、来访"):
            operations.file(by=mei, now=MONDAY, key=uuid4(), enterprise=lantern, **self.WORDS | {"channel": "visit"})

    def test_nobody_else_does(self, wen, lantern):
        with pytest.raises(PermissionDenied):
            operations.file(by=wen, now=MONDAY, key=uuid4(), enterprise=lantern, **self.WORDS)


def test_a_ticket_is_handed_to_a_colleague_of_the_unit_only(accepted, wen, zhao, lan):
    petition = operations.reassign(accepted, zhao, MONDAY, handler=zhao)
    assert (petition.handler, petition.events.last().facts["handler"]) == (zhao, "赵局长")
    with refused("已是经办人"):
        operations.reassign(petition, zhao, MONDAY, handler=zhao)
    with pytest.raises(PermissionDenied):
        operations.reassign(petition, lan, MONDAY, handler=wen)


def test_contesting_does_not_drop_what_the_unit_was_ordered_to_answer(petition, shen, zhao, mei, wen, roads):
    petition = operations.supervise(petition, shen, MONDAY, level=1, **WHY)
    petition = operations.contest(petition, zhao, MONDAY, proposed=roads, **WHY)
    assert petition.deadlines.running().filter(clock="answer").exists()
    kept = operations.respond(operations.uphold(petition, mei, MONDAY, **WHY), wen, MONDAY, note="明日办")
    assert kept.deadlines.get(clock="answer").on_time is True


def test_but_another_unit_owes_no_answer_to_it(petition, shen, zhao, mei, roads):
    petition = operations.supervise(petition, shen, MONDAY, level=1, **WHY)
    petition = operations.contest(petition, zhao, MONDAY, proposed=roads, **WHY)
    petition = operations.redispatch(petition, mei, MONDAY, lead=roads, **WHY)
    assert petition.deadlines.get(clock="answer").cancelled_at == MONDAY
