"""Language, look, address and password are the person's own."""

import pytest

from tests.cast import PASSWORD

CHOICES = {"language": "en", "theme": "dark", "email": "mei@example.org"}


def test_preferences_are_kept_with_the_person_and_on_the_machine(client, mei):
    client.force_login(mei)
    answer = client.post("/preferences/", CHOICES)
    assert (answer.status_code, answer["Location"]) == (302, "/preferences/")
    mei.refresh_from_db()
    assert (mei.language, mei.theme, mei.email) == ("en", "dark", "mei@example.org")
    assert {name: answer.cookies[name].value for name in ("language", "theme")} == {"language": "en", "theme": "dark"}
    assert 'lang="en" data-bs-theme="dark"' in client.get("/preferences/").content.decode()


@pytest.mark.parametrize("wrong", [{"language": "fr"}, {"theme": "pink"}, {"email": "nonsense"}])
def test_a_wrong_preference_is_named_and_nothing_is_kept(client, mei, wrong):
    client.force_login(mei)
    answer = client.post("/preferences/", CHOICES | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)
    mei.refresh_from_db()
    assert (mei.language, mei.theme) == ("zh-hans", "auto")


def test_one_click_changes_language_or_look_and_comes_back(client, mei):
    client.force_login(mei)
    answer = client.post("/choose/", {"theme": "dark", "next": "/preferences/"})
    assert (answer.status_code, answer["Location"]) == (302, "/preferences/")
    mei.refresh_from_db()
    assert (mei.language, mei.theme) == ("zh-hans", "dark")


def test_a_stranger_may_choose_the_language_too(client, db):
    answer = client.post("/choose/", {"language": "en", "next": "/login/"})
    assert (answer["Location"], answer.cookies["language"].value) == ("/login/", "en")
    assert 'lang="en"' in client.get("/login/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "nowhere", "schema", ""]
)
def test_a_choice_never_leads_elsewhere(client, db, target):
    assert client.post("/choose/", {"theme": "dark", "next": target})["Location"] == "/"


@pytest.mark.parametrize("chosen", [{}, {"theme": "pink"}, {"language": "fr"}])
def test_a_choice_nobody_offers_changes_nothing(client, mei, chosen):
    client.force_login(mei)
    assert {"language", "theme"}.isdisjoint(client.post("/choose/", chosen).cookies)


def test_the_look_follows_the_machine_until_chosen(client, db):
    assert "data-theme-auto" in client.get("/login/").content.decode()
    client.cookies["theme"] = "light"
    assert "data-theme-auto" not in client.get("/login/").content.decode()


def test_a_new_password_must_be_a_good_one(client, mei):
    client.force_login(mei)
    change = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert list(client.post("/preferences/password/", change).context["form"].errors) == ["new_password2"]
    change |= {"new_password1": "seven-lanterns-2026", "new_password2": "seven-lanterns-2026"}
    assert client.post("/preferences/password/", change)["Location"] == "/preferences/"
    mei.refresh_from_db()
    assert mei.check_password("seven-lanterns-2026")
