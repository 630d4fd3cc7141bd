"""Queues in a real browser: by keyboard, without scripts, on a phone, in the dark; rows ticked and handled at once."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from petitions.models import Category, Petition
from tests.browser import DESKTOP, PHONE, axe_violations
from tests.petitions.stories import dispatched, filed

SAVED = "/petitions/all/?stage=open"


@pytest.fixture
def three(transactional_db, catalogue, lan, lantern) -> list[Petition]:
    now, drain = timezone.now(), Category.objects.get(code="E2")
    kinds = {"积水": drain, "漏电": drain, "没有类别": None}
    return [filed(lan, lantern, now, title, category=kind) for title, kind in kinds.items()]


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_by_keyboard_alone_rows_are_ticked_and_each_answered(open_page, three, mei):
    page = open_page("/petitions/", user=mei)
    page.get_by_label(three[0].number).focus()
    page.keyboard.press("Space")
    expect(page.locator(".bulk-count")).to_have_text("已选 1 件")
    page.get_by_label("全选本页").focus()
    page.keyboard.press("Space")
    expect(page.locator(".bulk-count")).to_have_text("已选 3 件")
    page.get_by_role("button", name="下一步").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="勾选 3 件，可办理 2 件")).to_be_visible()
    page.get_by_label("交办要求").fill("请速办")
    page.get_by_role("button", name="批量分拨").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("完成 2 件，未办理 1 件。")
    assert sorted(Petition.objects.values_list("stage", flat=True)) == ["dispatched", "dispatched", "filed"]


def test_without_scripts_all_of_it_is_plain_forms(open_page, three, mei):
    page = open_page("/petitions/", user=mei, javascript=False)
    page.check(f"input[value='{three[0].number}']")
    page.click("text=下一步")
    page.click(".form-actions >> text=批量分拨")
    expect(page.locator(".notice")).to_contain_text("完成 1 件")
    page.goto(page.url.replace("/petitions/bulk/", SAVED))
    page.click("summary:has-text('保存筛选')")
    page.fill("#id_name", "全部未办结")
    page.click("button:has-text('保存')")
    expect(page.locator(".chip a")).to_have_text("全部未办结")
    page.click(".chip-remove")
    expect(page.locator(".chip")).to_have_count(0)


def test_more_conditions_unfold_and_stay_open_where_one_is_set(open_page, three, mei):
    page = open_page("/petitions/all/", user=mei)
    expect(page.locator("#id_standard")).to_be_hidden()
    page.click("text=更多条件")
    page.select_option("#id_show", "today")
    page.click("button:has-text('筛选')")
    expect(page.locator("#id_show")).to_be_visible()
    with page.expect_download() as taken:
        page.click(".take-away a:has-text('Excel')")
    assert taken.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (DESKTOP, True)])
def test_nobody_is_shut_out(open_page, three, lan, mei, wen, width, dark):
    dispatched(three[0], mei, timezone.now())
    page = open_page("/petitions/", user=mei, width=width, dark=dark)
    faults = {}

    def look(name: str) -> None:
        if found := axe_violations(page) + ([] if fits(page) else ["it scrolls sideways"]):
            faults[name] = found

    look("queue")
    page.get_by_label(three[1].number).check()
    look("ticked")
    page.click("text=下一步")
    look("plan")
    page.click(".form-actions >> text=批量分拨")
    look("done")
    page.goto(page.url.replace("/petitions/bulk/", f"{SAVED}&clock=overdue"))
    look("empty list")
    page.goto(page.url.replace("&clock=overdue", "&show=today"))
    page.click("summary:has-text('保存筛选')")
    page.click("button:has-text('保存')")
    expect(page.locator(".saving .error")).to_be_visible()
    page.fill("#id_name", "今天到期的未办结")
    page.click("button:has-text('保存')")
    expect(page.locator(".chip")).to_be_visible()
    look("kept")
    assert faults == {}
