"""What people of a story do in the browser, told by the words they read on the page."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from playwright.sync_api import Locator, Page, expect

from directory.models import User
from petitions.sweep import Swept, sweep
from tests.browser import DESKTOP, PHONE
from tests.cast import at

OPTIONAL = r"\s*(（选填）|\(optional\))?\s*"
UNREAD = re.compile(r"\d+ (条未读通知|unread notices?)")


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = at("2023-01-03")

    def read(self) -> datetime:
        """In place of `timezone.now`."""
        return self.now


class Story:
    """Each person comes to the page with a browser of their own, signed in anew; whoever was there before has left.

    habits: language, javascript, dark: how everybody in the story browses.
    """

    def __init__(self, open_page: Callable[..., Page], clock: Clock):
        self.open_page, self.clock, self.habits = open_page, clock, {}
        self.there: list[Page] = []

    def reaches(self, day: str, clock: str = "10:00") -> Swept:
        """Time passes until then; what is due by then is told, as the loop does."""
        self.leave()
        self.clock.now = at(day, clock)
        return sweep(self.clock.now)

    def phone(self, user: User | None, path: str = "/") -> Page:
        return self.show(user, path, PHONE)

    def desktop(self, user: User | None, path: str = "/") -> Page:
        return self.show(user, path, DESKTOP)

    def show(self, user: User | None, path: str, width: int) -> Page:
        self.leave()
        self.there = [self.open_page(path, user=user, width=width, **self.habits)]
        return self.there[0]

    def leave(self) -> None:
        for page in self.there:
            page.context.close()
        self.there = []

    def stays(self, page: Page) -> Page:
        """Somebody goes on looking at this page while others act; the story closes it."""
        self.there.remove(page)
        return page


# --- Reading ---------------------------------------------------------------------------------------------------------


def reads(page: Page, *words: str) -> None:
    """These words stand on the page."""
    for some in words:
        expect(page.get_by_role("main")).to_contain_text(some)


def hears(page: Page, subject: str) -> None:
    """The bell says that something is unread; the inbox has that subject, which leads to what it is about."""
    page.get_by_role("banner").get_by_role("link", name=UNREAD).click()
    page.get_by_role("main").get_by_role("link", name=subject, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def figures(page: Page, *labels: str) -> dict[str, str]:
    """The numbers on the cards of a board, by label."""
    link = page.get_by_role("link")
    cards = {label: page.locator(".stat").filter(has=link.filter(has_text=exactly(label))) for label in labels}
    said = "value => value.firstChild.textContent.trim()"  # without its unit
    return {label: card.locator(".stat-value").evaluate(said) for label, card in cards.items()}


def exactly(words: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(words)}\s*$")


def press(page: Page, words: str, about: str = "") -> None:
    """Follow a link; about: what its hidden words say it is for."""
    name = re.compile(rf"^{re.escape(words)}\s*{re.escape(about)}$")
    page.get_by_role("main").get_by_role("link", name=name).first.click()


# --- Filling in ------------------------------------------------------------------------------------------------------


def fill(form: Page | Locator, answers: dict[str, Any]) -> None:
    """Answer each field, named by its label: text, a choice by its words, a list of choices for exactly these."""
    for label, answer in answers.items():
        name = re.compile(rf"^\s*{re.escape(label)}{OPTIONAL}$")
        group = form.get_by_role("group", name=name)
        field = form.get_by_label(name).filter(visible=True)
        expect(group.or_(field).first).to_be_visible()
        if group.count():
            tick(group, answer)
        elif field.evaluate("field => field.tagName") == "SELECT":
            option = field.locator("option", has_text=answer).first
            field.select_option(option.get_attribute("value"))
        else:
            field.fill(answer)


def tick(group: Locator, answer: str | list[str]) -> None:
    """The one radio button of these words, or exactly these boxes."""
    if isinstance(answer, str):
        return group.get_by_label(answer, exact=True).check()
    for box in group.get_by_role("checkbox").all():
        box.set_checked(box.evaluate("box => box.labels[0].innerText.trim()") in answer)


def ticked(group: Locator) -> list[str]:
    """The boxes of a group that are ticked."""
    boxes = group.get_by_role("checkbox").all()
    return [box.evaluate("box => box.labels[0].innerText.trim()") for box in boxes if box.is_checked()]


def take(page: Page, step: str, answers: dict[str, Any] | None = None) -> None:
    """Press the button of a step, answer what it asks, send it; the page says that it was done."""
    begin(page, step)
    fill(page.locator("#step"), answers or {})
    send(page, step)
    expect(page.locator("#messages")).to_contain_text(step)


def answer_signed(story: "Story", petition: str, drafter: User, signer: User, reply: dict[str, str]) -> None:
    """A key matter, or one done again: one person drafts the reply, the head of the unit signs it."""
    page = story.desktop(drafter, "/petitions/")
    page.get_by_role("link", name=petition).click()
    take(page, "送审答复", reply)
    page = story.desktop(signer)
    hears(page, f"答复待审签：{petition}")
    take(page, "审签并答复企业")


def begin(page: Page, step: str) -> Locator:
    """Open the form of a step."""
    page.get_by_role("main").get_by_role("link", name=step, exact=True).click()
    form = page.locator("#step")
    expect(form.get_by_role("heading", name=step)).to_be_visible()
    return form


def send(page: Page, step: str) -> None:
    page.locator("#step").get_by_role("button", name=step, exact=True).click()
