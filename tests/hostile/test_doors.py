"""The corpus at the doors themselves: whatever is sent, an answer in words, and either all of it is done or nothing."""

import json
from collections.abc import Iterator
from itertools import cycle, islice
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from directory.models import User
from notices.models import Notice
from petitions import operations
from petitions.models import CoOrganisation, Evaluation, Event, Petition, Reply
from tests.hostile.strings import CORPUS
from tests.hostile.test_forms import CONCERN, STEPS, VISIT
from tests.petitions.stories import dispatched, filed, rated, replied
from visits.models import Visit

ALWAYS = ["\0", "\ud800", "🏭" * 2500]  # at each door
TRIED = 1  # more at each field: the fields take turns through the corpus
ROWS = (Petition, Event, CoOrganisation, Reply, Evaluation, Visit, Notice)
DONE, REFUSED = {200, 201, 302}, {400, 403, 404, 409, 413, 422}
WORDS = (
    "title", "body", "note", "guidance", "question", "answer", "basis", "waiver", "comment", "place", "contact",
    "phone", "consent", "met", "met_phone", "companions", "promise", "risk", "notes", "policies", "uid", "made_at",
    "key", "category", "enterprise", "promised_on", "satisfaction",
)  # fmt: skip
corpus = cycle(CORPUS)


def hostile(fields: list[str]) -> Iterator[tuple[str, str]]:
    """What to try in which field."""
    yield from ((field, words) for field in fields[:1] for words in ALWAYS)
    yield from ((field, words) for field in fields for words in islice(corpus, TRIED))


def rows() -> list:
    return [list(model.objects.order_by("pk").values_list()) for model in ROWS]


def page(user: User, address: str, said: dict) -> int:
    """As a form sends it: half a character becomes the sign for one that cannot be shown."""
    client = Client()
    client.force_login(user)
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in said.items() if isinstance(value, str)}
    return client.post(
        f"/{address}", sent | {name: value for name, value in said.items() if name not in sent}
    ).status_code


def api(user: User, address: str, said: dict) -> int:
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=user.pk))
    answer = client.generic("POST", f"/api/v1/{address}", json.dumps(said), content_type="application/json")
    assert answer["Content-Type"] in ("application/json", "application/problem+json")
    return answer.status_code


def tried(door, user: User, address: str, valid: dict) -> None:
    """Each field of words in turn; what was refused must have left no row behind."""
    before = rows()
    for field, words in hostile([name for name in WORDS if name in valid]):
        with transaction.atomic():
            status = door(user, address, valid | {field: words})
            assert status in DONE | REFUSED, (address, field, words)
            assert (rows() == before) == (status in REFUSED), (address, field, words, status)
            transaction.set_rollback(True)


@pytest.fixture
def stage(catalogue, lan, lantern, mei, pei, wen, rui) -> dict[str, tuple[User, Petition]]:
    """Who may take each step, and a petition that waits for it."""
    now = timezone.now()

    def accepted() -> Petition:
        return operations.accept(dispatched(filed(lan, lantern, now), mei, now, helpers=("JTJ",)), wen, now)

    proposed = operations.propose_decline(filed(lan, lantern, now), mei, now, reason="in court", guidance="请起诉。")
    answered = replied(accepted(), wen, now, waiver="另案处理")
    closed = rated(replied(accepted(), wen, now, waiver="另案处理"), lan, now)
    fresh, sent, helped = filed(lan, lantern, now), dispatched(filed(lan, lantern, now), mei, now), accepted()
    return {
        "correct": (lan, fresh), "withdraw": (lan, fresh), "dispatch": (mei, fresh), "propose_decline": (mei, fresh),
        "decline": (pei, proposed), "keep": (pei, proposed), "accept": (wen, sent),
        "consult": (wen, helped), "advise": (rui, helped), "interim": (wen, helped), "reply": (wen, helped),
        "evaluate": (lan, answered), "reopen": (lan, closed),
    }  # fmt: skip


@pytest.mark.parametrize("door", [page, api])
def test_a_step_is_taken_whole_or_not_at_all(stage, door):
    for step, (user, petition) in stage.items():
        valid = STEPS[step] | ({"waiver": "无须等待"} if step == "reply" else {})
        tried(door, user, f"petitions/{petition.number}/{step}/", valid)


@pytest.mark.parametrize(("door", "address"), [(page, "petitions/new/"), (api, "petitions/")])
def test_a_petition_is_filed_whole_or_not_at_all(stage, lantern, chen, door, address):
    more = {"place": "门口", "contact": "兰", "category": "E2", "enterprise": lantern.code, "key": str(uuid4())}
    tried(door, chen, address, CONCERN | more)


@pytest.mark.parametrize(("door", "address"), [(page, "visits/new/"), (api, "visits/")])
def test_a_visit_is_recorded_whole_or_not_at_all(stage, lantern, chen, door, address):
    today = timezone.localdate().isoformat()
    valid = VISIT | {"enterprise": lantern.code, "visited_on": today, "uid": str(uuid4()), "difficulty": "petition"}
    valid |= {"made_at": "", "risk": "", "companions": ""}
    heard = {f"concern-{name}": words for name, words in CONCERN.items()} if door is page else {"concern": CONCERN}
    tried(door, chen, address, valid | heard)


def test_searches_find_or_find_nothing(stage, client, lan, chen, luo):
    for user, path, name in (
        (lan, "/petitions/all/", "q"), (lan, "/petitions/", "show"), (lan, "/petitions/all/", "since"),
        (chen, "/visits/", "q"), (chen, "/visits/", "enterprise"), (chen, "/visits/enterprises/", "q"),
        (luo, "/api/v1/enterprises/", "q"), (luo, "/api/v1/petitions/", "after"), (luo, "/petitions/all/", "lead"),
        (luo, "/board/", "from"), (luo, "/board/", "unit"), (luo, "/board/received/", "face"),
        (lan, "/events/", "topic"),
    ):  # fmt: skip
        client.force_login(user)
        for _field, words in hostile([name]):
            sent = words[:3000].encode("utf-8", "replace").decode()
            assert client.get(path, {name: sent}).status_code in (200, 400, 404), (path, name, words)


def test_what_was_taken_is_shown_as_text(stage, client, lan, lantern, wen, mei):
    evil = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    petition = filed(lan, lantern, timezone.now(), title=evil, body=evil, place=evil)
    operations.accept(dispatched(petition, mei, timezone.now()), wen, timezone.now(), note=evil)
    for user in (lan, wen, mei):
        client.force_login(user)
        for path in (petition.get_absolute_url(), "/", "/petitions/", "/petitions/all/", "/notices/"):
            html = client.get(path).content.decode()
            assert "<script>alert" not in html, (user, path)
            assert "<img src=x" not in html, (user, path)
