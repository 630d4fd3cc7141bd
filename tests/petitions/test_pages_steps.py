"""Steps on the page: plain forms, fragments, too late, the wrong person, twice, at once; and the visit door."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from petitions import operations
from petitions.forms import FORMS
from petitions.models import Attachment, Event, Petition
from tests.petitions.stories import dispatched, filed, replied
from visits.models import Visit

pytestmark = pytest.mark.usefixtures("catalogue")
HTMX = {"HX-Request": "true"}
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def petition(catalogue, lan, lantern, now) -> Petition:
    return filed(lan, lantern, now - DAY)


@pytest.fixture
def accepted(petition, mei, wen, now) -> Petition:
    return operations.accept(dispatched(petition, mei, now), wen, now, handler=wen)


def address(petition: Petition, step: str) -> str:
    return f"{petition.get_absolute_url()}{step}/"


def take(client, user, petition: Petition, step: str, headers=None, **words):
    client.force_login(user)
    return client.post(address(petition, step), {"key": str(uuid4())} | words, headers=headers or {})


def stage(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).stage


def test_the_whole_road_on_plain_forms(client, petition, mei, wen, zhao, rui, lan):
    def done(user, step, **words):
        answer = take(client, user, petition, step, **words)
        assert (answer.status_code, answer["Location"]) == (302, petition.get_absolute_url()), answer.content.decode()
        return stage(petition)

    assert done(lan, "correct", title="厂区东门积水", body="东门也积水") == "filed"
    assert done(mei, "dispatch", category="E2", lead="SWJ", co_organisers=["JTJ"], standard="P3") == "dispatched"
    assert done(wen, "accept", handler="zhao") == "accepted"
    assert done(wen, "consult", units=["GXJ"], question="请核实权属") == "accepted"
    assert done(rui, "advise", answer="道路归我局") == "accepted"
    assert done(wen, "interim", body="先清淤", promised_on=str(timezone.localdate() + DAY)) == "accepted"
    assert done(wen, "submit", conclusion="solved", body="已疏通", basis="条例", waiver="无须再等") == "signing"
    assert done(zhao, "send_back", note="写明日期") == "accepted"
    assert done(wen, "submit", conclusion="solved", body="五月已疏通", basis="条例") == "signing"
    assert done(zhao, "sign") == "replied"
    assert done(lan, "evaluate", solved="no", contacted="no", satisfaction="1", comment="还积水") == "rework"
    assert done(wen, "submit", conclusion="partly", body="已加泵", basis="条例") == "signing"
    assert done(zhao, "sign", note="同意") == "replied"
    assert done(lan, "evaluate", solved="yes", contacted="yes", satisfaction="5") == "closed"
    assert done(lan, "reopen", note="又积水") == "rework"
    assert done(lan, "withdraw", note="自行解决", pressed="no") == "withdrawn"


def test_a_decline_takes_two_people(client, petition, mei, pei):
    assert take(client, mei, petition, "propose_decline", reason="personal", guidance="请到社保窗口").status_code == 302
    assert take(client, mei, petition, "decline").status_code == 409
    html = client.get(petition.get_absolute_url()).content.decode()
    assert "待审批：不予受理" in html
    assert "理由：非企业诉求（个人事项）" in html
    assert "请到社保窗口" in html
    assert take(client, pei, petition, "decline").status_code == 302
    assert stage(petition) == "declined"


def test_a_person_may_propose_and_another_turn_it_down(client, petition, mei, pei):
    take(client, mei, petition, "propose_decline", reason="answered", guidance="见上次答复")
    assert take(client, pei, petition, "keep", note="属于新情况").status_code == 302
    assert stage(petition) == "filed"


@pytest.mark.parametrize("step", FORMS)
def test_every_form_opens_on_a_page_and_as_a_fragment_or_says_why_not(client, accepted, wen, step):
    client.force_login(wen)
    whole, part = client.get(address(accepted, step)), client.get(address(accepted, step), headers=HTMX)
    assert whole.status_code == part.status_code
    now_open = ("consult", "interim", "reply", "reassign", "ask_suspend", "ask_extend")
    elsewhere = ("accept", "submit", "respond", "resume", "achieve")
    expected = dict.fromkeys(now_open, 200) | dict.fromkeys(elsewhere, 409)
    assert whole.status_code == expected.get(step, 403)
    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)
    assert part["HX-Retarget"] == ("#step" if part.status_code == 200 else "#petition")


class TestAsFragments:
    def test_a_step_answers_with_the_petition_as_it_is_then(self, client, petition, mei):
        answer = take(client, mei, petition, "dispatch", HTMX, category="E2")
        html = answer.content.decode()
        assert (answer.status_code, answer["HX-Retarget"]) == (200, "#petition")
        assert html.strip().startswith('<div id="petition"')
        assert "待受理" in html
        assert '<div id="step" hx-swap-oob="true"></div>' in html
        assert "已完成：分拨。" in html

    def test_a_wrong_form_comes_back_alone_with_what_was_written(self, client, accepted, wen):
        answer = take(client, wen, accepted, "interim", HTMX, body="先清淤", promised_on="2020-01-01")
        html = answer.content.decode()
        assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "#step", "innerHTML")
        assert "承诺日期不能早于今天。" in html
        assert "先清淤</textarea>" in html
        assert "<html" not in html

    def test_too_late_is_said_beside_the_petition_as_it_stands(self, client, petition, mei, pei, now):
        dispatched(petition, pei, now)
        answer = take(client, mei, petition, "dispatch", HTMX, category="E2")
        html = answer.content.decode()
        assert (answer.status_code, answer["HX-Retarget"]) == (409, "#petition")
        assert "诉求现在处于“待受理”" in html
        assert "hx-swap-oob" not in html  # the form stays, and with it what was written


class TestRefusals:
    def test_too_late_keeps_what_was_written_on_a_plain_page(self, client, accepted, wen, now):
        replied(accepted, wen, now)
        answer = take(client, wen, accepted, "interim", body="我写了很久", promised_on="2026-12-01")
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "诉求现在处于“待评价”" in html
        assert "我写了很久</textarea>" in html

    def test_the_wrong_person_changes_nothing_and_is_told(self, client, accepted, mei):
        answer = take(client, mei, accepted, "reply", conclusion="solved", body="已办", basis="无")
        assert (answer.status_code, stage(accepted)) == (403, "accepted")
        assert "您的岗位不能进行“反馈”。" in answer.content.decode()

    def test_for_a_stranger_there_is_nothing(self, client, accepted, stranger, rui):
        for user in (stranger, rui):
            assert (
                take(client, user, accepted, "reply", conclusion="solved", body="已办", basis="无").status_code == 404
            )
            assert client.get(address(accepted, "reply")).status_code == 404
        assert stage(accepted) == "accepted"

    @pytest.mark.parametrize("step", ["file", "lapse", "files", "nothing"])
    def test_steps_without_a_form_have_no_door(self, client, accepted, lan, step):
        assert take(client, lan, accepted, step).status_code == 404

    def test_the_operations_own_objection_stands_at_its_field(self, client, petition, mei, wen, now):
        accepted = operations.accept(dispatched(petition, mei, now, helpers=("JTJ",)), wen, now)
        answer = take(client, wen, accepted, "reply", conclusion="solved", body="已办", basis="条例")
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_waiver"' in html
        assert "市交通运输局宝安管理局尚未答复" in html

    def test_other_methods_are_refused(self, client, accepted, wen):
        client.force_login(wen)
        assert client.put(address(accepted, "reply")).status_code == 405
        assert client.post(accepted.get_absolute_url()).status_code == 405

    @pytest.mark.parametrize("rubbish", ["\0", "\ud800".encode("utf-8", "surrogatepass"), "x" * 100_000, "<b>"])
    @pytest.mark.parametrize("step", ["interim", "reply", "consult"])
    def test_rubbish_in_every_field_is_said_and_never_an_error(self, client, accepted, wen, step, rubbish):
        words = dict.fromkeys(set(FORMS[step].base_fields) - {"files"}, rubbish)
        answer = take(client, wen, accepted, step, **words)
        assert (answer.status_code, stage(accepted)) == (422, "accepted")
        assert "data-error-summary" in answer.content.decode()


class TestFiles:
    def test_come_with_a_step(self, client, accepted, wen, lan):
        file = SimpleUploadedFile("方案.txt", "清淤方案".encode(), "text/html")
        answer = take(
            client, wen, accepted, "interim", body="见附件", promised_on=str(timezone.localdate()), files=[file]
        )
        attachment = Attachment.objects.get()
        assert (answer.status_code, attachment.name, attachment.content_type) == (302, "方案.txt", "text/plain")
        client.force_login(lan)
        assert "方案.txt" in client.get(accepted.get_absolute_url()).content.decode()

    def test_of_a_false_type_stop_the_step_and_are_named(self, client, accepted, wen):
        file = SimpleUploadedFile("照片.jpg", b"<script>", "image/jpeg")
        answer = take(
            client, wen, accepted, "interim", body="见附件", promised_on=str(timezone.localdate()), files=[file]
        )
        assert (answer.status_code, Attachment.objects.count()) == (422, 0)
        assert "“照片.jpg”的内容与类型不符" in answer.content.decode()

    def test_beyond_what_a_petition_may_hold_are_refused(self, client, accepted, wen, settings):
        settings.UPLOADS_PER_RECORD = 1
        words = {"body": "见附件", "promised_on": str(timezone.localdate())}
        one, two = (SimpleUploadedFile(f"{n}.txt", b"x") for n in "12")
        assert take(client, wen, accepted, "interim", **words, files=[one]).status_code == 302
        assert take(client, wen, accepted, "interim", **words, files=[two]).status_code == 422


def test_the_same_form_sent_twice_changes_things_once(client, accepted, wen):
    words = {"key": str(uuid4()), "body": "先清淤", "promised_on": str(timezone.localdate())}
    answers = [take(client, wen, accepted, "interim", **words).status_code for _ in range(2)]
    assert (answers, Event.objects.filter(step="interim").count()) == ([302, 302], 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_at_once_one_wins_and_one_is_told(catalogue, petition, mei, wen, zhao, now):
    dispatched(petition, mei, now)

    def accept(user) -> tuple[int, str]:
        try:
            answer = take(Client(), user, petition, "accept", handler=user.username)
            return answer.status_code, user.username
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        answers = dict(both.map(accept, (wen, zhao)))
    assert sorted(answers) == [302, 409]
    assert Petition.objects.get().handler.username == answers[302]
    assert Event.objects.filter(step="accept").count() == 1


class TestVisitDoor:
    def log(self, client, chen, lantern, **words):
        client.force_login(chen)
        visit = {
            "uid": str(uuid4()), "enterprise": lantern.code, "visited_on": str(timezone.localdate()), "mode": "on site",
            "met": "兰经理", "purpose": "routine", "difficulty": "none",
        }  # fmt: skip
        return client.post("/visits/new/", visit | words)

    def test_logs_a_visit(self, client, chen, lantern):
        assert self.log(client, chen, lantern).status_code == 302
        assert (Visit.objects.get().enterprise, Petition.objects.count()) == (lantern, 0)

    concern = {"concern-title": "积水", "concern-body": "厂门积水", "concern-consent": "兰经理当面同意"}

    def test_files_the_concern_heard_in_the_same_save(self, client, chen, lantern):
        answer = self.log(client, chen, lantern, difficulty="petition", **self.concern)
        visit, petition = Visit.objects.get(), Petition.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, visit.get_absolute_url())
        assert (petition.visit, petition.channel, petition.consent) == (visit, "visit", "兰经理当面同意")
        assert "厂门积水" not in client.get(visit.get_absolute_url()).content.decode()
        assert petition.number in client.get(visit.get_absolute_url()).content.decode()

    def test_stores_neither_when_the_concern_is_incomplete(self, client, chen, lantern):
        answer = self.log(client, chen, lantern, difficulty="petition", **(self.concern | {"concern-consent": ""}))
        assert (answer.status_code, Visit.objects.count(), Petition.objects.count()) == (422, 0, 0)
        assert "id_concern-consent" in answer.content.decode()

    def test_twice_with_one_uid_stores_once(self, client, chen, lantern):
        uid = str(uuid4())
        for _ in range(2):
            answer = self.log(client, chen, lantern, uid=uid, difficulty="petition", **self.concern)
            assert answer.status_code == 302
        assert (Visit.objects.count(), Petition.objects.count()) == (1, 1)

    def test_is_the_cadres_alone(self, client, lan, wen, lantern):
        for user in (lan, wen):
            client.force_login(user)
            assert client.get("/visits/new/").status_code == 403

    def test_opens_with_the_enterprise_it_was_asked_for(self, client, chen, lantern):
        client.force_login(chen)
        html = client.get(f"/visits/new/?enterprise={lantern.code}").content.decode()
        assert f'value="{lantern.code}" selected' in html or f'value="{lantern.code}"' in html
        assert client.get("/visits/new/?enterprise=%00").status_code == 200
