"""The pages in a real browser: steps without leaving the page, changes that come by themselves, nobody shut out."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from petitions import operations
from petitions.models import Petition
from tests.browser import PHONE, axe_violations
from tests.petitions.stories import dispatched, filed, promised

LIVE = 2_000  # milliseconds in which an open page shows a change


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def petition(transactional_db, catalogue, lan, lantern, now) -> Petition:
    return filed(lan, lantern, now - timedelta(minutes=10), phone="13900001111")


def test_an_open_page_shows_a_change_within_two_seconds_and_keeps_what_is_being_written(
    open_page, petition, lan, mei, wen, now
):
    page = open_page(petition.get_absolute_url(), user=lan, width=PHONE)
    page.click("text=撤回诉求")
    page.fill("#id_note", "我正在写")
    page.wait_for_timeout(1000)  # the stream opens
    dispatched(petition, mei, now)
    expect(page.locator("#petition .petition-stage")).to_have_text("待受理", timeout=LIVE)
    assert page.input_value("#id_note") == "我正在写"


def test_a_step_is_taken_without_leaving_the_page(open_page, petition, mei):
    page = open_page(petition.get_absolute_url(), user=mei)
    page.click(".petition-actions >> text=分拨")
    expect(page.locator("#step-title")).to_be_focused()
    page.click("#step button.btn-primary")
    expect(page.locator("#step .error-summary")).to_be_focused()
    page.select_option("#id_category", "E2")
    expect(page.locator("#id_lead option").first).to_have_text("按类别：区水务局")
    page.click("#step button.btn-primary")
    expect(page.locator("#messages")).to_contain_text("已完成：分拨。")
    expect(page.locator("#step")).to_be_empty()
    expect(page.locator("#petition .petition-stage")).to_have_text("待受理")


def test_the_queue_offers_what_is_new_and_moves_nothing_by_itself(open_page, petition, mei, lan, lantern, now):
    page = open_page("/petitions/", user=mei)
    expect(page.locator(".row-link")).to_have_count(1)
    page.wait_for_timeout(1000)
    filed(lan, lantern, now, title="新来的")
    offer = page.locator("[data-live-offer]")
    expect(offer).to_be_visible(timeout=LIVE + 1000)
    expect(page.locator(".row-link")).to_have_count(1)
    offer.click()
    expect(page.locator(".row-link")).to_have_count(2)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nobody_is_shut_out(open_page, petition, lan, mei, wen, rui, now, dark):
    accepted = operations.accept(dispatched(petition, mei, now, helpers=("JTJ",)), wen, now)
    operations.advise(promised(accepted, wen, now, on=timezone.localdate()), rui, now, answer="道路归我局")
    here = petition.get_absolute_url()
    for user, path in ((wen, "/petitions/"), (wen, "/petitions/all/"), (wen, here), (wen, f"{here}reply/"), (lan, here),
                       (lan, "/petitions/new/")):  # fmt: skip
        assert axe_violations(open_page(path, user=user, width=PHONE, dark=dark)) == []


def test_without_scripts_all_of_it_is_plain_forms(open_page, petition, mei):
    page = open_page(petition.get_absolute_url(), user=mei, javascript=False)
    page.click(".petition-actions >> text=分拨")
    page.select_option("#id_category", "E2")
    page.click("#step button.btn-primary")
    expect(page.locator("#messages")).to_contain_text("已完成：分拨。")
    expect(page.locator("#petition .petition-stage")).to_have_text("待受理")
