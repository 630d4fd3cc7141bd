"""Who may see a visit, its photos and its risk signs; for anybody else it does not exist."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from directory.models import Post
from tests.cast import make_cadre, make_user, seat
from tests.visits.making import visited
from visits.models import Photo, Visit

SEES = {  # who: the visit, its risk signs
    "host": (True, True),
    "companion": (True, False),
    "lan": (True, False),
    "the host's unit head": (True, False),
    "mei": (True, False),
    "hua": (True, False),
    "shen": (True, True),
    "luo": (True, True),
    "ada": (True, False),
    "the cadre of today": (True, True),
    "wen": (False, False),
    "zhao": (False, False),
    "rui": (False, False),
    "root": (False, False),
    "stranger": (False, False),
    "the host's colleague": (False, False),
}


@pytest.fixture
def visit(chen, lantern):
    """Made by Fang, who looked after Lantern Works before Chen, in the company of Gu."""
    fang, gu = make_cadre("C002", "fang", "方干部", "FGJ"), make_cadre("C003", "gu", "顾干部", "JTJ")
    visit = visited(fang, lantern, "2023-06-13", risk="传闻拖欠工资", met_phone="13812345678")
    visit.companions.create(cadre=gu, unit=gu.unit)
    Photo.objects.create(
        visit=visit, file=ContentFile(b"jpeg", "x.jpg"), name="门口.jpg", content_type="image/jpeg", size=4,
        uploaded_by=fang.user, uploaded_at=visit.received_at,
    )  # fmt: skip
    return visit


@pytest.fixture
def people(visit, chen, lan, mei, hua, shen, luo, ada, wen, zhao, rui, root, stranger) -> dict:
    head = seat(make_user("head", "发改局长"), "FGJ", Post.Role.HEAD)
    colleague = seat(make_user("colleague", "发改同事"), "FGJ", Post.Role.MEMBER)
    cast = {user.username: user for user in (lan, mei, hua, shen, luo, ada, wen, zhao, rui, root, stranger)}
    return cast | {
        "host": visit.host.user,
        "companion": visit.companions.get().cadre.user,
        "the cadre of today": chen,
        "the host's unit head": head,
        "the host's colleague": colleague,
    }


def get(user, path):
    client = Client()
    client.force_login(user)
    return client.get(path)


@pytest.mark.parametrize("who", SEES)
def test_the_access_table_holds_for_page_photo_and_list(who, visit, people):
    sees, reads_risk = SEES[who]
    page, photo = visit.get_absolute_url(), f"{visit.get_absolute_url()}photos/{visit.photos.get().key}/"
    answer = get(people[who], page)
    assert answer.status_code == (200 if sees else 404)
    assert ("传闻拖欠工资" in answer.content.decode()) is reads_risk
    assert get(people[who], photo).status_code == (200 if sees else 404)
    assert (visit.number in listed(people[who])) is sees


def listed(user) -> list[str]:
    return [one.number for one in get(user, "/visits/?all=1").context["page"].rows]


def test_an_anonymous_visitor_gets_the_sign_in_page(visit, client):
    for path in (
        visit.get_absolute_url(),
        "/visits/",
        "/visits/enterprises/",
        f"/enterprises/{visit.enterprise.code}/",
    ):
        assert client.get(path).url.startswith("/login/")


def test_a_photo_is_a_download_that_no_browser_runs(visit, people):
    answer = get(people["host"], f"{visit.get_absolute_url()}photos/{visit.photos.get().key}/")
    assert b"".join(answer.streaming_content) == b"jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "image/jpeg")


def test_a_photo_of_another_visit_is_not_found_under_this_one(visit, people, chen, lantern):
    other = visited(chen.cadre, lantern, "2023-06-14")
    assert get(chen, f"{other.get_absolute_url()}photos/{visit.photos.get().key}/").status_code == 404


def test_the_phone_of_whom_they_met_is_masked_for_everybody(visit, people):
    text = get(people["host"], visit.get_absolute_url()).content.decode()
    assert ("138****5678" in text, "13812345678" in text) == (True, False)


def test_a_visit_with_many_companions_is_listed_once(visit, shen):
    for n in range(3):
        more = make_cadre(f"C1{n}", f"more{n}", "同行")
        visit.companions.create(cadre=more, unit=more.unit)
    assert listed(shen) == [visit.number]


def test_rights_end_with_the_post(visit, people):
    user = people["the host's unit head"]
    user.posts.update(valid_to="2023-01-01")
    assert get(user, visit.get_absolute_url()).status_code == 404
    assert Visit.objects.count() == 1
