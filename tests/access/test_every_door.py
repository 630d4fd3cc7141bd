"""Every address of the house, asked by everybody: one table (doors.csv). An address that is not in it fails."""

import csv
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from directory.models import User
from petitions import operations
from petitions.models import Conference, Petition
from petitions.operations.links import make_link
from tests.cast import make_user, seat
from tests.petitions.conferring import convened, decided
from tests.petitions.stories import dispatched, filed
from tests.visits.making import visited
from visits.models import Photo, Visit

TABLE = {row["door"]: row for row in csv.DictReader((Path(__file__).parent / "doors.csv").open(encoding="utf-8"))}
PEOPLE = [column for column in next(iter(TABLE.values())) if column not in ("door", "anonymous")]
CONFERENCE_DOORS = [f"petitions:{name}" for name in ("conference", "arrange", "minute", "publish", "call_off")]
CONFERENCE_DOORS += [f"conference-{name}" for name in ("detail", "agenda", "decisions", "publish", "cancel")]
SECRET = "密闻"  # planted in the petition and the visit: a refusal must not show it


def doors(patterns=None, space: str = "") -> Iterator[str]:
    """The names of all addresses; the back office's are one family."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}:{pattern.name}" if space else pattern.name
        elif pattern.namespace == "admin":
            yield "admin:*"
        else:
            yield from doors(pattern.url_patterns, pattern.namespace or space)


def test_every_door_is_in_the_table_and_every_row_is_a_door():
    assert set(doors()) == set(TABLE)


@pytest.fixture
def petition(catalogue, lan, lantern, mei, wen) -> Petition:
    files = [SimpleUploadedFile("a.txt", SECRET.encode(), "text/plain")]
    petition = dispatched(filed(lan, lantern, timezone.now(), title=SECRET, files=files), mei, timezone.now())
    make_link(petition, lan, timezone.now())
    return petition


@pytest.fixture
def visit(chen, lantern) -> Visit:
    visit = visited(chen.cadre, lantern, timezone.localdate().isoformat(), notes=SECRET)
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    Photo.objects.create(
        visit=visit, file=ContentFile(picture.getvalue(), "x.jpg"), name="门口.jpg", content_type="image/jpeg",
        size=len(picture.getvalue()), uploaded_by=chen, uploaded_at=timezone.now(),
    )  # fmt: skip
    return visit


@pytest.fixture
def people(lan, chen, wen, mei, luo, stranger) -> dict[str, User | None]:
    administrator = seat(make_user("admin", "管理员"), "GXJ", "system administrator")
    return dict(zip(PEOPLE, (stranger, lan, chen, wen, mei, luo, administrator), strict=True))


@pytest.fixture
def conferences(petition, luo) -> dict[str, Conference]:
    """Two over the petition: one whose minutes are out, and one to come."""
    now = timezone.now()
    out, planned = (convened(luo, now, petition, title=SECRET) for _ in range(2))
    return {"out": operations.publish(decided(out, luo, now), luo, now), "planned": planned}


def addresses(petition: Petition, visit: Visit, conferences: dict[str, Conference]) -> dict[str, str]:
    """One address for each door, about the petition, the visit or the conference where it is about one."""
    step, key = {"number": petition.number}, {"key": petition.attachments.get().key}
    seen, photo = {"number": visit.number}, {"key": visit.photos.get().key}
    firm = {"code": petition.enterprise.code}
    more = {
        "assessment:drill": {"key": "received"},
        "petitions:petition": step, "petitions:attachment": step | key,
        "petitions:receipt": step, "petitions:link": step,
        "petitions:progress": {"token": petition.links.get().token},
        "petitions:take_step": step | {"step": "accept"},
        "visits:visit": seen, "visits:photo": seen | photo, "visit-detail": seen,
        "visits:enterprise": firm, "enterprise-detail": firm,
    }  # fmt: skip
    more |= {f"notices:{verb}_address": {"code": uuid4()} for verb in ("test", "confirm", "remove")}
    more |= {door: {"number": conferences["planned"].number} for door in CONFERENCE_DOORS}
    more |= {"petitions:minutes": {"number": conferences["out"].number}}
    more |= {door: step for door in TABLE if door.startswith("petition-") and door != "petition-list"}
    found = {door: reverse(door, kwargs=more.get(door, {})) for door in TABLE if door != "admin:*"}
    found["notices:events"] += f"?topic=petition:{petition.number}"
    return found


def test_everybody_finds_what_the_table_says(petition, visit, conferences, people):
    wrong = []
    for door, address in addresses(petition, visit, conferences).items():
        wrong += [f"{door} anonymous: {said}" for said in [ask(None, address)] if said != TABLE[door]["anonymous"]]
        for person, user in people.items():
            if (said := ask(user, address)) != TABLE[door][person]:
                wrong.append(f"{door} {person}: {said} instead of {TABLE[door][person]}")
    assert wrong == []


def ask(user: User | None, address: str) -> str:
    client = Client(raise_request_exception=True)
    if user:
        client.force_login(user)
    answer = client.get(address)
    if answer.status_code == 302 and answer["Location"].startswith("/admin/login/"):
        answer = client.get(answer["Location"])
    if answer.status_code == 404:
        assert SECRET not in answer.content.decode()
    if answer.status_code == 302 and answer["Location"].startswith("/login/"):
        return "login"
    return str(answer.status_code)


def test_the_back_office_is_for_administrators(people):
    for pattern in ("", "directory/unit/", "directory/unit/add/", "directory/user/", "directory/enterprise/import/"):
        assert ask(None, f"/admin/{pattern}") == "login", pattern
        for person, user in people.items():
            assert ask(user, f"/admin/{pattern}") == TABLE["admin:*"][person], (pattern, person)


def test_a_disabled_person_is_nobody(petition, lan):
    client = Client()
    client.force_login(lan)
    address = petition.get_absolute_url()
    assert client.get(address).status_code == 200
    User.objects.filter(pk=lan.pk).update(is_active=False)
    assert client.get(address)["Location"].startswith("/login/")


def test_a_person_who_leaves_the_post_sees_no_more_of_it_at_once(petition, wen):
    client = Client()
    client.force_login(wen)
    assert client.get(petition.get_absolute_url()).status_code == 200
    wen.posts.update(valid_to=timezone.localdate())
    assert client.get(petition.get_absolute_url()).status_code == 404
