"""One step for many petitions: each row is taken or refused for itself, and what is sent twice happens once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from petitions import operations
from petitions.bulk import MOST
from petitions.models import Category, CoOrganisation, Event, Petition
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.usefixtures("catalogue")
HOUR = timedelta(hours=1)
BULK, API = "/petitions/bulk/", "/api/v1/petitions/bulk/"


@pytest.fixture
def now():
    return timezone.now()


def waiting(lan, lantern, now, title: str, category: str = "") -> Petition:
    kind = Category.objects.get(code=category) if category else None
    return filed(lan, lantern, now - HOUR, title, category=kind)


def sent(client, user, step: str, petitions, **words):
    client.force_login(user)
    numbers = [one if isinstance(one, str) else one.number for one in petitions]
    return client.post(BULK, {"step": step, "numbers": numbers, "confirmed": "1", "key": str(uuid4()), **words})


def results(answer) -> list[tuple]:
    return [(one.done, one.words) for one in answer.context["outcomes"]]


class TestDispatch:
    def test_each_goes_where_its_category_says_and_the_others_are_refused(self, client, lan, lantern, mei, pei, now):
        drain, plain = waiting(lan, lantern, now, "积水", "E2"), waiting(lan, lantern, now, "没有类别")
        late = dispatched(waiting(lan, lantern, now, "已分拨", "E2"), mei, now)
        answer = sent(client, pei, "dispatch", [drain, plain, late, "QS20230101-AAAAAA"], note="请速办")
        assert results(answer) == [
            (True, "已分拨到区水务局"),
            (False, "没有填写诉求类别，请打开后逐件分拨。"),
            (False, "诉求现在处于“待受理”，不能再进行“分拨”，请查看最新进展。"),
            (False, "内容不存在，或您无权查看。"),
        ]
        drain.refresh_from_db()
        category = Category.objects.get(code="E2")
        helpers = {unit.code for unit in category.co_organisers_for(lantern)}
        assert (drain.stage, drain.lead.code, drain.standard.code) == ("dispatched", "SWJ", category.standard)
        assert set(CoOrganisation.objects.filter(petition=drain).values_list("unit__code", flat=True)) == helpers
        assert drain.events.last().facts["instruction"] == "请速办"

    def test_shows_first_what_will_happen_and_changes_nothing(self, client, lan, lantern, mei, now):
        drain, plain = waiting(lan, lantern, now, "积水", "E2"), waiting(lan, lantern, now, "没有类别")
        client.force_login(mei)
        answer = client.post(BULK, {"step": "dispatch", "numbers": [drain.number, plain.number]})
        plans = [(one.may, one.words) for one in answer.context["plans"]]
        assert plans[0][0]
        assert "区水务局牵头" in plans[0][1]
        assert plans[1] == (False, "没有填写诉求类别，请打开后逐件分拨。")
        assert set(Petition.objects.values_list("stage", flat=True)) == {"filed"}
        for one in (drain, plain):
            assert f'name="numbers" value="{one.number}"' in answer.content.decode()


class TestTwice:
    def test_the_same_page_sent_twice_does_it_once_and_says_the_same(self, client, lan, lantern, mei, wen, zhao, now):
        first, second = waiting(lan, lantern, now, "一", "E2"), waiting(lan, lantern, now, "二", "E2")
        key = str(uuid4())
        said = [results(sent(client, mei, "dispatch", [first, second], key=key)) for _n in range(2)]
        assert said[0] == said[1] == [(True, "已分拨到区水务局")] * 2
        assert Event.objects.filter(step="dispatch").count() == 2
        accepted = [operations.accept(one, wen, now) for one in (first, second)]
        key = str(uuid4())
        said = [results(sent(client, wen, "reassign", accepted, key=key, handler="zhao")) for _n in range(2)]
        assert said[0] == said[1] == [(True, "已转交赵局长")] * 2
        assert Event.objects.filter(step="reassign").count() == 2

    def test_two_pages_are_two_wishes(self, client, lan, lantern, mei, now):
        one = dispatched(waiting(lan, lantern, now, "一", "E2"), mei, now)
        for _n in range(2):
            assert results(sent(client, mei, "urge", [one, one], note="请速办")) == [(True, "已催办")]
        assert Event.objects.filter(step="urge").count() == 2


class TestReassign:
    def test_only_within_the_lead_unit_and_only_to_another(self, client, lan, lantern, mei, wen, zhao, rui, now):
        mine = operations.accept(dispatched(waiting(lan, lantern, now, "我的"), mei, now, helpers=("JTJ",)), wen, now)
        his = operations.accept(dispatched(waiting(lan, lantern, now, "他的"), mei, now), zhao, now)
        unasked = dispatched(waiting(lan, lantern, now, "未受理"), mei, now)
        other = dispatched(waiting(lan, lantern, now, "道路的"), mei, now, lead="JTJ", helpers=("SWJ",))
        other = operations.accept(other, rui, now)
        answer = sent(client, wen, "reassign", [mine, his, unasked, other], handler="zhao")
        assert results(answer) == [
            (True, "已转交赵局长"),
            (False, "赵局长已是经办人。"),
            (False, "诉求现在处于“待受理”，不能再进行“转交经办人”，请查看最新进展。"),
            (False, "您的岗位不能进行“转交经办人”。"),
        ]

    def test_somebody_must_be_named(self, client, lan, lantern, mei, wen, now):
        mine = operations.accept(dispatched(waiting(lan, lantern, now, "我的"), mei, now), wen, now)
        answer = sent(client, wen, "reassign", [mine], handler="rui")
        assert (answer.status_code, "data-error-summary" in answer.content.decode()) == (422, True)


class TestRefusals:
    def test_nothing_ticked_and_too_many(self, client, mei):
        client.force_login(mei)
        for numbers, said in ([], "请先勾选诉求。"), ([f"QS-{n}" for n in range(MOST + 1)], "每次最多 100 件。"):
            answer = client.post(BULK, {"step": "urge", "numbers": numbers})
            assert said in answer.content.decode()
        assert client.post(BULK, {"step": "withdraw", "numbers": ["QS-1"]}).status_code == 404

    @pytest.mark.parametrize("number", ["\0", "x" * 300, "QS'--", "<b>"])
    def test_numbers_that_are_none(self, client, mei, number):
        assert "无法识别" in sent(client, mei, "urge", [number]).content.decode()

    def test_a_row_that_somebody_holds_stops_no_other(self, client, lan, lantern, mei, now, monkeypatch):
        one, two = (dispatched(waiting(lan, lantern, now, title), mei, now) for title in "一二")
        Petition.objects.filter(pk=one.pk).update(urge_count=32767)  # one more does not fit the column
        answer = sent(client, mei, "urge", [one, two])
        assert results(answer) == [(False, "他人正在办理此件，请稍后重试。"), (True, "已催办")]

    def test_boxes_are_shown_to_those_who_may_tick(self, client, lan, lantern, mei, wen, ada, now):
        dispatched(waiting(lan, lantern, now, "一"), mei, now)
        shown = {}
        for user in (mei, wen, ada, lan):
            client.force_login(user)
            html = client.get("/petitions/all/").content.decode()
            assert html.count('name="numbers"') == html.count('id="bulk"')
            shown[user.username] = [words for words in ("批量分拨", "批量催办", "批量转交") if words in html]
        assert shown == {"mei": ["批量分拨", "批量催办"], "wen": ["批量转交"], "ada": [], "lan": []}


class TestApi:
    def test_answers_for_each_row(self, client, lan, lantern, mei, stranger, now):
        drain, plain = waiting(lan, lantern, now, "积水", "E2"), waiting(lan, lantern, now, "没有类别")
        said = {"numbers": [drain.number, plain.number], "key": str(uuid4())}
        client.force_login(mei)
        for _n in range(2):
            answer = client.post(f"{API}dispatch/", said, content_type="application/json")
            assert (answer.status_code, answer.json()) == (200, {"results": [
                {"number": drain.number, "done": True, "detail": "已分拨到区水务局"},
                {"number": plain.number, "done": False, "detail": "没有填写诉求类别，请打开后逐件分拨。"},
            ]})  # fmt: skip
        client.force_login(stranger)
        answer = client.post(f"{API}urge/", {"numbers": [drain.number]}, content_type="application/json")
        assert answer.json()["results"] == [
            {"number": drain.number, "done": False, "detail": "内容不存在，或您无权查看。"}
        ]

    @pytest.mark.parametrize("numbers", [None, [], "QS-1", [1], [["QS"]], ["QS'"], {"a": 1}])
    def test_says_what_is_wrong_with_the_body(self, client, mei, numbers):
        client.force_login(mei)
        answer = client.post(f"{API}urge/", {"numbers": numbers}, content_type="application/json")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["numbers"])

    def test_its_description_and_that_of_each_step_name_what_their_forms_take(self):
        paths = SchemaGenerator().get_schema(public=True)["paths"]
        asked = {
            path: paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
            for path in (f"{API}dispatch/", f"{API}reassign/", "/api/v1/petitions/{number}/accept/")
        }
        assert list(asked.values()) == ["BulkDispatchFields", "BulkReassignFields", "AcceptFields"]
