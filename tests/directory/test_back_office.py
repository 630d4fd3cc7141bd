"""Who may enter the back office, and how far."""

import pytest

from directory.models import Post, User
from tests.cast import make_user, seat

PAGES = [f"/admin/directory/{name}/" for name in ("user", "unit", "post", "cadre", "enterprise", "assignment")]


@pytest.fixture
def tao(db) -> User:
    """Administers the system by post alone."""
    return seat(make_user("tao", "陶管理"), "DSK", Post.Role.SYSTEM_ADMINISTRATOR)


@pytest.mark.parametrize("path", ["/admin/", *PAGES])
def test_a_system_administrator_by_post_opens_every_page(client, tao, path):
    client.force_login(tao)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("person", ["mei", "wen", "zhao", "hua", "shen", "luo", "ada", "lan", "chen", "stranger"])
def test_nobody_else_does(client, request, person):
    who = request.getfixturevalue(person)
    client.force_login(getattr(who, "user", who))
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/directory/user/", follow=True).status_code == 403


def test_a_stranger_signs_in_at_the_one_door(client, db):
    answer = client.get("/admin/directory/unit/", follow=True)
    assert answer.redirect_chain[-1][0] == "/login/?next=/admin/directory/unit/"


def test_the_right_ends_with_the_post(client, tao):
    Post.objects.filter(user=tao).update(valid_to="2021-01-01")
    client.force_login(tao)
    assert client.get("/admin/", follow=True).status_code == 403


def test_nobody_makes_a_superuser_here_or_touches_one(client, tao):
    client.force_login(tao)
    chief = User.objects.create_superuser("chief", name="主管", password="x")
    page = client.get(f"/admin/directory/user/{chief.pk}/change/").content.decode()
    assert "is_superuser" not in page
    assert 'name="username"' not in page
    assert client.get(f"/admin/directory/user/{chief.pk}/password/").status_code == 403


def test_a_person_is_entered_with_name_and_account(client, tao):
    client.force_login(tao)
    new = {
        "username": "fang",
        "name": "方经办",
        "usable_password": "false",
        "posts-TOTAL_FORMS": 0,
        "posts-INITIAL_FORMS": 0,
    }
    client.post("/admin/directory/user/add/", new)
    assert User.objects.get(username="fang").name == "方经办"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_deleted(client, tao, mei, path):
    client.force_login(tao)
    assert client.post(path, {"action": "delete_selected", "_selected_action": [1]}).status_code in (200, 302)
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "path",
    [
        "directory/post/?role__exact=%00",
        "directory/user/?posts__role=%00",
        "directory/unit/?%00=1",
        "autocomplete/?app_label=directory&model_name=post&field_name=user&term=%00",
    ],
)
def test_an_address_with_nul_is_refused(client, tao, path):
    client.force_login(tao)
    assert client.get(f"/admin/{path}").status_code == 400
