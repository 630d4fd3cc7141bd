"""The pages and the API of joint conferences, and who finds them."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from directory.models import Unit
from petitions import operations
from petitions.models import Conference, Petition
from tests.cast import fresh_calendar, make_user, seat
from tests.petitions.conferring import HELD, convened, decided
from tests.petitions.stories import dispatched, filed
from workdays.queries import current_calendar

pytestmark = pytest.mark.usefixtures("catalogue")
API = "/api/v1/conferences/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def petition(lan, lantern, mei, wen, now) -> Petition:
    petition = dispatched(filed(lan, lantern, now), mei, now, helpers=["JTJ"])
    return operations.accept(petition, wen, now, handler=wen)


def soon(now, days: int = 5):
    return current_calendar().add_working_days(timezone.localdate(now), days)


@pytest.fixture
def waiting(petition, zhao, luo, now) -> Petition:
    """Parking is asked for it."""
    return operations.ask_park(
        petition, zhao, now, note="先勘测", responsible=luo, milestones=[(soon(now), "答复企业")]
    )


def html_of(client, user, path: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def sent(client, path: str, **words):
    return client.post(path, {"key": str(uuid4())} | words)


class TestTheRoadOnPages:
    def test_from_the_proposal_to_the_minutes(self, client, waiting, shen, wen, lan, now):
        html = html_of(client, shen, waiting.get_absolute_url())
        assert "该申请须经联席会议议定" in html
        assert "责任领导：罗区长" in html
        assert f"/conferences/new/?petition={waiting.number}" in html
        html = html_of(client, shen, f"/conferences/new/?petition={waiting.number}")
        assert f'value="{waiting.number}" id="id_waiting_0" checked' in html

        when = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M:%S")
        answer = sent(client, "/conferences/new/", **HELD, held_at=when, waiting=[waiting.number], units=["GXJ"])
        assert answer.status_code == 302, answer.content.decode()
        held = Conference.objects.get()
        path = held.get_absolute_url()
        assert answer["Location"] == path
        html = client.get(path).content.decode()
        assert "区工业和信息化局、区水务局" in html or "区水务局、区工业和信息化局" in html

        Conference.objects.update(held_at=now)  # the form keeps whole seconds
        words = {f"{name}_{waiting.number}": said for name, said in {
            "decision": "同意挂账，加装泵站。", "verdict": "approved", "owner": "SWJ", "due_on": str(soon(now)),
        }.items()}  # fmt: skip
        answer = sent(client, f"{path}decisions/", version=0, remarks="逐项研究。", publish="1", **words)
        assert (answer.status_code, answer["Location"]) == (302, f"{path}publication/")
        html = client.get(f"{path}publication/").content.decode()
        assert all(said in html for said in ("同意挂账，加装泵站。", "同意申请", "公布后不能修改"))
        answer = sent(client, f"{path}publication/", version=1)
        assert (answer.status_code, answer["Location"]) == (302, path)
        assert Petition.objects.get(pk=waiting.pk).stage == "parked"

        for reader in (shen, wen):
            html = html_of(client, reader, f"{path}minutes/")
            assert all(
                said in html for said in ("联席会议纪要", "排涝专题联席会议", "同意挂账，加装泵站。", "逐项研究。")
            )
        html = html_of(client, wen, waiting.get_absolute_url())
        assert "会商议定" in html
        assert f"{path}minutes/" in html
        assert "同意挂账，加装泵站。" not in html_of(client, lan, waiting.get_absolute_url())

    def test_what_stands_in_the_way_stands_at_its_item(self, client, petition, shen, lan, now):
        held = decided(convened(shen, now, petition), shen, now)
        operations.withdraw(petition, lan, now, note="不办了", pressed=False)
        client.force_login(shen)
        answer = sent(client, f"{held.get_absolute_url()}publication/", version=1)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "纪要没有公布：请先改正标出的议题。" in html
        item = html.split('<ol class="card-body agenda">')[1]
        assert f"{petition.number}：诉求现在处于“已撤回”" in item

    def test_published_it_is_read_only_and_the_late_one_is_told(self, client, petition, shen, luo, now):
        held = decided(convened(shen, now, petition), shen, now)
        client.force_login(shen)
        key = str(uuid4())
        for _ in range(2):
            answer = sent(client, f"{held.get_absolute_url()}publication/", version=1, key=key)
            assert (answer.status_code, answer["Location"]) == (302, held.get_absolute_url())
        client.force_login(luo)
        for door in ("publication", "decisions", "arrangement", "cancellation"):
            answer = client.get(f"{held.get_absolute_url()}{door}/")
            assert (answer.status_code, "会议纪要已公布，不能再修改。" in answer.content.decode()) == (409, True)
        answer = sent(client, f"{held.get_absolute_url()}publication/", version=1)
        assert (answer.status_code, petition.events.filter(step="resolve").count()) == (409, 1)
        html = html_of(client, shen, held.get_absolute_url())
        assert "议定事项落实情况" in html
        assert "/arrangement/" not in html

    def test_an_older_page_is_refused(self, client, petition, shen, now):
        held = decided(convened(shen, now, petition), shen, now)
        client.force_login(shen)
        answer = sent(client, f"{held.get_absolute_url()}publication/", version=0)
        assert (answer.status_code, "刚被他人修改" in answer.content.decode()) == (409, True)

    def test_the_agenda_is_named_by_number_too_and_what_is_wrong_is_said(
        self, client, petition, lan, lantern, shen, now
    ):
        fresh = filed(lan, lantern, now)
        client.force_login(shen)
        when = timezone.localtime(now).strftime("%Y-%m-%dT%H:%M")
        for numbers, said in (
            ("", "请至少列入一件诉求。"),
            ("QS20200101-XXXXXX", "没有编号为 QS20200101-XXXXXX 的诉求。"),
            (fresh.number, f"{fresh.number} 现处于“待分拨”，不能列入议题。"),
        ):
            answer = sent(client, "/conferences/new/", **HELD, held_at=when, numbers=numbers)
            assert (answer.status_code, said in answer.content.decode()) == (422, True)
        answer = sent(client, "/conferences/new/", **HELD, held_at=when, numbers=f"{petition.number.lower()}，")
        assert (answer.status_code, Conference.objects.get().agenda.get().petition) == (302, petition)

    def test_called_off_on_its_page(self, client, petition, shen, now):
        held = convened(shen, now, petition)
        client.force_login(shen)
        assert sent(client, f"{held.get_absolute_url()}cancellation/", version=0, reason="台风").status_code == 302
        html = client.get(held.get_absolute_url()).content.decode()
        assert "已取消" in html
        assert "台风" in html

    def test_parking_is_asked_for_on_pairs_and_what_is_wrong_opens_the_folded_ones(
        self, client, petition, zhao, luo, now
    ):
        client.force_login(zhao)
        path = f"{petition.get_absolute_url()}ask_park/"
        html = client.get(path).content.decode()
        assert (html.count('class="plan-pair"'), '<details class="plan-more">' in html) == (8, True)
        words = {"note": "先勘测", "responsible": "luo", "due_on_1": str(soon(now)), "goal_1": "勘测"}
        answer = sent(client, path, **words, goal_5="清淤")
        html = answer.content.decode()
        assert (answer.status_code, '<details class="plan-more" open>' in html) == (422, True)
        assert "日期和目标须同时填写。" in html
        assert sent(client, path, **words, due_on_2=str(soon(now, 9)), goal_2="答复").status_code == 302
        assert [goal for _day, goal in Petition.objects.get(pk=petition.pk).proposal.facts["milestones"]] == [
            "勘测",
            "答复",
        ]


class TestWhoFindsThem:
    @pytest.fixture
    def held(self, petition, shen, now) -> Conference:
        return decided(convened(shen, now, petition, units=["GXJ"]), shen, now, decision="密议")

    READERS = {
        "shen": 200, "luo": 200, "mei": 200, "ada": 200,  # by post
        "wen": 200, "zhao": 200, "rui": 200, "invited": 200,  # lead, head, co-organiser, invited
        "hua": 404, "chen": 404, "panel": 404, "elsewhere": 404, "lan": 404, "stranger": 404, "root": 404,
    }  # fmt: skip

    @pytest.fixture
    def people(self, shen, luo, mei, ada, wen, zhao, rui, hua, chen, lan, stranger, root, seated) -> dict:
        named = {one.username: one for one in (shen, luo, mei, ada, wen, zhao, rui, hua, chen, lan, stranger, root)}
        more = {"invited": ("GXJ", "member"), "panel": ("SWJ", "panel"), "elsewhere": ("FGJ", "head")}
        return named | {name: seated(name, *post) for name, post in more.items()}

    @pytest.fixture
    def seated(self):
        return lambda name, unit, role: seat(make_user(name, name), unit, role)

    def test_page_list_and_api_agree(self, client, held, people):
        found = {}
        for name, user in people.items():
            client.force_login(user)
            page = client.get(held.get_absolute_url()).status_code
            api = client.get(f"{API}{held.number}/").status_code
            listed = held.number in client.get("/conferences/").content.decode()
            in_api = held.number in client.get(API).content.decode()
            assert {page == 200, api == 200, listed, in_api} in ({True}, {False}), name
            found[name] = page
        assert found == self.READERS

    def test_what_is_only_written_down_is_for_those_who_convene_and_the_auditor(self, client, held, people):
        for name in ("shen", "luo", "ada"):
            assert "密议" in html_of(client, people[name], held.get_absolute_url())
        for name in ("mei", "wen", "rui", "invited"):
            assert "密议" not in html_of(client, people[name], held.get_absolute_url())
            assert "密议" not in client.get(f"{API}{held.number}/").content.decode()
            assert client.get(f"{held.get_absolute_url()}minutes/").status_code == 404

    def test_only_who_may_know_of_a_petition_finds_its_link_there(self, client, held, people, petition):
        assert petition.get_absolute_url() in html_of(client, people["wen"], held.get_absolute_url())
        assert petition.get_absolute_url() not in html_of(client, people["invited"], held.get_absolute_url())

    def test_the_owner_of_a_decision_finds_it_once_it_is_published(self, client, held, people, shen, now):
        owner = people["elsewhere"]
        held.agenda.update(owner=Unit.objects.get(code="FGJ"))
        html_of(client, owner, held.get_absolute_url(), 404)
        operations.publish(held, shen, now)
        html_of(client, owner, held.get_absolute_url())

    def test_who_may_not_convene_is_told_who_may_and_others_find_nothing(self, client, held, people):
        for name in ("mei", "ada", "wen"):
            for path in ("/conferences/new/", f"{held.get_absolute_url()}publication/"):
                assert "只有督查室和区领导" in html_of(client, people[name], path, 403)
        for name in ("lan", "stranger", "root", "hua"):
            html_of(client, people[name], "/conferences/", 404)
            html_of(client, people[name], "/conferences/new/", 404)


class TestTheApi:
    @pytest.fixture
    def api(self) -> APIClient:
        return APIClient()

    def post(self, api, user, path: str, status: int, **body):
        api.force_authenticate(user)
        answer = api.post(f"{API}{path}", body, format="json")
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def test_from_convening_to_the_minutes(self, api, waiting, shen, wen, now):
        body = HELD | {"held_at": now.isoformat(), "petitions": [waiting.number], "units": ["GXJ"], "key": str(uuid4())}
        said = self.post(api, shen, "", 201, **body)
        assert self.post(api, shen, "", 201, **body)["number"] == said["number"]
        assert (sorted(said["units"]), said["version"], said["published_at"]) == (["GXJ", "SWJ"], 0, None)
        assert [item["petition"] for item in said["agenda"]] == [waiting.number]
        path = f"{said['number']}/"
        self.post(api, shen, f"{path}agenda/", 200, **body | {"place": "区政府 505", "key": str(uuid4())})
        item = {"petition": waiting.number, "decision": "同意挂账。", "verdict": "approved", "due_on": str(soon(now))}
        said = self.post(api, shen, f"{path}decisions/", 200, items=[item], remarks="逐项研究。", version=1)
        assert (said["place"], said["remarks"], said["agenda"][0]["verdict"]) == (
            "区政府 505",
            "逐项研究。",
            "approved",
        )
        said = self.post(api, shen, f"{path}decisions/", 200, items=[{"petition": waiting.number, "owner": "SWJ"}])
        assert (said["agenda"][0]["decision"], said["agenda"][0]["owner"]) == ("同意挂账。", "SWJ")
        said = self.post(api, shen, f"{path}publish/", 200, version=3)
        assert said["agenda"][0]["came_of"] == "open"
        assert Petition.objects.get(pk=waiting.pk).stage == "parked"
        assert self.post(api, shen, f"{path}publish/", 409)
        api.force_authenticate(wen)
        assert api.get(f"{API}{path}").json()["remarks"] == "逐项研究。"

    def test_refusals_name_field_and_petition(self, api, petition, shen, mei, lan, now):
        body = HELD | {"held_at": now.isoformat(), "petitions": ["QS-NONE"]}
        assert "numbers" in self.post(api, shen, "", 400, **body)["errors"]
        assert self.post(api, shen, "", 400, **body | {"petitions": "QS"})["errors"].keys() == {"petitions"}
        self.post(api, mei, "", 403, **body)
        self.post(api, lan, "", 403, **body)
        held = convened(shen, now, petition)
        said = self.post(api, shen, f"{held.number}/publish/", 400)
        assert said["errors"] == {petition.number: [f"{petition.number}：没有写明议定事项。"]}
        self.post(api, lan, f"{held.number}/publish/", 404)
        self.post(api, mei, f"{held.number}/publish/", 403)
        self.post(api, shen, f"{held.number}/decisions/", 400, items=[{"petition": "QS-NONE"}])
        self.post(api, shen, f"{held.number}/decisions/", 400, items=["x"])
        self.post(api, shen, f"{held.number}/decisions/", 400, items=[{"petition": petition.number, "decision": [1]}])
        said = self.post(api, shen, f"{held.number}/cancel/", 200, reason="台风")
        assert said["cancelled_because"] == "台风"


class TestTheSameNumberOfQueries:
    def test_of_a_list_of_one_and_of_fifty(self, client, petition, shen, now):
        convened(shen, now, petition)
        client.force_login(shen)
        counts = set()
        for more in (0, 49):
            for _ in range(more):
                convened(shen, now, petition)
            counts.add(counted(client, "/conferences/"))
        assert len(counts) == 1

    def test_of_one_item_and_of_ten(self, client, petition, lan, lantern, mei, shen, now):
        client.force_login(shen)
        ten = [dispatched(filed(lan, lantern, now), mei, now, helpers=["JTJ"]) for _ in range(9)]
        one, many = (decided(convened(shen, now, *some), shen, now) for some in ([petition], [petition, *ten]))
        for door in ("", "decisions/", "publication/", "arrangement/"):
            paths = [f"{held.get_absolute_url()}{door}" for held in (one, many)]
            assert len({counted(client, path) for path in paths}) == 1, door
        for held in (one, many):
            operations.publish(held, shen, now)
        for door in ("", "minutes/"):
            paths = [f"{held.get_absolute_url()}{door}" for held in (one, many)]
            assert len({counted(client, path) for path in paths}) == 1, door


def counted(client, path: str) -> int:
    fresh_calendar()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
