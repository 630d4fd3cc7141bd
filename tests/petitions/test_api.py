"""The REST doors: the same forms and operations as the pages, spoken in JSON."""

import json
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from openpyxl import Workbook
from rest_framework.test import APIClient

from directory.models import User
from petitions import operations
from petitions.forms import FORMS
from petitions.models import Petition
from tests.cast import PASSWORD
from tests.petitions.stories import dispatched, filed, replied
from visits.models import Visit

pytestmark = pytest.mark.usefixtures("catalogue")


def api(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def now():
    return timezone.now()


@pytest.fixture
def petition(lan, lantern, mei, wen) -> Petition:
    return dispatched(filed(lan, lantern, now()), mei, now())


FIRST_STEPS = ["correct", "urge", "withdraw"]


class TestTheMainJob:
    def test_from_filing_to_the_rating(self, lan, lantern, mei, wen):
        body = {"title": "厂区积水 🏭", "body": "<b>雨后积水</b>", "category": "E2"}
        filed = api(lan).post("/api/v1/petitions/", body, format="json")
        assert (filed.status_code, filed.data["stage"], filed.data["steps"]) == (201, "filed", FIRST_STEPS)
        address = f"/api/v1/petitions/{filed.data['number']}/"

        def take(user, step, **words):
            return api(user).post(f"{address}{step}/", words, format="json")

        assert take(mei, "dispatch", category="E2").data["lead"] == "SWJ"
        accepted = take(wen, "accept")
        assert (accepted.data["stage"], accepted.data["handler"]) == ("accepted", "文经办")
        assert "reply" in accepted.data["steps"]
        said = {"conclusion": "solved", "body": "已疏通。", "basis": "《排水条例》", "waiver": "街道无须答复"}
        assert take(wen, "reply", **said).data["stage"] == "replied"
        rated = take(lan, "evaluate", solved="yes", contacted=True, satisfaction=5)
        assert (rated.status_code, rated.data["stage"]) == (200, "closed")
        events = api(lan).get(f"{address}events/").data
        assert [event["step"] for event in events] == ["file", "dispatch", "accept", "reply", "evaluate"]

    def test_a_visit_and_its_concern_are_one_save_however_often_it_is_sent(self, chen, lantern):
        visit = {
            "uid": str(uuid4()), "enterprise": lantern.code, "visited_on": timezone.localdate().isoformat(),
            "mode": "on site", "purpose": "routine", "difficulty": "petition", "met": "兰经理",
            "concern": {"title": "房租上涨", "body": "房东要涨租三成。", "consent": "兰经理当面同意"},
        }  # fmt: skip
        answers = [api(chen).post("/api/v1/visits/", visit, format="json") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 200]
        assert answers[0].data == answers[1].data
        assert (Visit.objects.count(), Petition.objects.get().visit.number) == (1, answers[0].data["number"])

    def test_a_bad_concern_stores_no_visit_either(self, chen, lantern):
        visit = {
            "uid": str(uuid4()), "enterprise": lantern.code, "visited_on": timezone.localdate().isoformat(),
            "mode": "on site", "purpose": "routine", "difficulty": "petition", "met": "兰经理",
            "concern": {"title": "房租上涨"},
        }  # fmt: skip
        answer = api(chen).post("/api/v1/visits/", visit, format="json")
        assert (answer.status_code, sorted(answer.data["errors"]["concern"])) == (400, ["body", "consent"])
        assert not Visit.objects.exists()

    def test_a_token_signs_in(self, lan, petition):
        anyone = APIClient()
        token = anyone.post("/api/v1/token/", {"username": "lan", "password": PASSWORD}, format="json").data["token"]
        anyone.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        rows = anyone.get("/api/v1/petitions/").data["results"]
        assert [row["number"] for row in rows] == [petition.number]


class TestRefusals:
    def test_a_stranger_finds_nothing(self, stranger, petition):
        assert api(stranger).get("/api/v1/petitions/").data["results"] == []
        for step in ("", "events/", *(f"{name}/" for name in FORMS)):
            ask = api(stranger).post if step not in ("", "events/") else api(stranger).get
            assert ask(f"/api/v1/petitions/{petition.number}/{step}").status_code == 404, step

    def test_an_anonymous_visitor_is_asked_to_sign_in(self, petition):
        for address in ("petitions/", f"petitions/{petition.number}/", "visits/", "enterprises/", "schema/"):
            assert APIClient().get(f"/api/v1/{address}").status_code == 401, address

    def test_the_wrong_party_is_forbidden_and_the_late_one_is_told(self, lan, wen, zhao, petition):
        address = f"/api/v1/petitions/{petition.number}/accept/"
        assert api(lan).post(address).status_code == 403
        assert api(wen).post(address).status_code == 200
        late = api(zhao).post(address)
        assert (late.status_code, late.data["code"], "办理中" in late.data["detail"]) == (409, "wrong-stage", True)

    def test_the_enterprise_never_reads_what_is_internal(self, lan, wen, rui, mei, lantern):
        petition = dispatched(filed(lan, lantern, now()), mei, now(), helpers=("JTJ",))
        operations.accept(petition, wen, now())
        operations.advise(petition, rui, now(), answer="内部意见：先拖一拖")
        for address in ("", "events/"):
            whole = api(lan).get(f"/api/v1/petitions/{petition.number}/{address}").content.decode()
            assert "内部意见" not in whole
            assert "内部意见" in api(wen).get(f"/api/v1/petitions/{petition.number}/{address}").content.decode()

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"title": "", "body": "x"}, "title"),
            ({"title": "长" * 81, "body": "x"}, "title"),
            ({"title": "x\0y", "body": "x"}, "title"),
            ({"title": "半\ud83d", "body": "x"}, "title"),
            ({"title": "x", "body": "字" * 100_000}, "body"),
            ({"title": ["x"], "body": "x"}, "title"),
            ({"title": {"a": 1}, "body": "x"}, "title"),
            ({"title": "x", "body": "x", "category": "ZZ"}, "category"),
            ({"title": "x", "body": "x", "key": "not a uuid"}, "key"),
            ({"title": "x", "body": "x", "enterprise": "914499990000000000"}, "enterprise"),
        ],
    )
    def test_bad_words_are_named_at_their_field(self, lan, lantern, body, field):
        answer = api(lan).post("/api/v1/petitions/", json.dumps(body), content_type="application/json")
        assert (answer.status_code, field in answer.data["errors"]) == (400, True), answer.content
        assert not Petition.objects.exists()

    @pytest.mark.parametrize(
        ("body", "kind", "status"),
        [
            (b"[" * 5000, "application/json", 400),
            (b'{"a":' * 5000, "application/json", 400),
            (b"[1]", "application/json", 400),
            (b'{"title": NaN}', "application/json", 400),
            (b"\xff\xfe", "application/json", 400),
            (b"title=x", "text/plain", 415),
            (b'{"title": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
        ],
    )
    def test_bodies_of_the_wrong_kind(self, lan, lantern, body, kind, status):
        answer = api(lan).generic("POST", "/api/v1/petitions/", body, content_type=kind)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")

    @pytest.mark.parametrize(
        ("name", "content", "status"),
        [
            ("empty.pdf", b"", 400),
            ("false.pdf", b"MZ not a pdf", 415),
            ("page.html", b"<script>", 415),
            ("false.png", b"GIF89a", 415),
            ("large.txt", b"x" * 2000, 413),
        ],
    )
    def test_files_that_are_not_what_they_say(self, lan, lantern, settings, name, content, status):
        settings.UPLOAD_MAX_BYTES = 1999
        body = {"title": "x", "body": "x", "files": [SimpleUploadedFile(name, content)]}
        answer = api(lan).post("/api/v1/petitions/", body, format="multipart")
        assert (answer.status_code, "files" in answer.data["errors"]) == (status, True), answer.content
        assert not Petition.objects.exists()

    def test_a_good_file_is_kept(self, lan, lantern):
        book = BytesIO()
        Workbook().save(book)
        body = {"title": "x", "body": "x", "files": [SimpleUploadedFile("租金.xlsx", book.getvalue())]}
        assert api(lan).post("/api/v1/petitions/", body, format="multipart").status_code == 201
        assert Petition.objects.get().attachments.get().name == "租金.xlsx"


class TestLists:
    def test_a_page_of_fifty_costs_what_a_page_of_one_costs(self, lan, lantern, mei, django_assert_num_queries):
        for more in (1, 9, 40):
            for n in range(more):
                filed(lan, lantern, now(), title=f"诉求 {n}")
            asker = api(User.objects.get(pk=mei.pk))  # with seats not yet read
            with django_assert_num_queries(2):
                asker.get("/api/v1/petitions/")

    def test_the_next_page_begins_after_the_last_row(self, lan, lantern, mei):
        for n in range(51):
            filed(lan, lantern, now(), title=f"诉求 {n}")
        first = api(mei).get("/api/v1/petitions/").data
        rest = api(mei).get(first["next"]).data
        numbers = [row["number"] for row in first["results"] + rest["results"]]
        assert (len(numbers), len(set(numbers)), rest["next"]) == (51, 51, None)

    def test_only_what_awaits_me(self, lan, lantern, mei, wen, petition):
        filed(lan, lantern, now(), title="新诉求")
        titles = [row["title"] for row in api(mei).get("/api/v1/petitions/?awaiting=true").data["results"]]
        assert titles == ["新诉求"]
        assert [row["stage"] for row in api(wen).get("/api/v1/petitions/?stage=dispatched").data["results"]] == [
            "dispatched"
        ]

    def test_enterprises_are_those_one_may_open(self, lan, chen, stranger, lantern):
        for user in (lan, chen):
            rows = api(user).get("/api/v1/enterprises/").data["results"]
            assert [row["code"] for row in rows] == [lantern.code]
        assert api(stranger).get(f"/api/v1/enterprises/{lantern.code}/").status_code == 404


def test_the_description_names_every_door_without_a_warning():
    out = StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)
    paths = yaml.safe_load(out.getvalue())["paths"]
    steps = {f"/api/v1/petitions/{{number}}/{step}/" for step in FORMS}
    assert steps < paths.keys()


def test_a_reply_needs_its_words(lan, wen, petition):
    operations.accept(petition, wen, now())
    answer = api(wen).post(f"/api/v1/petitions/{petition.number}/reply/", {}, format="json")
    assert sorted(answer.data["errors"]) == ["basis", "body", "conclusion"]
    assert replied(petition, wen, now()).stage == "replied"
