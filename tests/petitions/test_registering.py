"""What came by letter, in person, on the web or by phone: registered by the desk, with X1's two promises kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localdate
from rest_framework.test import APIClient

from directory.models import Representative
from notices.models import Notice
from notices.wording import render
from petitions import operations
from petitions.models import Petition
from tests.cast import at, make_enterprise
from tests.petitions.stories import dispatched, filed, promised, replied

pytestmark = pytest.mark.usefixtures("catalogue")
ADDRESS = "/petitions/register/"
FRIDAY = at("2023-06-16")


@pytest.fixture
def as_mei(client, mei):
    client.force_login(mei)
    return client


def letter(enterprise, **words) -> dict:
    said = {"enterprise": enterprise.code, "channel": "letter", "outside_number": "信〔2023〕8 号", "title": "仓库进水",
            "received_on": "2023-06-12", "body": "来信反映每逢暴雨仓库进水。", "key": str(uuid4())}  # fmt: skip
    return said | words


class TestFindingTheEnterprise:
    @pytest.mark.parametrize("words", ["灯笼", "dlzz", "91449999MA0000001"])
    def test_by_part_of_the_name_pinyin_or_code(self, as_mei, lantern, stranger, words):
        page = as_mei.get(ADDRESS, {"q": words}).content.decode()
        assert f"?enterprise={lantern.code}" in page
        assert "路人贸易" not in page

    def test_suggestions_alone_as_one_types(self, as_mei, lantern):
        page = as_mei.get(ADDRESS, {"q": "灯笼"}, headers={"HX-Request": "true"}).content.decode()
        assert lantern.name in page
        assert "<html" not in page

    def test_of_many_the_first_ten_and_a_word_about_the_rest(self, as_mei, mei):
        for n in range(12):
            make_enterprise(f"同名电子{'厂' * n}", serial=700 + n)
        page = as_mei.get(ADDRESS, {"q": "同名电子"}).content.decode()
        assert page.count("?enterprise=") == 10
        assert "只列出 10 家" in page

    def test_one_letter_and_no_match_say_so(self, as_mei):
        assert "至少输入两个字" in as_mei.get(ADDRESS, {"q": "灯"}).content.decode()
        assert "没有找到这样的企业" in as_mei.get(ADDRESS, {"q": "无此企业"}).content.decode()


class TestRegistering:
    def test_keeps_the_channel_its_number_and_when_it_came(self, as_mei, lantern, mei):
        answer = as_mei.post(ADDRESS, letter(lantern))
        petition = Petition.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, petition.get_absolute_url())
        kept = (petition.channel, petition.outside_number, petition.received_on, petition.standard.code)
        assert kept == ("letter", "信〔2023〕8 号", at("2023-06-12").date(), "X1")
        assert (petition.enterprise, petition.filed_by) == (lantern, mei)

    def test_knows_the_enterprises_contact(self, as_mei, lantern):
        form = as_mei.get(ADDRESS, {"enterprise": lantern.code}).context["form"]
        assert (form["contact"].value(), form["phone"].value()) == (lantern.contact, lantern.phone)

    def test_not_what_comes_tomorrow(self, as_mei, lantern):
        tomorrow = localdate(timezone.now() + timedelta(days=1)).isoformat()
        answer = as_mei.post(ADDRESS, letter(lantern, received_on=tomorrow))
        assert answer.context["form"].errors["received_on"] == ["收到日期不能晚于今天。"]

    def test_a_number_known_to_the_channel_is_shown_and_registered_again_only_when_meant(self, as_mei, lantern):
        as_mei.post(ADDRESS, letter(lantern))
        first = Petition.objects.get()
        again = as_mei.post(ADDRESS, letter(lantern))
        assert again.status_code == 422
        assert f'href="{first.get_absolute_url()}"' in again.content.decode()
        assert f"该编号已登记为 {first.number}" in again.context["form"].errors["outside_number"][0]
        assert as_mei.post(ADDRESS, letter(lantern, channel="phone")).status_code == 302
        assert as_mei.post(ADDRESS, letter(lantern, again="on")).status_code == 302
        assert Petition.objects.count() == 3

    def test_the_same_form_twice_registers_once(self, as_mei, lantern):
        sent = letter(lantern)
        assert [as_mei.post(ADDRESS, sent).status_code for _ in range(2)] == [302, 302]
        assert Petition.objects.count() == 1

    def test_an_enterprise_nobody_knows_is_refused(self, as_mei, lantern):
        answer = as_mei.post(ADDRESS, letter(lantern) | {"enterprise": "91449999MA9999999X"})
        assert answer.context["form"].errors["enterprise"] == ["没有这个统一社会信用代码的企业。"]

    def test_is_the_desks_alone(self, client, lan, chen, wen, lantern):
        for user in (lan, chen, wen):
            client.force_login(user)
            assert client.post(ADDRESS, letter(lantern)).status_code == 403

    def test_the_queue_of_the_desk_leads_there_and_no_other(self, client, mei, wen):
        client.force_login(mei)
        assert f'href="{ADDRESS}"' in client.get("/petitions/").content.decode()
        client.force_login(wen)
        assert ADDRESS not in client.get("/petitions/").content.decode()


class TestTheApi:
    def post(self, user, **words):
        client = APIClient()
        client.force_authenticate(user)
        return client.post("/api/v1/petitions/", words, format="json")

    def test_registers_for_the_desk(self, mei, lantern):
        answer = self.post(mei, **letter(lantern))
        assert (answer.status_code, answer.data["channel"], answer.data["standard"]) == (201, "letter", "X1")
        twice = self.post(mei, **letter(lantern))
        assert (twice.status_code, list(twice.data["errors"])) == (400, ["outside_number"])

    def test_a_representative_cannot_choose_a_channel(self, lan, lantern):
        answer = self.post(lan, **letter(lantern))
        assert (answer.status_code, answer.data["channel"], answer.data["standard"]) == (201, "enterprise", "P2")


class TestWhatX1Promises:
    @pytest.fixture
    def came(self, mei, lan, lantern, wen) -> Petition:
        words = {"title": "仓库进水", "body": "来信反映。", "channel": "letter", "outside_number": "8"}
        return operations.file(by=mei, now=FRIDAY, key=uuid4(), enterprise=lantern, **words)[0]

    def clock(self, petition, name):
        return petition.deadlines.get(clock=name)

    def test_acceptance_within_seven_calendar_days_of_filing_rolled_over_days_off(self, came, mei):
        """The 23rd of June 2023 is the second day of the Dragon Boat holiday; Sunday the 25th is worked."""
        petition = dispatched(came, mei, at("2023-06-19"), standard="X1")
        assert self.clock(petition, "accept").started_at == FRIDAY
        assert self.clock(petition, "accept").due_at == at("2023-06-25", "18:00")

    def test_a_result_or_progress_within_three_months(self, came, mei):
        """The 16th of September 2023 is a Saturday."""
        petition = dispatched(came, mei, at("2023-06-19"), standard="X1")
        assert self.clock(petition, "feedback").due_at == at("2023-09-18", "18:00")
        assert not petition.deadlines.filter(clock="close").exists()

    @pytest.mark.parametrize("progress", [True, False])
    def test_progress_meets_it_as_a_result_does(self, came, mei, wen, progress):
        petition = operations.accept(dispatched(came, mei, FRIDAY, standard="X1"), wen, at("2023-06-19"))
        later = at("2023-09-18", "17:00")
        promised(petition, wen, later, later.date()) if progress else replied(petition, wen, later)
        feedback = self.clock(petition, "feedback")
        assert (feedback.met_at, feedback.on_time) == (later, True)

    def test_the_petitioner_hears_received_and_who_handles_it(self, came, mei, wen, lan):
        operations.accept(dispatched(came, mei, FRIDAY, standard="X1"), wen, at("2023-06-19"))
        said = render(Notice.objects.get(kind="accept", recipient=lan), "zh-hans")
        assert said.lines[0] == "诉求已收到，由区水务局的文经办办理。"
        assert "2023年9月18日 18:00" in said.lines[1]

    def test_without_its_outside_number_nothing_is_registered(self, mei, lantern):
        with pytest.raises(ValidationError, match="登记编号"):
            operations.file(by=mei, now=FRIDAY, key=uuid4(), enterprise=lantern, title="x", body="y", channel="letter")


class TestAnEnterpriseWithoutRepresentative:
    @pytest.fixture
    def page(self, client, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, FRIDAY), mei, FRIDAY)

        def read(user) -> str:
            client.force_login(user)
            return client.get(petition.get_absolute_url()).content.decode()

        return read

    def test_is_to_be_rung_as_the_unit_is_told(self, page, wen):
        assert "没有可接收通知的代表" not in page(wen)
        Representative.objects.update(valid_to="2023-06-01")
        assert "没有可接收通知的代表" in page(wen)

    def test_is_to_be_rung_where_its_only_representative_left(self, page, wen, lan):
        lan.is_active = False
        lan.save()
        assert "没有可接收通知的代表" in page(wen)


class TestFollowing:
    def test_an_earlier_petition_is_shown_and_kept(self, client, lan, lantern):
        first = filed(lan, lantern, FRIDAY)
        client.force_login(lan)
        page = client.get("/petitions/new/", {"follows": first.number})
        assert f"这件诉求将关联到 {first.number}" in page.content.decode()
        client.post("/petitions/new/", {"title": "又进水了", "body": "同一处。", "follows": first.number})
        assert Petition.objects.exclude(pk=first.pk).get().follows == first

    def test_a_cadre_with_several_enterprises_finds_the_right_one_chosen(self, client, lan, chen, lantern):
        other = make_enterprise("石岩电子厂", serial=800)
        chen.cadre.assignments.create(enterprise=other)
        first = filed(lan, lantern, FRIDAY)
        client.force_login(chen)
        form = client.get("/petitions/new/", {"follows": first.number}).context["form"]
        assert form["enterprise"].value() == lantern.code
        sent = {"title": "x", "body": "y", "consent": "电话同意", "follows": first.number, "enterprise": other.code}
        wrong = client.post("/petitions/new/", sent)
        assert wrong.context["form"].errors["enterprise"] == ["只能关联同一企业的诉求。"]

    def test_what_the_filer_may_not_see_does_not_exist(self, client, lan, lantern, stranger):
        first = filed(lan, lantern, FRIDAY)
        client.force_login(stranger)
        assert first.title not in client.get("/petitions/new/", {"follows": first.number}).content.decode()
        answer = client.post("/petitions/new/", {"title": "x", "body": "y", "follows": first.number})
        assert answer.status_code == 422
        assert Petition.objects.count() == 1


def test_the_page_shows_the_channels_number_and_when_it_came(as_mei, lantern):
    page = as_mei.post(ADDRESS, letter(lantern), follow=True).content.decode()
    assert "来信 · 梅分拨" in page
    assert "<bdi>信〔2023〕8 号</bdi>" in page
    assert "2023-06-12" in page
