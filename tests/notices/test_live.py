"""Live pings end to end: a change commits, PostgreSQL notifies, the live process writes to an open stream."""

import http.client
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.db import connection, transaction
from django.urls import reverse

from notices import live
from notices.operations import mark_read, tell
from tests.cast import at
from tests.notices.conftest import message

NOW = at("2023-06-13")
EVENTS = reverse("notices:events")
PORT = int(os.environ["LIVE_PORT"])


@pytest.fixture(autouse=True)
def _topics(settings, monkeypatch) -> None:
    """Two topics of an app above: Wen may hear of the first petition, nobody of the others."""
    settings.LIVE_PORT = str(PORT)
    monkeypatch.setattr(
        live, "TOPICS", {"petition": lambda user, number, now: (user.username, number) == ("wen", "QS1")}
    )


@contextmanager
def stream(location: str) -> Iterator[http.client.HTTPResponse]:
    """Follow to the live process, as a browser does, and read what it writes."""
    address = urlsplit(location)
    door = http.client.HTTPConnection("127.0.0.1", PORT, timeout=3)
    try:
        door.request("GET", f"{address.path}?{address.query}")
        yield door.getresponse()
    finally:
        door.close()


def next_event(response: http.client.HTTPResponse, kind: str) -> str:
    """What the next event of that kind says."""
    while (line := response.readline().decode()) != f"event: {kind}\n":
        assert line, "the stream ended"
    return response.readline().decode().removeprefix("data: ").strip()


def next_ping(response: http.client.HTTPResponse) -> str:
    return next_event(response, "ping")


def permit(client, user, *topics: str) -> str:
    client.force_login(user)
    answer = client.get(EVENTS, {"topic": topics})
    assert answer.status_code == 307
    return answer["Location"]


class AMinuteAgo(signing.TimestampSigner):
    """Signs as the house did a little over a minute ago."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - live.TOKEN_SECONDS - 1)


# --- The way there ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_is_sent_to_the_live_process_with_a_permit(client, wen):
    client.force_login(wen)
    answer = client.get(EVENTS, {"topic": ["me", "petition:QS1"]}, headers={"Host": "localhost:8000"})
    address = urlsplit(answer["Location"])
    assert (answer.status_code, answer["Cache-Control"]) == (307, "no-store")
    assert (address.scheme, address.netloc, address.path) == ("http", f"localhost:{PORT}", "/live/")
    topics = live.topics_of(parse_qs(address.query)["token"][0])
    assert [live.asked_name(topic) for topic in topics] == ["me", "petition:QS1"]
    assert f":{wen.pk}" not in "".join(topics)


@pytest.mark.django_db
def test_behind_a_proxy_the_live_process_is_on_the_same_origin(client, wen, settings):
    settings.LIVE_PORT = ""
    assert permit(client, wen, "me").startswith("/live/?token=")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "topics",
    [
        ["petition:QS2"],
        ["me", "petition:QS2"],
        ["weather"],
        ["user:1"],
        [""],
        [],
        [f"petition:QS1{n}" for n in range(51)],
    ],
)
def test_forbidden_and_unknown_topics_do_not_exist(client, wen, topics):
    client.force_login(wen)
    assert client.get(EVENTS, {"topic": topics}).status_code == 404


@pytest.mark.django_db
def test_who_is_not_signed_in_is_told_so(client):
    assert client.get(EVENTS, {"topic": "me"}).status_code == 401


# --- The live process ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_ping_arrives_with_the_commit_and_never_after_a_rollback(client, wen, live_process):
    with stream(permit(client, wen, "me", "petition:QS1")) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert [response.readline() for _ in range(2)] == [b"event: beat\n", b"data: 2000\n"]
        with transaction.atomic():
            live.ping("petition:QS1")
            transaction.set_rollback(True)
        with transaction.atomic():
            live.ping("petition:QS2", "desk")
            tell([(wen.pk, message())], NOW)
        assert next_ping(response) == "me"  # the rolled-back one would have come first
        mark_read(wen, [message().key], NOW)
        assert next_ping(response) == "me"
        live.ping("petition:QS1")
        assert next_ping(response) == "petition:QS1"


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_once_however_many_of_its_topics_the_page_watches(client, wen, live_process, monkeypatch):
    monkeypatch.setitem(live.TOPICS, "unit", lambda user, code, now: True)
    monkeypatch.setitem(live.TOPICS, "desk", lambda user, name, now: True)
    with stream(permit(client, wen, "desk", "unit:SWJ", "unit:JTJ", "petition:QS1")) as response:
        response.readline()
        live.ping("petition:QS2", "unit:SWJ", "desk")
        live.ping_each([("petition:QS1", "unit:SWJ"), ("petition:QS1", "unit:JTJ"), ("petition:QS3", "unit:GXJ")])
        live.ping(*(f"petition:QS{number}" for number in range(2000)))
        assert next_ping(response) == "desk unit:SWJ"
        assert {next_ping(response), next_ping(response)} == {"petition:QS1 unit:SWJ", "petition:QS1 unit:JTJ"}
        assert next_ping(response) == "petition:QS1"


@pytest.mark.django_db(transaction=True)
def test_when_the_database_drops_the_process_it_returns_and_everybody_asks_again(client, wen, live_process):
    with stream(permit(client, wen, "petition:QS1")) as response, connection.cursor() as cursor:
        response.readline()
        cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'live'"
                       " AND datname = current_database()")  # fmt: skip
        assert cursor.fetchone() == (1,)
        next_event(response, "missed")
        live.ping("petition:QS1")
        assert next_ping(response) == "petition:QS1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/live/?token=forged", 401), ("/live/", 401), ("/elsewhere/", 404)],
)
def test_what_the_live_process_answers_without_a_permit(path, status, live_process):
    with stream(path) as response:
        assert response.status == status


@pytest.mark.django_db
def test_the_live_process_says_whether_it_hears_the_database(live_process):
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        with stream("/live/health") as response:
            if response.status == 200:
                break
    assert response.status == 200


@pytest.mark.django_db
def test_a_permit_ends_after_a_minute(live_process):
    token = AMinuteAgo(salt=live.CHANNEL).sign_object(["petition:QS1"])
    with stream(f"/live/?token={token}") as response:
        assert response.status == 410
