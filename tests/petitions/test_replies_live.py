"""Standard replies and the register in a real browser, with scripts and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from petitions import operations
from petitions.models import Petition, StandardReply
from tests.browser import PHONE
from tests.petitions.stories import dispatched, filed

SAID = "灯笼制造有限公司：已清淤。"


@pytest.fixture
def petition(transactional_db, catalogue, lan, lantern, mei, wen) -> Petition:
    now = timezone.now() - timedelta(minutes=10)
    StandardReply.objects.create(title="清淤", step="reply", body="{企业}：已清淤。")
    return operations.accept(dispatched(filed(lan, lantern, now), mei, now), wen, now)


def test_a_standard_reply_is_put_below_what_was_typed_and_nothing_is_lost(open_page, petition, wen):
    page = open_page(petition.get_absolute_url(), user=wen, width=PHONE)
    page.click(".petition-actions >> text=答复企业")
    page.fill("#id_body", "贵司来信收悉。")
    page.fill("#id_basis", "《排水条例》")
    page.set_input_files("#id_files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"photo"})
    page.get_by_role("button", name="填入").click()
    expect(page.locator("#id_body")).to_have_value(f"贵司来信收悉。\n\n{SAID}")
    assert page.input_value("#id_basis") == "《排水条例》"
    assert page.evaluate("document.querySelector('#id_files').files.length") == 1
    assert petition.replies.count() == 0
    page.check("[name=conclusion][value=solved]")
    page.click("#step-form button.btn-primary")
    expect(page.locator("#petition .petition-stage")).to_have_text("待评价")
    assert petition.replies.get().body == f"贵司来信收悉。\n\n{SAID}"


def test_without_scripts_it_is_chosen_before_one_writes(open_page, petition, wen):
    page = open_page(petition.get_absolute_url() + "reply/", user=wen, javascript=False)
    page.get_by_role("button", name="填入").click()
    assert page.input_value("#id_body") == SAID


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_desk_finds_an_enterprise_and_registers_a_letter(open_page, petition, mei, lantern, scripts):
    page = open_page("/petitions/register/", user=mei, width=PHONE, javascript=scripts)
    page.fill("#id_q", "dlzz")
    if not scripts:
        page.get_by_role("button", name="查找").click()
    page.click("#found a")
    page.check("[name=channel][value=letter]")
    for field, words in {"outside_number": "8 号", "title": "仓库进水", "body": "来信反映。"}.items():
        page.fill(f"#id_{field}", words)
    page.click("button.btn-primary")
    expect(page.locator("h1")).to_have_text("仓库进水")
    expect(page.locator("#messages")).to_contain_text("来件已登记")
