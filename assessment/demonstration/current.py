"""The petitions of today that somebody who signs in finds waiting: at the desk, with the Water bureau, with the
enterprise to sign in as, and here and there in every stage."""

from datetime import datetime, timedelta
from random import Random

from assessment.demonstration.petitions import Filing, Petitions
from assessment.demonstration.story import Story
from directory.models import Cadre, Enterprise, User

# category, working hours since it was filed, the step it waits for, done quickly so far, its fate
DESK = (
    ("C1", 0.1), ("A1", 0.4), ("F3", 0.8), ("B1", 1.2), ("D2", 1.7), ("I2", 1.9), ("L2", 3.5),
)  # fmt: skip
WATER = (
    ("E2", 2, "accept", False, ""), ("E2", 6.5, "accept", False, ""), ("E2", 19, "accept", True, ""),
    ("E1", 0.6, "accept", True, ""), ("E2", 9, "work", True, ""), ("E2", 15, "work", True, ""),
    ("E2", 18, "work", True, ""), ("E2", 13, "evaluate", True, ""), ("E2", 20, "again", True, "rework"),
)  # fmt: skip
ENTERPRISE = (
    ("H1", 0.7, "dispatch", False, ""), ("F4", 5, "accept", True, ""), ("D5", 11, "evaluate", True, ""),
    ("A3", 70, "", True, ""), ("K1", 190, "", True, ""),
)  # fmt: skip
ELSEWHERE = {  # the step it waits for: working hours since each was filed
    "accept": (5, 11, 22),
    "work": (6, 10, 14, 18, 22, 30),
    "reply": (20, 34, 50),
    "evaluate": (9, 12, 16),
    "again": (18, 26),
}
LETTERS = (  # channel, working hours since it was filed, the step it waits for, title, how it is told
    ("letter", 3, "dispatch", "排水沟盖板破损", "letter"),
    ("in person", 1, "dispatch", "排水许可续办要求不清楚", "caller"),
    ("web", 8, "accept", "雨水管接驳手续没有回音", "web"), ("phone", 20, "work", "园区污水井冒溢", "call"),
)  # fmt: skip
# What `situations` goes on with, by name: category, working hours since it was filed, the step it waits for, whether
# it is the petition of the enterprise to sign in as.
OWN, ANY = True, False
BEGUN = {
    "unclear": ("K1", 3, "dispatch", OWN), "vague": ("F1", 9, "dispatch", ANY), "twice": ("E2", 6, "dispatch", OWN),
    "in court": ("J3", 20, "dispatch", OWN), "objected": ("J3", 12, "dispatch", ANY),
    "not ours": ("E2", 4, "accept", ANY), "not theirs": ("F3", 5, "accept", ANY),
    "still not ours": ("E2", 6.6, "accept", ANY), "still not theirs": ("F1", 6.8, "accept", ANY),
    "ruled": ("F4", 14, "accept", ANY), "handed on": ("F3", 6, "accept", ANY),
    "halted": ("E2", 14, "work", OWN), "testing": ("E2", 20, "work", ANY), "may halt": ("E2", 10, "work", ANY),
    "may extend": ("E2", 9, "work", ANY), "extended": ("E2", 16, "work", ANY), "may park": ("E2", 17, "work", ANY),
    "hard": ("E2", 12, "work", ANY), "parked": ("E2", 60, "work", ANY), "drafted": ("E2", 16, "work", ANY),
    "redrafted": ("E2", 18, "again", ANY), "urged": ("E2", 17, "work", OWN), "ordered": ("E2", 26, "work", ANY),
    "slow helper": ("E2", 40, "work", ANY), "slow ourselves": ("F2", 38, "work", ANY),
    "elsewhere": ("I4", 10, "work", ANY),
}  # fmt: skip


