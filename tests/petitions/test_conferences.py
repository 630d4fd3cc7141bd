"""Joint conferences: convened, written down, published, and so written back to the tickets."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from directory.models import Unit
from notices.models import Notice
from notices.wording import render
from petitions import operations
from petitions.conferences import Minutes
from petitions.models import Conference, Petition
from petitions.process import WrongStage
from tests.cast import at
from tests.petitions.conferring import convened, decided
from tests.petitions.stories import dispatched, filed, rated, replied
from tests.petitions.test_at_once import meanwhile, until_blocked

pytestmark = pytest.mark.usefixtures("catalogue")
MONDAY = at("2026-06-08")
TUESDAY, WEDNESDAY = at("2026-06-09"), at("2026-06-10")


def accepted(lan, lantern, mei, wen, standard="P2", title="厂区门口积水", helpers=()) -> Petition:
    petition = filed(lan, lantern, MONDAY, title=title)
    petition = dispatched(petition, mei, MONDAY, standard=standard, helpers=helpers)
    return operations.accept(petition, wen, MONDAY, handler=wen)


@pytest.fixture
def petition(lan, lantern, mei, wen) -> Petition:
    return accepted(lan, lantern, mei, wen)


def told(user) -> list[str]:
    kinds = ("convened", "published", "called_off")
    found = Notice.objects.filter(recipient=user, kind__in=kinds)
    return list(found.order_by("id").values_list("kind", flat=True))


def again(record):
    return type(record).objects.get(pk=record.pk)


class TestConvening:
    def test_the_units_invited_and_those_that_lead_are_told(self, petition, shen, wen, zhao, rui, mei, lan):
        held = convened(shen, MONDAY, petition, held_at=WEDNESDAY, units=["JTJ"])
        assert sorted(held.units.values_list("code", flat=True)) == ["JTJ", "SWJ"]
        assert [told(one) for one in (wen, zhao, rui, mei, lan, shen)] == [["convened"]] * 3 + [[]] * 3
        notice = Notice.objects.get(recipient=rui, kind="convened")
        words = render(notice, "zh-hans")
        assert (notice.about, notice.path) == (held.number, f"/conferences/{held.number}/")
        assert words.subject == "联席会议：排涝专题联席会议"
        assert "地点：区政府 301" in words.lines
        assert any("2026年6月10日" in line or "2026-06-10" in line for line in words.lines)

    def test_the_same_form_sent_twice_convenes_once(self, petition, shen, rui):
        key = uuid4()
        first = convened(shen, MONDAY, petition, key=key, units=["JTJ"])
        assert convened(shen, MONDAY, petition, key=key, units=["JTJ"]) == first
        assert (Conference.objects.count(), first.agenda.count(), told(rui)) == (1, 1, ["convened"])

    @pytest.mark.parametrize("person", ["mei", "zhao", "ada", "lan"])
    def test_only_supervision_and_leaders_convene(self, petition, request, person):
        with pytest.raises(PermissionDenied, match="只有督查室和区领导"):
            convened(request.getfixturevalue(person), MONDAY, petition)

    def test_a_leader_may(self, petition, luo):
        assert convened(luo, MONDAY, petition).convened_by == luo

    def test_neither_last_year_nor_in_two_years(self, petition, shen):
        for days in (-32, 367):
            with pytest.raises(ValidationError, match="最近一个月至今后一年"):
                convened(shen, MONDAY, petition, held_at=MONDAY + timedelta(days=days))

    def test_a_petition_without_a_unit_is_nothing_to_confer_about(self, lan, lantern, shen):
        with pytest.raises(ValidationError, match=r"QS\S+ 现处于“待分拨”，不能列入议题"):
            convened(shen, MONDAY, filed(lan, lantern, MONDAY))
        assert not Conference.objects.exists()


class TestChanging:
    def arranged(self, held, by, now, petitions, **words):
        said = {name: getattr(held, name) for name in ("title", "held_at", "chair", "place")} | words
        return operations.rearrange(held, by, now, petitions=petitions, **said)

    def test_who_is_newly_invited_is_told_and_everybody_of_another_time(self, petition, shen, wen, rui):
        held = convened(shen, MONDAY, petition, held_at=WEDNESDAY)
        held = self.arranged(held, shen, MONDAY, [petition], units=Unit.objects.filter(code="JTJ"))
        assert (told(wen), told(rui)) == (["convened"], ["convened"])
        self.arranged(held, shen, MONDAY, [petition], units=held.units.all(), held_at=at("2026-06-11"))
        assert (told(wen), told(rui)) == (["convened"] * 2, ["convened"] * 2)

    def test_what_stays_on_the_agenda_keeps_what_was_written(self, petition, lan, lantern, mei, wen, shen):
        other = accepted(lan, lantern, mei, wen, title="另一件")
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY)
        held = self.arranged(held, shen, MONDAY, [other, petition])
        assert dict(held.agenda.values_list("petition__title", "decision")) == {
            "厂区门口积水": "由区水务局牵头推进。", "另一件": "",
        }  # fmt: skip
        held = self.arranged(held, shen, MONDAY, [other])
        assert list(held.agenda.values_list("petition__title", flat=True)) == ["另一件"]
        with pytest.raises(ValidationError, match="请列入 1 至 30 件"):
            self.arranged(held, shen, MONDAY, [])

    def test_an_older_page_does_not_overwrite_what_another_wrote(self, petition, shen, luo):
        held = convened(shen, MONDAY, petition)
        operations.minute(held, shen, MONDAY, remarks="先到", version=0)
        with pytest.raises(WrongStage, match="刚被他人修改"):
            operations.minute(held, luo, MONDAY, remarks="后到", version=0)
        assert again(held).remarks == "先到"

    def test_called_off_everybody_hears_why_and_nothing_more_happens(self, petition, shen, wen):
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY)
        operations.call_off(held, shen, TUESDAY, reason="台风")
        assert told(wen) == ["convened", "called_off"]
        assert "说明：台风" in render(Notice.objects.get(kind="called_off", recipient=wen), "zh-hans").lines
        for act in (operations.publish, operations.minute):
            with pytest.raises(WrongStage, match="会议已取消"):
                act(held, shen, TUESDAY)


class TestPublishing:
    def test_each_decision_is_written_back_with_owner_and_date(self, petition, shen, wen, rui, lan):
        owner = Unit.objects.get(code="JTJ")
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY, owner=owner, due_on=date(2026, 6, 15))
        operations.publish(held, shen, TUESDAY)
        event = petition.events.get(step="resolve")
        assert (event.note, event.public) == ("由区水务局牵头推进。", False)
        assert {name: event.facts[name] for name in ("conference", "owner", "due_on")} == {
            "conference": held.number, "owner": "JTJ", "due_on": "2026-06-15",
        }  # fmt: skip
        helper = petition.co_organisations.get()
        assert (helper.unit, helper.question) == (owner, "由区水务局牵头推进。")
        assert petition.deadlines.get(clock="co_organise").due_at == at("2026-06-15", "18:00")
        assert (told(wen), told(rui), told(lan)) == (["convened", "published"], ["published"], [])

    def test_a_day_off_counts_as_the_next_working_day(self, petition, shen, rui):
        owner = Unit.objects.get(code="JTJ")
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY, owner=owner, due_on=date(2026, 6, 20))
        operations.publish(held, shen, at("2026-06-18"))
        assert petition.deadlines.get(clock="co_organise").due_at == at("2026-06-22", "18:00")

    def test_what_was_refused_is_off_the_table_with_the_decision_as_its_reason(self, petition, shen, zhao, luo):
        operations.ask_park(
            petition, zhao, MONDAY, note="先勘测", responsible=luo, milestones=[(date(2026, 6, 15), "答复")]
        )
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY, verdict="refused", decision="两周内办结。")
        operations.publish(held, shen, TUESDAY)
        assert (again(petition).stage, again(petition).proposal) == ("accepted", None)
        assert petition.events.get(step="refuse_park").note == "两周内办结。"

    def test_a_hard_matter_is_extended_by_conference_only(self, lan, lantern, mei, wen, shen):
        petition = accepted(lan, lantern, mei, wen, standard="P4")
        before = petition.deadlines.get(clock="close").due_at
        petition = operations.ask_extend(petition, wen, MONDAY, clock="close", days=10, note="等设备")
        assert petition in Petition.objects.awaiting_conference()
        assert petition not in Petition.objects.awaiting(mei, MONDAY)
        assert petition in Petition.objects.awaiting(shen, MONDAY)
        with pytest.raises(WrongStage, match="须由联席会议议定"):
            operations.extend(petition, mei, TUESDAY)
        operations.publish(decided(convened(shen, MONDAY, petition), shen, MONDAY, verdict="approved"), shen, TUESDAY)
        assert petition.deadlines.get(clock="close").due_at == at("2026-08-04", "18:00")
        assert before == at("2026-07-21", "18:00")

    def test_a_leader_leaves_the_publication_of_an_extension_to_supervision(self, lan, lantern, mei, wen, luo, shen):
        petition = accepted(lan, lantern, mei, wen, standard="P4")
        operations.ask_extend(petition, wen, MONDAY, clock="close", days=10, note="等设备")
        held = decided(convened(luo, MONDAY, petition), luo, MONDAY, verdict="approved")
        with pytest.raises(ValidationError, match="延期申请须由督查室公布纪要"):
            operations.publish(held, luo, TUESDAY)
        assert operations.publish(held, shen, TUESDAY).published_by == shen

    def test_all_or_nothing_and_each_refusal_names_its_petition(self, petition, lan, lantern, mei, wen, shen):
        other = accepted(lan, lantern, mei, wen, title="另一件")
        third = accepted(lan, lantern, mei, wen, title="第三件")
        held = decided(convened(shen, MONDAY, petition, other, third), shen, MONDAY)
        held.agenda.filter(petition=other).update(decision="")
        operations.withdraw(third, lan, MONDAY, note="不办了", pressed=False)
        with pytest.raises(ValidationError) as refused:
            operations.publish(held, shen, TUESDAY)
        assert refused.value.message_dict == {
            other.number: [f"{other.number}：没有写明议定事项。"],
            third.number: [
                f"{third.number}：诉求现在处于“已撤回”，不能再进行“会商议定”，请查看最新进展。"
            ],
        }  # fmt: skip
        assert again(held).published_at is None
        assert not petition.events.filter(step="resolve").exists()
        assert told(wen) == ["convened"]

    def test_nobody_concludes_over_the_ticket_of_their_own_unit(self, lan, lantern, mei, luo, shen):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, lead="FGJ")
        held = decided(convened(luo, MONDAY, petition), luo, MONDAY)
        with pytest.raises(ValidationError, match=f"{petition.number}：不能审批、评价或裁定本单位办理的诉求"):
            operations.publish(held, luo, TUESDAY)
        operations.publish(held, shen, TUESDAY)

    def test_what_was_asked_after_the_conference_met_waits_for_the_next(self, petition, shen, zhao, luo):
        held = convened(shen, MONDAY, petition)
        operations.ask_park(
            petition, zhao, TUESDAY, note="先勘测", responsible=luo, milestones=[(date(2026, 6, 15), "答复")]
        )
        held = decided(held, shen, TUESDAY, verdict="approved")
        with pytest.raises(ValidationError, match="会议之后提出"):
            operations.publish(held, shen, WEDNESDAY)

    def test_not_before_it_was_held(self, petition, shen):
        held = decided(convened(shen, MONDAY, petition, held_at=WEDNESDAY), shen, MONDAY)
        with pytest.raises(ValidationError, match="会议尚未召开"):
            operations.publish(held, shen, TUESDAY)

    def test_a_date_that_has_passed_is_no_date(self, petition, shen):
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY, due_on=date(2026, 6, 9))
        with pytest.raises(ValidationError, match="完成日期须晚于今天"):
            operations.publish(held, shen, TUESDAY)

    def test_the_same_form_sent_twice_publishes_once_another_is_told(self, petition, shen, luo, wen):
        held, key = decided(convened(shen, MONDAY, petition), shen, MONDAY), uuid4()
        for _ in range(2):
            assert operations.publish(held, shen, TUESDAY, key=key, version=1).published_by == shen
        with pytest.raises(WrongStage, match="会议纪要已公布"):
            operations.publish(held, luo, TUESDAY, key=uuid4(), version=1)
        assert petition.events.filter(step="resolve").count() == 1
        assert told(wen) == ["convened", "published"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(petition, shen, luo):
    held = decided(convened(shen, MONDAY, petition), shen, MONDAY)
    with transaction.atomic():
        operations.publish(held, shen, TUESDAY, key=uuid4(), version=1)
        other, answers = meanwhile(lambda: operations.publish(held, luo, TUESDAY, key=uuid4(), version=1))
        until_blocked(other)
    other.join()
    assert [str(one) for one in answers] == ["会议纪要已公布，不能再修改。"]
    assert (again(held).published_by, petition.events.filter(step="resolve").count()) == (shen, 1)


class TestWhatCameOfIt:
    def came(self, held, user, now) -> list[str]:
        return [line.came for line in Minutes(again(held), user, now).lines]

    def test_another_unit_has_done_its_part_with_its_answer(self, petition, shen, rui):
        owner = Unit.objects.get(code="JTJ")
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY, owner=owner, due_on=date(2026, 6, 15))
        operations.publish(held, shen, TUESDAY)
        assert self.came(held, shen, TUESDAY) == ["open"]
        assert self.came(held, shen, at("2026-06-15", "20:00")) == ["open"]
        assert self.came(held, shen, at("2026-06-16")) == ["late"]
        operations.advise(petition, rui, at("2026-06-16"), answer="已挖开")
        assert self.came(held, shen, at("2026-06-16", "11:00")) == ["done late"]

    def test_the_lead_unit_has_with_its_reply(self, petition, shen, wen, lan):
        held = decided(convened(shen, MONDAY, petition), shen, MONDAY, owner=petition.lead, due_on=date(2026, 6, 15))
        operations.publish(held, shen, TUESDAY)
        replied(petition, wen, WEDNESDAY)
        assert self.came(held, shen, at("2026-06-11")) == ["done"]
        rated(petition, lan, at("2026-06-17"))
        assert self.came(held, shen, at("2026-06-18")) == ["done"]
