"""What a notice says, in its reader's language. One text for inbox and mail: first line subject, the rest body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.template import Context
from django.template.loader import select_template
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime

if TYPE_CHECKING:  # apps fill LABELS before any model exists
    from notices.models import Notice

MOMENTS = {
    "due": parse_datetime,
    "held_at": parse_datetime,
    **dict.fromkeys(("promised_on", "until_on", "due_on"), parse_date),
}
# What a stored value is called, for the facts that hold one: LABELS["clock"] = {"accept": _("…")}. Apps above fill it.
LABELS: dict[str, Mapping] = {}


@dataclass(frozen=True)
class Wording:
    subject: str
    body: str

    @property
    def lines(self) -> list[str]:
        return self.body.splitlines()


def render(notice: "Notice", language: str) -> Wording:
    """Word a notice for a reader of that language."""
    with translation.override(language):
        context = {name: _readable(name, value) for name, value in _facts_in(language, notice.facts).items()}
        context |= {"about": notice.about, "title": " ".join(notice.title.split())}
        words = split(fill([f"notices/{notice.kind}.txt", "notices/default.txt"], context))
    return Wording(words.subject, re.sub(r"\n\s*\n", "\n", words.body))  # absent facts leave gaps


def _facts_in(language: str, facts: dict) -> dict:
    """A name kept in two languages ("lead", "lead_en") becomes the one of the reader."""
    if not language.startswith("en"):
        return facts
    return facts | {name.removesuffix("_en"): said for name, said in facts.items() if name.endswith("_en") and said}


def fill(names: list[str], context: dict) -> str:
    """A plain text from the first of these templates that exists; nothing in it is escaped."""
    return select_template(names).template.render(Context(context, autoescape=False))


def split(text: str) -> Wording:
    """First line and the rest, in paragraphs."""
    subject, _, body = text.strip().partition("\n")
    return Wording(" ".join(subject.split()), re.sub(r"\n\s*\n\s*", "\n\n", body).strip())


def _readable(name: str, value: object) -> str | int | float | date | datetime | None:
    if name in MOMENTS:
        return MOMENTS[name](str(value))
    return LABELS.get(name, {}).get(value, value)
