"""What petitions, answers and visits say: templates with slots, so that no two need be alike.

data/asked.txt: category | title | body. data/answered.txt: category | what was done | what is planned | the rule it
rests on. data/phrases.txt: kind | one way to say it | another…
"""

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import NamedTuple

from assessment.demonstration.names import ROADS
from directory.models import Enterprise

DATA = Path(__file__).parent / "data"


class Asked(NamedTuple):
    title: str
    body: str


class Answered(NamedTuple):
    """What was done, what is planned, and on which rule it rests."""

    done: str
    plan: str
    basis: str


def lines(name: str) -> Iterable[list[str]]:
    return (line.split("|") for line in (DATA / name).read_text(encoding="utf-8").splitlines())


class Texts:
    """The templates, read once."""

    def __init__(self) -> None:
        self.asked: dict[str, list[Asked]] = {}
        for code, title, body in lines("asked.txt"):
            self.asked.setdefault(code, []).append(Asked(title, body))
        self.answered = {code: Answered(*rest) for code, *rest in lines("answered.txt")}
        self.phrases = {kind: rest for kind, *rest in lines("phrases.txt")}

    def say(self, rng: Random, kind: str, **slots) -> str:
        """One of the phrases of that kind."""
        return rng.choice(self.phrases[kind]).format_map(slots)

    def ask(self, rng: Random, code: str, enterprise: Enterprise, product: str) -> Asked:
        """A title and a body for that category, as this enterprise would put it."""
        slots = {
            "park": enterprise.park,
            "street": enterprise.street.name,
            "product": product,
            "road": rng.choice(ROADS),
            "n": rng.randint(12, 180),
            "m": rng.randint(2, 9),
            "w": rng.randint(2, 80) * 10,
            "month": rng.randint(3, 11),
        }
        title, body = rng.choice(self.asked[code])
        whole = self.say(rng, "openings", **slots) + body.format_map(slots) + self.say(rng, "closings")
        return Asked(title.format_map(slots), whole)

    def reply(self, rng: Random, code: str, conclusion: str) -> tuple[str, str]:
        """The body of a final reply and its basis."""
        words = self.answered[code]._asdict()
        told = self.say(rng, conclusion, **words)
        return self.say(rng, "reply openings") + told + self.say(rng, "reply closings"), words["basis"]

    def plan(self, rng: Random, code: str) -> str:
        """An interim reply."""
        return f"{self.say(rng, 'reply openings')}{self.answered[code].plan}。"

    def progress(self, rng: Random, code: str) -> str:
        """A later interim reply, on a matter that takes long."""
        return self.say(rng, "progress", plan=self.answered[code].plan)
