"""Every component in a real browser: readable by everybody, in both looks, on a phone and on a desk, with and without
scripts."""

import re

import pytest
from playwright.sync_api import expect

from petitions.process import Stage
from tests.browser import DESKTOP, PHONE, axe_violations
from tests.cast import PASSWORD

LOOKS = [(width, dark) for width in (DESKTOP, PHONE) for dark in (False, True)]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_every_component_is_accessible(open_page, kitchen, wen, width, dark):
    page = open_page(f"{kitchen}?messages=1", user=wen, width=width, dark=dark)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_a_form_with_errors_is_accessible(open_page, kitchen, wen, width, dark):
    page = open_page(kitchen, user=wen, width=width, dark=dark)
    page.get_by_role("button", name="提交走访记录").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert axe_violations(page) == []
    page.get_by_role("alert").get_by_role("link", name=re.compile("满意度")).click()
    expect(page.get_by_role("radio", name="很不满意")).to_be_focused()


@pytest.mark.parametrize(
    "path", ["/login/", "/preferences/", "/preferences/password/", "/kitchen/forbidden/", "/nowhere/"]
)
@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_every_page_of_ours_is_accessible(open_page, kitchen, wen, path, width, dark):
    page = open_page(path, user=None if path == "/login/" else wen, width=width, dark=dark)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_sign_in_page_serves_a_keyboard(open_page, kitchen, wen):
    page = open_page("/login/?next=/preferences/")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("wen")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="个人设置")).to_be_visible()


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(open_page, kitchen, wen):
    page = open_page(kitchen, user=wen)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_a_phone_opens_without_scripts_too(open_page, kitchen, wen, scripts):
    page = open_page(kitchen, user=wen, width=PHONE, javascript=scripts)
    menu = page.get_by_role("navigation", name="主导航")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="打开菜单").click()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_look_changes_with_one_click(open_page, kitchen, wen, scripts):
    page = open_page(kitchen, user=wen, javascript=scripts)
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_look_follows_the_machine(open_page, kitchen, wen):
    page = open_page(kitchen, user=wen, dark=True)
    page.context.clear_cookies(name="theme")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_stars_are_chosen_with_arrow_keys(open_page, kitchen, wen):
    page = open_page(kitchen, user=wen)
    page.get_by_role("radio", name="很不满意").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="满意", exact=True)).to_be_checked()


def test_the_names_of_chosen_files_are_shown(open_page, kitchen, wen):
    page = open_page(kitchen, user=wen)
    file = {"name": "积水.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    page.get_by_label("现场照片").set_input_files(file)
    expect(page.locator("[data-file-names]")).to_have_text("积水.jpg")


def test_a_form_clicked_twice_is_sent_once(open_page, kitchen, wen):
    page = open_page(kitchen, user=wen)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("form.form-narrow button.btn-primary").evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_role("alert")).to_be_focused()
    assert len(sent) == 1


def test_rows_of_a_table_stay_rows_on_a_phone(open_page, kitchen, wen):
    page = open_page(kitchen, user=wen, width=PHONE)
    expect(page.get_by_role("table", name="诉求").get_by_role("row")).to_have_count(1 + len(Stage))
