"""What a program may send by mistake or malice: told by field, never half done, and the same twice is done once."""

import json
from uuid import uuid4, uuid5

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from directory.models import Cadre, User
from petitions import operations
from petitions.models import Petition
from tests.cast import assign, make_enterprise
from tests.petitions.stories import dispatched, filed
from visits.models import Visit

pytestmark = pytest.mark.usefixtures("catalogue")


def send(user: User, address: str, body: dict | str = ""):
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=user.pk))
    body = json.dumps(body) if isinstance(body, dict) else body
    return client.generic("POST", f"/api/v1/{address}", body, content_type="application/json")


def visit_of(enterprise, **more) -> dict:
    return {
        "uid": str(uuid4()), "enterprise": enterprise.code, "visited_on": timezone.localdate().isoformat(),
        "mode": "on site", "purpose": "routine", "difficulty": "none", "met": "兰经理",
    } | more  # fmt: skip


@pytest.fixture
def petition(lan, lantern) -> Petition:
    return filed(lan, lantern, timezone.now())


@pytest.mark.parametrize(
    ("step", "field", "sent"),
    [
        ("dispatch", "category", "\ud800"),
        ("dispatch", "lead", "S\udfff"),
        ("dispatch", "standard", "\ud800"),
        ("dispatch", "co_organisers", ["\ud800"]),
        ("dispatch", "co_organisers", "SWJ"),
        ("dispatch", "co_organisers", [["SWJ"]]),
        ("propose_decline", "reason", "\ud800"),
        ("propose_decline", "reason", {"not ours": 1}),
    ],
)
def test_half_characters_and_wrong_shapes_are_named_at_their_field(petition, mei, step, field, sent):
    answer = send(mei, f"petitions/{petition.number}/{step}/", {field: sent})
    assert (answer.status_code, field in answer.data["errors"]) == (400, True)


@pytest.mark.parametrize("path", ["%00/", "%00/events/", "QS%00-1/", "%F0%9F%8F%AD/"])
def test_no_petition_has_such_a_number(lan, petition, path):
    client = APIClient()
    client.force_authenticate(lan)
    assert client.get(f"/api/v1/petitions/{path}").status_code == 404
    assert send(lan, f"petitions/{path}").status_code in (404, 405)


def test_a_step_sent_again_after_a_lost_answer_is_answered_as_the_first_time(petition, lan, mei, wen):
    dispatched(petition, mei, timezone.now())
    for user, step, words in (
        (wen, "accept", {}),
        (wen, "reply", {"conclusion": "solved", "body": "已疏通。", "basis": "《排水条例》"}),
        (lan, "evaluate", {"solved": "yes", "contacted": True, "satisfaction": 5}),
    ):
        words["key"] = str(uuid4())
        if step == "reply":
            words["waiver"] = "街道无须答复"
        answers = [send(user, f"petitions/{petition.number}/{step}/", words) for _ in range(2)]
        assert [one.status_code for one in answers] == [200, 200], (step, answers[1].content)
        assert answers[0].data == answers[1].data
    assert [event.step for event in petition.events.all()] == ["file", "dispatch", "accept", "reply", "evaluate"]


def test_what_was_done_by_somebody_else_is_still_told(petition, mei, pei, wen):
    dispatched(petition, mei, timezone.now())
    assert send(pei, f"petitions/{petition.number}/dispatch/", {"key": str(uuid4())}).status_code == 409


@pytest.mark.parametrize(
    ("concern", "field"),
    [
        ({"title": ["x"]}, "title"),
        ({"title": {"x": 1}}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"category": "\ud800"}, "category"),
        ({"body": None}, "body"),
    ],
)
def test_a_concern_of_the_wrong_shape_stores_neither_petition_nor_visit(chen, lantern, concern, field):
    concern = {"title": "房租上涨", "body": "房东要涨租三成。", "consent": "兰经理同意"} | concern
    answer = send(chen, "visits/", visit_of(lantern, difficulty="petition", concern=concern))
    assert (answer.status_code, list(answer.data["errors"]["concern"])) == (400, [field])
    assert (Visit.objects.count(), Petition.objects.count()) == (0, 0)


def test_who_is_no_cadre_any_more_records_nothing(chen, lantern):
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    Cadre.objects.update(valid_to=timezone.localdate())
    assert send(chen, "visits/", visit_of(lantern, visited_on=yesterday.isoformat())).status_code == 403
    assert not Visit.objects.exists()


def test_a_concern_belongs_to_the_enterprise_of_its_visit(chen, lantern):
    other = make_enterprise("另一家工厂", serial=9)
    assign(chen.cadre, other)
    visit = visit_of(lantern)
    send(chen, "visits/", visit)
    concern = {"title": "房租上涨", "body": "房东要涨租三成。", "consent": "兰经理同意"}
    again = visit | {"enterprise": other.code, "difficulty": "petition", "concern": concern}
    assert send(chen, "visits/", again).status_code == 200
    assert Petition.objects.get().enterprise == Visit.objects.get().enterprise == lantern


def test_an_impossible_device_clock_leaves_no_visit_that_nobody_can_read(chen, lantern, mei):
    for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00", "2023-06-13T10:00:00+16:00"):
        answer = send(chen, "visits/", visit_of(lantern, made_at=at))
        assert (answer.status_code, list(answer.data["errors"])) == (400, ["made_at"])
    assert not Visit.objects.exists()


def test_a_key_taken_by_somebody_else_is_told_on_the_page_of_the_visit(client, chen, lan, lantern):
    """Whoever may read a visit reads its uid, and could file under the key of its concern before it is sent again."""
    visit = visit_of(lantern)
    send(chen, "visits/", visit)
    key = uuid5(Visit.objects.get().uid, "concern")
    operations.file(by=lan, now=timezone.now(), key=key, enterprise=lantern, title="抢先", body="占用编号")
    concern = {"concern-title": "房租上涨", "concern-body": "房东要涨租。", "concern-consent": "同意"}
    client.force_login(chen)
    answer = client.post("/visits/new/", visit | {"difficulty": "petition"} | concern)
    assert (answer.status_code, "编号已被使用" in answer.content.decode()) == (422, True)
