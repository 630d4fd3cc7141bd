"""Coming in, going out, and what is remembered of a choice."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from tests.cast import PASSWORD

LOGIN = "/login/"


def sign_in(client, username: str, password: str = PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password} | more)


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(client, mei):
    answer = client.get("/preferences/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/preferences/")
    answer = sign_in(client, "mei", next="/preferences/")
    assert (answer.status_code, answer["Location"]) == (302, "/preferences/")
    assert get_user(client) == mei


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(client, mei, target):
    assert sign_in(client, "mei", next=target)["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("mei", "wrong"), ("nobody", PASSWORD), ("mei", "")])
def test_what_was_wrong_is_not_told_apart(client, mei, username, password):
    page = sign_in(client, username, password).content.decode()
    assert "请更正以下内容" in page
    assert ("用户名或密码不正确" in page) == bool(password)


def test_a_person_who_left_cannot_sign_in(client, mei):
    mei.is_active = False
    mei.save()
    assert "用户名或密码不正确" in sign_in(client, "mei").content.decode()
    assert not get_user(client).is_authenticated


def test_signing_in_restores_the_own_language_and_look(client, mei):
    mei.language, mei.theme = "en", "dark"
    mei.save()
    answer = sign_in(client, "mei")
    assert {name: answer.cookies[name].value for name in ("language", "theme")} == {"language": "en", "theme": "dark"}


def test_a_choice_made_before_signing_in_stays(client, mei):
    client.post("/choose/", {"language": "en", "next": LOGIN})
    assert "language" not in sign_in(client, "mei").cookies
    assert client.cookies["language"].value == "en"


def test_signing_out_leaves_nothing_behind(client, mei):
    sign_in(client, "mei")
    answer = client.post("/logout/")
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert not get_user(client).is_authenticated
    assert {answer.cookies[name]["max-age"] for name in ("language", "theme")} == {0}


def test_leaving_takes_a_click_not_a_link(client, mei):
    client.force_login(mei)
    assert client.get("/logout/").status_code == 405


@pytest.mark.parametrize("path", ["/login/", "/logout/", "/choose/", "/preferences/"])
def test_a_form_from_elsewhere_is_refused_with_a_page(mei, path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(mei)
    answer = client.post(path)
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://testserver/petitions/?show=late", "/petitions/"),
        ("http://testserver", "/"),
        ("http://[broken", "/"),
    ],
)
def test_a_fragment_asked_for_after_the_session_ended_leads_the_whole_page_to_the_sign_in_page(client, db, page, back):
    answer = client.get("/notices/bell/", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (200, f"/login/?next={back}", b"")


def test_a_new_password_ends_sessions_and_token_of_the_old_one(client, mei, root):
    given = client.post("/api/v1/token/", {"username": "mei", "password": PASSWORD}, content_type="application/json")
    token = {"Authorization": f"Token {given.json()['token']}"}
    elsewhere, office = Client(), Client()
    sign_in(elsewhere, "mei")
    answer = client.get("/api/v1/petitions/", headers=token)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    office.force_login(root)
    words = {"usable_password": "true", "password1": "seven-lanterns-2026", "password2": "seven-lanterns-2026"}
    assert office.post(f"/admin/directory/user/{mei.pk}/password/", words).status_code == 302
    assert client.get("/api/v1/petitions/", headers=token).status_code == 401
    assert not get_user(elsewhere).is_authenticated
