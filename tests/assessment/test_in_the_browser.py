"""Board and home in a real browser: on a phone and a desk, in light and dark, kept up to date, without JavaScript."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.assessment.district import District
from tests.browser import DESKTOP, PHONE, axe_violations
from tests.petitions.stories import filed

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = "from=2023-01-01&to=2023-12-31"


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (PHONE, True), (DESKTOP, False), (DESKTOP, True)])
def test_the_board_and_its_lists_are_fit_for_everyone(open_page, catalogue, luo, width, dark):
    District(seed=3)
    for path in (f"/board/?{YEAR}", f"/board/feedback/?{YEAR}&face=missed", f"/board/coverage/?{YEAR}", "/"):
        page = open_page(path, user=luo, width=width, dark=dark)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = !one.matches('.menu'))")
        assert (path, axe_violations(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("person", ["lan", "mei", "wen", "hua", "shen", "chen", "ada"])
def test_everybodys_home_is_fit_for_everyone(open_page, catalogue, request, lan, lantern, person):
    reader = request.getfixturevalue(person)
    filed(lan, lantern, timezone.now())
    page = open_page("/", user=reader, width=PHONE)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_leader_goes_from_a_number_to_its_rows_and_back(open_page, catalogue, luo):
    District(seed=3)
    page = open_page("/", user=luo)
    page.get_by_role("link", name="打开看板").click()
    page.get_by_label("起始日期").fill("2023-01-01")
    page.get_by_label("截止日期").fill("2023-12-31")
    page.get_by_role("combobox", name="单位").select_option(label="区水务局")
    page.get_by_role("button", name="统计").click()
    page.get_by_role("link", name="按时反馈率").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("按时反馈率")
    page.get_by_role("link", name="逾期", exact=False).first.click()
    expect(page.locator("main tbody tr").first).to_contain_text("逾期")
    page.get_by_role("link", name="返回看板").click()
    expect(page.get_by_role("combobox", name="单位")).to_have_value("SWJ")


def test_the_desks_home_shows_a_new_petition_by_itself(open_page, catalogue, mei, lan, lantern):
    page = open_page("/", user=mei)
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    filed(lan, lantern, timezone.now(), "刚刚提交的诉求")
    expect(page.get_by_text("刚刚提交的诉求")).to_be_visible(timeout=5000)


def test_without_javascript_the_board_answers_as_well(open_page, catalogue, luo):
    District(seed=3)
    page = open_page("/board/", user=luo, javascript=False)
    page.get_by_label("起始日期").fill("2023-02-01")
    page.get_by_label("截止日期").fill("2023-02-28")
    page.get_by_role("button", name="统计").click()
    expect(page.locator(".page-pretitle")).to_contain_text("2023-02-01 至 2023-02-28")
