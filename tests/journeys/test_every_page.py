"""The main pages of every role: fit for everybody in light and dark, within a phone's width, each with its title."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from petitions import operations
from petitions.operations.links import make_link
from tests.browser import DESKTOP, PHONE, axe_violations
from tests.cast import Role
from tests.journeys.district import NOW, District
from tests.petitions.conferring import convened, decided
from tests.visits.making import visited

pytestmark = pytest.mark.django_db(transaction=True)
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that a change of colours can break
DARKEN = """() => {
    document.documentElement.dataset.bsTheme = "dark";
    for (const change of document.getAnimations()) change.finish();
}"""
NAME = "企业诉求直达"


@pytest.fixture
def district(catalogue, clock, lan, chen, mei, lantern) -> District:
    clock.now = NOW
    return District(lan, chen.cadre, mei, lantern).settle(10)


@pytest.fixture
def pages(district, zhao, luo, hua, shen, ada, root, stranger) -> Iterator[tuple]:
    """Who opens what; one browser for each person."""
    of, petitions = district, district.petitions
    wen = of.handler(petitions["accepted"].lead)
    helper = of.handler(petitions["accepted"].co_organisations.get().unit)
    visit = visited(of.chen, of.lantern, "2023-06-15", difficulty="answered", answer="贴息", risk="欠薪")
    card = reverse("visits:enterprise", args=[of.lantern.code])
    receipt = reverse("petitions:receipt", args=[petitions["promised"].number])
    bare_receipt = reverse("petitions:receipt", args=[petitions["replied"].number])
    progress = reverse("petitions:progress", args=[make_link(petitions["promised"], of.lan, NOW).token])
    out, planned = conferences(of, shen, luo)
    minutes = reverse("petitions:minutes", args=[out.number])
    heads = {stage: of.officer(petitions[stage].lead, Role.HEAD) for stage in ("promised", "late", "accepted")}
    rows = [
        (shen, "/conferences/", "/conferences/new/", out, minutes, planned, *doors(planned)),
        (heads["promised"], petitions["promised"], out),
        (heads["late"], petitions["late"], planned),
        (heads["accepted"], step(petitions["accepted"], "ask_park")),
        (None, "/login/", progress, "/progress/gone/"),
        (of.lan, receipt, bare_receipt, petitions["replied"]),
        (of.lan, "/", "/petitions/all/", "/petitions/new/", "/visits/", "/notices/", "/preferences/"),
        (of.lan, "/preferences/password/", petitions["promised"], step(petitions["replied"], "evaluate")),
        (
            of.lan,
            "/notices/preferences/",
            "/notices/preferences/preview/?kind=channel_stopped",
            "/notices/addresses/new/",
        ),
        (of.chen.user, "/", "/visits/enterprises/", "/visits/new/", "/visits/", visit, card, petitions["late"]),
        (of.mei, "/", "/petitions/", petitions["filed"], step(petitions["filed"], "dispatch")),
        (of.mei, step(petitions["filed"], "propose_decline")),
        (of.mei, "/petitions/register/?q=灯笼", f"/petitions/register/?enterprise={of.lantern.code}"),
        (wen, "/", "/petitions/", petitions["accepted"]),
        (wen, *(step(petitions["accepted"], name) for name in ("consult", "interim", "reply"))),
        (helper, step(petitions["accepted"], "advise")),
        (of.handler(petitions["dispatched"].lead), step(petitions["dispatched"], "accept")),
        (zhao, "/", "/board/", "/petitions/standard-replies/"),
        (hua, "/", petitions["rework"]),
        (luo, "/", "/board/", "/board/received/", "/board/feedback/", "/board/coverage/", petitions["late"]),
        (shen, "/"),
        (ada, "/", "/petitions/all/"),
        (root, "/", "/notices/operations/"),
        (stranger, "/", petitions["late"]),
    ]
    return [(user, [one if isinstance(one, str) else one.get_absolute_url() for one in paths]) for user, *paths in rows]


def conferences(of: District, shen, luo) -> list:
    """One that granted a plan, its minutes out, and one to come over another that is asked for."""
    plan = [(date(2023, 6, 28), "会同园区选定限高杆位置"), (date(2023, 7, 14), "书面答复企业")]
    held = []
    for stage in ("promised", "late"):
        petition = of.petitions[stage]
        head = of.officer(petition.lead, Role.HEAD)
        operations.ask_park(petition, head, NOW, note="先勘测，再改造。", responsible=luo, milestones=plan)
        held.append(decided(convened(shen, NOW, petition, units=["JTJ"]), shen, NOW, verdict="approved"))
    operations.publish(held[0], shen, NOW)
    return held


def doors(conference) -> list[str]:
    """The pages on which it is changed."""
    names = ("arrange", "minute", "publish", "call_off")
    return [reverse(f"petitions:{name}", args=[conference.number]) for name in names]


def step(petition, name: str) -> str:
    return reverse("petitions:take_step", args=[petition.number, name])


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_main_pages_are_fit_for_everybody(open_page, pages, width):
    wrong = {}
    for user, paths in pages:
        page = open_page(paths[0], user=user, width=width)
        for n, path in enumerate(paths):
            if n:
                page.goto(path)
            if found := faults(page):
                wrong[f"{user or 'anonymous'} {path}"] = found
        page.context.close()
    assert wrong == {}


def faults(page: Page) -> list[str]:
    """What is wrong with a page."""
    found = [] if page.title().endswith(NAME) else [f"the title: {page.title()}"]
    found += [] if page.get_by_role("heading", level=1).count() == 1 else ["not one heading of the first level"]
    found += [] if fits(page) else ["it scrolls sideways"]
    found += axe_violations(page)
    page.evaluate(DARKEN)
    return found + [f"dark: {one}" for one in axe_violations(page, COLOURS)]


def test_english_words_are_no_wider_than_a_phone(open_page, pages):
    too_wide = []
    for user, paths in pages:
        page = open_page(paths[0], user=user, width=PHONE, language="en")
        for n, path in enumerate(paths):
            if n:
                page.goto(path)
            if not fits(page):
                too_wide.append(f"{user or 'anonymous'} {path}")
        page.context.close()
    assert too_wide == []


def fits(page: Page) -> bool:
    """No scrolling sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")
