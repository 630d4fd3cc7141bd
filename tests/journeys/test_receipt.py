"""The receipt on paper, and the page its code opens on a stranger's phone."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from petitions import operations
from petitions.operations.links import make_link, revoke_link
from tests.browser import PHONE
from tests.cast import at
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = 61_000  # milliseconds, and a little


@pytest.fixture
def petition(catalogue, clock, lan, lantern, mei):
    clock.now = at("2023-06-16", "10:20")
    number = "XF-2023-0616-00078"
    letter = filed(mei, lantern, clock.now, "厂区门口积水，货车进不来" * 6, channel="letter", outside_number=number)
    return dispatched(letter, mei, clock.now, standard="P3")


def test_the_receipt_fits_on_one_sheet(open_page, petition, lan, wen, mei):
    """The fullest one: long title, outside channel, and a suspended clock beside the four."""
    now = timezone.now()
    make_link(petition, lan, now)
    words = {"reason": "waiting for material", "until_on": at("2023-06-26").date(), "note": "等检测报告。"}
    held = operations.ask_suspend(operations.accept(petition, wen, now), wen, now, **words)
    operations.suspend(held, mei, now)
    page = open_page(reverse("petitions:receipt", args=[petition.number]), user=lan)
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert len(sheets) == 1
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="撤销链接").is_visible()
    assert page.get_by_role("img", name="进展页面的二维码").is_visible()


def test_the_progress_renews_itself_and_says_when_its_link_is_gone(open_page, petition, lan, wen):
    now = timezone.now()
    link = make_link(petition, lan, now)
    page = open_page(reverse("petitions:progress", args=[link.token]), width=PHONE)
    page.clock.install()
    page.reload()
    assert page.get_by_text("区水务局将在").is_visible()
    operations.accept(petition, wen, now)
    page.clock.fast_forward(MINUTE)
    page.get_by_text("区水务局正在办理").wait_for()
    revoke_link(petition, lan, now, token=link.token)
    page.clock.fast_forward(MINUTE)
    page.get_by_role("heading", name="链接无效").wait_for()
    assert not page.get_by_text("区水务局正在办理").is_visible()
