"""Pages that refresh themselves, in a real browser with a real live process."""

import copy
import http.client
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from notices.models import Notice
from notices.operations import tell
from tests.browser import PHONE, axe_violations, free_port, start_live_process
from tests.notices.conftest import message

INBOX, EVENTS = reverse("notices:inbox"), reverse("notices:events")
pytestmark = pytest.mark.django_db(transaction=True)


def tell_now(user, serial: int = 1) -> None:
    tell([(user.pk, message(serial, title=f"诉求{serial}"))], timezone.now())


def with_queue(page: Page) -> Locator:
    """Puts a part onto the page that only offers to refresh; answers its button."""
    offer = render_to_string("notices/_offer.html")
    part = f'<div id="queue" data-live="me" data-live-mode="offer">{offer}</div>'
    page.evaluate("part => document.querySelector('main').insertAdjacentHTML('beforeend', part)", part)
    return page.locator("#queue button")


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
    button = with_queue(page)
    expect(button).to_be_hidden()
    tell_now(lan, 1)
    expect(button).to_have_text("有 1 条新变化，点击刷新", timeout=5000)
    tell_now(lan, 2)
    expect(button).to_have_text("有 2 条新变化，点击刷新", timeout=5000)
    button.click()
    expect(page.locator(".inbox-line")).to_have_count(2)


def test_who_comes_back_to_a_tab_sees_what_is_new_and_is_offered_what_may_be(open_page, lan):
    page = open_page(INBOX, user=lan)
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    button = with_queue(page)
    hide(page, True)
    expect(page.locator("html")).not_to_have_attribute("data-stream", "open")
    tell_now(lan)
    hide(page, False)
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    expect(page.locator(".bell")).to_have_attribute("data-unread", "1")
    expect(button).to_have_text("可能有新变化，点击刷新")
    tell_now(lan, 2)
    expect(button).to_have_text("有 1 条新变化，点击刷新")


def hide(page: Page, hidden: bool) -> None:
    """As when another tab covers this one, or no longer does."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


# --- Streams that end -------------------------------------------------------------------------------------------------


@pytest.fixture
def hasty(settings) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts a live process whose streams last two seconds, for the pages of this test."""
    port, started = free_port(), []
    settings.LIVE_PORT = str(port)
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["connect-src"].append(f"http://localhost:{port}")
    settings.CONTENT_SECURITY_POLICY = policy

    def start() -> subprocess.Popen:
        started.append(start_live_process("tests.notices.hasty:application", port))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_stream_is_replaced_before_it_ends_and_nothing_is_told_twice(open_page, lan, hasty):
    hasty()
    page = open_page(INBOX, user=lan)
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    page.evaluate("""() => new MutationObserver(() => {
        if (document.documentElement.dataset.stream !== "open") window.wasLost = true;
    }).observe(document.documentElement, {attributes: true})""")
    button = with_queue(page)
    for serial in (1, 2):
        with page.expect_request(re.compile(EVENTS), timeout=15_000):
            pass
        tell_now(lan, serial)
        expect(button).to_have_text(f"有 {serial} 条新变化，点击刷新")
    assert not page.evaluate("window.wasLost")


def test_when_the_live_process_was_killed_the_page_comes_back_by_itself(open_page, lan, hasty):
    process = hasty()
    page = open_page(INBOX, user=lan)
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    button = with_queue(page)
    process.kill()
    process.wait()
    expect(page.locator("html")).not_to_have_attribute("data-stream", "open")
    tell_now(lan)
    hasty()
    expect(page.locator(".bell")).to_have_attribute("data-unread", "1", timeout=30_000)
    expect(button).to_have_text("可能有新变化，点击刷新")


def test_who_lost_the_right_hears_no_more_when_the_stream_is_due(client, lan, hasty):
    hasty()
    client.force_login(lan)
    address = urlsplit(client.get(EVENTS, {"topic": "me"})["Location"])
    client.logout()
    with closing(http.client.HTTPConnection("127.0.0.1", address.port, timeout=15)) as door:
        door.request("GET", f"{address.path}?{address.query}")
        words = door.getresponse().read().decode()  # to its end
    assert "event: renew" in words
    assert client.get(EVENTS, {"topic": "me"}).status_code == 401


# --- For everybody ----------------------------------------------------------------------------------------------------


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
