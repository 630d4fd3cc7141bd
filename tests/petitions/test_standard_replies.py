"""Standard replies: kept in the back office, offered where they fit, put into the text, never sent by themselves."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from directory.models import Unit
from petitions import operations
from petitions.models import Category, StandardReply
from petitions.standard_replies import STEPS_WITH_REPLIES, offer
from petitions.variables import check_variables
from tests.cast import at, make_user, seat
from tests.petitions.stories import dispatched, filed, promised

pytestmark = pytest.mark.usefixtures("catalogue")
NOW = at("2023-06-13")
BODY = "{企业}：您{今天}反映的“{标题}”（{编号}）由{牵头单位}{经办人}办理，{承诺日期}前答复。"


def kept(title="办理说明", step="reply", body=BODY, **more) -> StandardReply:
    return StandardReply.objects.create(title=title, step=step, body=body, **more)


@pytest.fixture
def petition(lan, lantern, mei, wen):
    return operations.accept(dispatched(filed(lan, lantern, NOW), mei, NOW), wen, NOW)


@pytest.fixture
def as_wen(client, wen):
    client.force_login(wen)
    return client


def form_of(petition, step: str) -> str:
    return reverse("petitions:take_step", args=[petition.number, step])


class TestVariables:
    def test_those_that_are_known_pass(self):
        check_variables(BODY)

    def test_one_nobody_knows_is_named_with_those_that_may_be_used(self):
        with pytest.raises(ValidationError, match=r"没有“\{厂名\}”这个变量；可以使用：\{企业\}、\{编号\}"):
            check_variables("{厂名}：已办结")

    @pytest.mark.parametrize("text", ["{企业：已办结", "企业}：已办结", "{{企业}}：已办结"])
    def test_a_brace_without_its_other_half_is_shown_where_it_stands(self, text):
        with pytest.raises(ValidationError, match="没有成对"):
            check_variables(text)


class TestBackOffice:
    @pytest.fixture
    def office(self, client):
        client.force_login(seat(make_user("admin", "管理员"), "GXJ", "system administrator"))
        return client

    def row(self, **words) -> dict:
        return {"title": "办理说明", "step": "reply", "body": BODY, "valid_from": "2023-01-01"} | words

    def test_keeps_a_reply(self, office):
        assert office.post("/admin/petitions/standardreply/add/", self.row()).status_code == 302
        assert StandardReply.objects.get().body == BODY

    def test_refuses_an_unknown_variable_at_the_text(self, office):
        answer = office.post("/admin/petitions/standardreply/add/", self.row(body="{厂名}：已办结"))
        assert "{厂名}" in answer.context["adminform"].form.errors["body"][0]

    def test_offers_only_steps_of_the_offices_that_have_a_text(self, office):
        answer = office.post("/admin/petitions/standardreply/add/", self.row(step="evaluate"))
        assert "step" in answer.context["adminform"].form.errors
        assert {"interim", "reply", "accept", "clarify", "propose_decline", "transfer", "advise", "respond"} <= set(
            STEPS_WITH_REPLIES
        )
        assert {"supplement", "urge", "withdraw", "evaluate"}.isdisjoint(STEPS_WITH_REPLIES)


class TestOffer:
    def titles(self, petition, step, by, now=NOW) -> list[str]:
        found = offer(petition, step, by, now)
        return list(found.texts) if found else []

    def test_is_what_fits_the_step_the_category_and_the_unit_today(self, petition, wen):
        street, roads = Category.objects.get(code="A1"), Unit.objects.get(code="JTJ")
        kept("通用")
        kept("排水", category=petition.category, unit=petition.lead)
        kept("别类", category=street)
        kept("别单位", unit=roads)
        kept("别步骤", "interim")
        kept("过期", valid_to="2023-06-01")
        assert self.titles(petition, "reply", wen) == ["排水", "通用"]
        assert self.titles(petition, "submit", wen) == ["排水", "通用"]
        assert self.titles(petition, "interim", wen) == ["别步骤"]

    def test_of_two_with_one_title_the_units_own_is_meant(self, petition, wen):
        kept("通用", body="通用文字")
        kept("通用", body="本局文字", unit=petition.lead)
        assert offer(petition, "reply", wen, NOW).texts == {"通用": "本局文字"}

    def test_puts_in_what_is_known_and_leaves_open_what_is_not(self, petition, wen):
        kept()
        said = offer(petition, "reply", wen, NOW).texts["办理说明"]
        assert said == (
            f"灯笼制造有限公司：您2023年6月13日反映的“厂区门口积水”（{petition.number}）由区水务局文经办办理，"
            "{承诺日期}前答复。"
        )
        petition = promised(petition, wen, NOW, at("2023-07-01").date())
        assert "2023年7月1日前答复" in offer(petition, "reply", wen, NOW).texts["办理说明"]

    def test_costs_one_query_and_no_more_for_fifty(self, petition, wen, django_assert_num_queries):
        for n in (0, 50):
            StandardReply.objects.bulk_create(
                StandardReply(title=f"第{i}种", step="reply", body=BODY) for i in range(n)
            )
            with django_assert_num_queries(1):
                offer(petition, "reply", wen, NOW)


class TestForm:
    def test_shows_no_choice_where_there_is_none(self, as_wen, petition):
        assert b"standard_reply" not in as_wen.get(form_of(petition, "reply")).content

    def test_is_prefilled_from_its_address(self, as_wen, petition):
        kept(body="{企业}：<已办结>")
        page = as_wen.get(form_of(petition, "reply"), {"standard_reply": "办理说明"}).content.decode()
        assert "灯笼制造有限公司：&lt;已办结&gt;</textarea>" in page

    def test_keeps_what_was_typed(self, as_wen, petition):
        kept(body="此复。")
        sent = {"fill": "1", "standard_reply": "办理说明", "conclusion": "partly", "body": "已清淤。", "basis": "条例"}
        page = as_wen.post(form_of(petition, "reply"), sent, headers={"HX-Request": "true"})
        form = page.context["form"]
        assert form["body"].value() == "已清淤。\n\n此复。"
        assert (form["conclusion"].value(), form["basis"].value()) == ("partly", "条例")
        assert "HX-Retarget" not in page
        assert petition.replies.count() == 0

    def test_replaces_another_that_nobody_changed(self, as_wen, petition):
        kept("甲", body="甲文")
        kept("乙", body="乙文")
        sent = {"fill": "1", "standard_reply": "乙", "body": "甲文"}
        assert as_wen.post(form_of(petition, "reply"), sent).context["form"]["body"].value() == "乙文"

    def test_takes_the_day_just_typed_for_the_promised_one(self, as_wen, petition):
        kept("计划", "interim", "{承诺日期}前答复。")
        sent = {"fill": "1", "standard_reply": "计划", "promised_on": "2023-07-01", "body": ""}
        said = as_wen.post(form_of(petition, "interim"), sent).context["form"]
        assert (said["body"].value(), said["promised_on"].value()) == ("2023年7月1日前答复。", "2023-07-01")

    def test_does_not_send_a_variable_left_open(self, as_wen, petition):
        sent = {"conclusion": "solved", "body": "{承诺日期}前答复。", "basis": "条例"}
        answer = as_wen.post(form_of(petition, "reply"), sent)
        assert answer.status_code == 422
        assert answer.context["form"].errors["body"] == ["请先填写{承诺日期}。"]

    def test_is_not_filled_for_whoever_may_not_take_the_step(self, client, petition, lan):
        kept()
        client.force_login(lan)
        answer = client.post(form_of(petition, "reply"), {"fill": "1", "standard_reply": "办理说明"})
        assert answer.status_code == 403
        assert "{承诺日期}" not in answer.content.decode()
