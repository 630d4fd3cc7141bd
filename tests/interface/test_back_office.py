"""The back office keeps to the content security policy: the browser says so where it does not."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["", "directory/enterprise/", "directory/enterprise/import/", "directory/user/add/"])
def test_its_pages_break_no_policy(open_page, root, lantern, path):
    page = open_page(f"/admin/{path}", user=root)
    expect(page.get_by_role("link", name="企业诉求直达 · 后台管理")).to_be_visible()


def test_a_row_is_found_by_typing(open_page, root, chen, lantern):
    page = open_page("/admin/directory/assignment/add/", user=root)
    page.locator(".field-enterprise .select2-selection").click()
    page.keyboard.type(lantern.pinyin[:2])
    page.get_by_role("option", name=lantern.name).click()
    expect(page.locator(".field-enterprise .select2-selection__rendered")).to_contain_text(lantern.name)