class Current:
    """Puts them there."""

    def __init__(self, petitions: Petitions, seed: int) -> None:
        self.petitions, self.rng = petitions, Random(f"{seed}:current")
        self.calendar, self.district = petitions.setting.calendar, petitions.setting.district
        self.begun: dict[str, Story] = {}

    def tell(self, scale: float) -> None:
        """All that the accounts need; of what happens elsewhere only a part where the district is small."""
        firm = self.petitions.people.first_enterprise
        for code, hours in DESK:
            self.petitions.tell_held(self.sent(code, hours), "dispatch")
        self.tell_proposed()
        for code, hours, hold, quick, fate in WATER:
            self.petitions.tell_held(self.sent(code, hours), hold, quick, fate)
        for code, hours, hold, quick, fate in ENTERPRISE:
            self.petitions.tell_held(self.sent(code, hours, firm), hold, quick, fate)
        self.petitions.tell_held(self.heard("C1", 40), "work", quick=True)
        for hold, ages in ELSEWHERE.items():
            for hours in ages[: max(1, round(len(ages) * scale))]:
                fate = "rework" if hold == "again" else ""
                self.petitions.tell_held(self.sent("", hours), hold, hold in ("work", "evaluate", "again"), fate)
        for letter in LETTERS:
            self.take_down(*letter)
        for name, (code, hours, hold, own) in BEGUN.items():
            filing = self.sent(code, hours, firm if own else None)
            fate = "rework" if hold == "again" else ""
            self.begun[name] = self.petitions.tell_held(filing, hold, quick=True, fate=fate)

    def tell_proposed(self) -> None:
        """One that an officer at the desk wants to decline: the other has to agree."""
        story, _ended = self.petitions.story(self.sent("J3", 1.5), self.petitions.now, hold="dispatch")
        officer = self.district.by_role["desk"][0]
        at = story.petition.filed_at + timedelta(minutes=20)
        if at < self.petitions.now:
            story.propose_decline(at, officer, self.petitions.texts.say(self.rng, "decline"))
        self.petitions.keep(story, recent=True)

    def take_down(self, channel: str, hours: float, hold: str, title: str, kind: str) -> None:
        """What came by letter, by phone, on the web or in person, as the desk registered it."""
        firm, at = self.other(), self.ago(hours)
        self.petitions.people.speaker(firm)
        letter = {"channel": channel, "title": title, "received_on": at.date() - timedelta(days=1)}
        letter |= {"body": self.petitions.texts.say(self.rng, kind, park=firm.park), "contact": "来件人"}
        letter["outside_number"] = f"XF{at:%Y%m%d}{self.rng.randrange(1000):03d}"
        desk, category = self.district.by_role["desk"][0], self.petitions.categories["E2"]
        self.petitions.tell_held(Filing(firm, at, desk, category, letter=letter), hold, quick=True)

    def ago(self, hours: float) -> datetime:
        """So many working hours before now."""
        at = self.calendar.subtract_working_hours(self.petitions.now, timedelta(hours=hours))
        return at.replace(microsecond=0)

    def sent(self, code: str, hours: float, enterprise: Enterprise | None = None) -> Filing:
        categories = self.petitions.categories
        category = categories[code] if code else self.ordinary()
        return self.petitions.sent(self.ago(hours), category, enterprise or self.other())

    def other(self) -> Enterprise:
        """Not the one to sign in as."""
        firm = self.petitions.people.first_enterprise
        return self.rng.choice([one for one in self.district.enterprises[:500] if one is not firm])

    def ordinary(self):
        """A category without the haste of an emergency."""
        every = [one for one in self.petitions.categories.values() if one.standard in ("P2", "P3")]
        return self.rng.choice(every)

    def heard(self, code: str, hours: float) -> Filing:
        """Filed by the cadre to sign in as, for the enterprise to sign in as."""
        cadre: Cadre = self.district.cadres[0]
        by: User = cadre.user
        firm = self.petitions.people.first_enterprise
        return Filing(firm, self.ago(hours), by, self.petitions.categories[code], on_behalf=True)
