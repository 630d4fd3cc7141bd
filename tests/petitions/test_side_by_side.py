"""Several people look at the same thing, each in a browser of their own: what one does, the others see by themselves.

The moments are taken in the pages and printed (`pytest -s`); a wait here is longer than the promised two seconds, since
a busy machine proves nothing about the product.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from petitions import operations
from petitions.models import Petition
from tests.cast import Role, seat
from tests.petitions.stories import dispatched, filed, promised

PATIENCE = 3 * 2_000  # milliseconds
WATCH = """() => {
    window.shown = {};
    const look = () => {
        const words = document.querySelector("#petition")?.innerText ?? "";
        for (const some of window.awaited ?? []) if (words.includes(some)) window.shown[some] ??= Date.now();
    };
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def petition(transactional_db, catalogue, lan, lantern, now) -> Petition:
    return filed(lan, lantern, now - timedelta(minutes=10), phone="13900001111")


def watching(page: Page) -> Page:
    """The page, once it hears of changes."""
    expect(page.locator("html")).to_have_attribute("data-stream", "open")
    return page


def seen_by(pages: dict[str, Page], words: str, step) -> None:
    """A step is taken, and all these pages come to show the words; prints after how long."""
    for page in pages.values():
        assert words not in page.locator("#petition").inner_text()
        page.evaluate("words => { window.awaited = [words]; }", words)
    step()
    done = timezone.now().timestamp() * 1000
    took = {}
    for name, page in pages.items():
        expect(page.locator("#petition")).to_contain_text(words, timeout=PATIENCE)
        took[name] = round(page.evaluate("words => window.shown[words]", words) - done)
    print(f"{words}: " + ", ".join(f"{name} {milliseconds} ms" for name, milliseconds in took.items()))


def test_lead_co_organiser_cadre_and_enterprise_see_each_others_steps(
    open_page, petition, lan, mei, wen, rui, chen, now
):
    dispatched(petition, mei, now, helpers=("JTJ",))
    here = petition.get_absolute_url()
    pages = {user.username: watching(open_page(here, user=user)) for user in (wen, rui, chen, lan)}
    for page in pages.values():
        page.evaluate(WATCH)
    promise = now.date() + timedelta(days=1)
    steps = [
        (wen, "办理中", lambda: operations.accept(petition, wen, now)),
        (rui, "已答复", lambda: operations.advise(petition, rui, now, answer="道路归我局")),
        (chen, "企业明天开工", lambda: operations.urge(petition, chen, now, note="企业明天开工")),
        (wen, "先清淤，再改造管网。", lambda: promised(petition, wen, now, on=promise)),
        (lan, "已撤回", lambda: operations.withdraw(petition, lan, now, note="已自行解决")),
    ]
    for by, words, step in steps:
        seen_by({name: page for name, page in pages.items() if name != by.username}, words, step)


def rows(page: Page) -> list[str]:
    return page.locator(".row-link").all_inner_texts()


def offer(page: Page) -> Locator:
    return page.locator("[data-live-offer]")


def test_a_queue_counts_changes_and_keeps_its_rows_until_asked(open_page, petition, mei, wen, lan, lantern, now):
    page = watching(open_page("/petitions/?show=all", user=mei))
    before = rows(page)
    dispatched(petition, mei, now)
    expect(offer(page)).to_have_text("有 1 条新变化，点击刷新", timeout=PATIENCE)
    operations.accept(petition, wen, now)
    filed(lan, lantern, now, title="又一件")
    expect(offer(page)).to_have_text("有 3 条新变化，点击刷新", timeout=PATIENCE)
    assert rows(page) == before
    offer(page).click()
    expect(page.locator(".row-link")).to_have_count(2)
    expect(offer(page)).to_be_hidden()
    expect(page.locator(".tab[aria-current]")).to_have_text("全部未办结")
    assert page.url.endswith("/petitions/?show=all")


def test_a_change_counts_once_for_who_sits_at_the_desk_and_in_the_unit(
    open_page, petition, mei, wen, lan, lantern, now
):
    seat(mei, "SWJ", Role.MEMBER)
    page = watching(open_page("/petitions/", user=mei))
    assert set(page.locator("[data-live-mode]").get_attribute("data-live").split()) == {"desk", "unit:SWJ"}
    dispatched(petition, mei, now)
    filed(lan, lantern, now, title="又一件")
    expect(offer(page)).to_have_text("有 2 条新变化，点击刷新", timeout=PATIENCE)
