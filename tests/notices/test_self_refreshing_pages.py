"""Pages that refresh themselves, in a real browser with a real live process."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from notices.models import Notice
from notices.operations import tell
from tests.browser import PHONE, axe_violations
from tests.notices.conftest import message

INBOX = reverse("notices:inbox")
pytestmark = pytest.mark.django_db(transaction=True)


def tell_now(user, serial: int = 1) -> None:
    tell([(user.pk, message(serial, title=f"诉求{serial}"))], timezone.now())


def test_the_bell_counts_up_by_itself_and_down_when_read(open_page, lan):
    page = open_page(INBOX, user=lan)
    bell = page.locator(".bell")
    expect(bell).to_have_attribute("data-unread", "0")
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    tell_now(lan)
    expect(bell).to_have_attribute("data-unread", "1", timeout=5000)
    page.goto(INBOX)
    page.get_by_role("button", name="已读").first.click()
    expect(page.get_by_text("未读", exact=True)).to_have_count(1)  # the tab's; the line's badge is gone
    expect(bell).to_have_attribute("data-unread", "0", timeout=5000)


def test_a_queue_offers_to_refresh_and_counts_what_changed(open_page, lan):
    page = open_page(INBOX, user=lan)
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    offer = render_to_string("notices/_offer.html")
    part = f'<div id="queue" data-live="me" data-live-mode="offer">{offer}</div>'
    page.evaluate("part => document.querySelector('main').insertAdjacentHTML('beforeend', part)", part)
    button = page.locator("#queue button")
    expect(button).to_be_hidden()
    tell_now(lan, 1)
    expect(button).to_have_text("有 1 条新变化，点击刷新", timeout=5000)
    tell_now(lan, 2)
    expect(button).to_have_text("有 2 条新变化，点击刷新", timeout=5000)
    button.click()
    expect(page.locator(".inbox-line")).to_have_count(2)


@pytest.mark.parametrize("dark", [False, True])
def test_the_inbox_is_fit_for_everyone(open_page, lan, dark):
    tell_now(lan)
    page = open_page(INBOX, user=lan, width=PHONE, dark=dark)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_reading_is_a_plain_form(open_page, lan):
    tell_now(lan)
    page = open_page(INBOX, user=lan, javascript=False)
    page.get_by_role("button", name="全部标为已读").click()
    assert Notice.objects.unread().count() == 0
