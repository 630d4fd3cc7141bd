"""Which petitions there were: the published year, and the current weeks so that the queues of today are alive."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from assessment.demonstration.course import Course
from assessment.demonstration.parked import Conferences, LongCourse
from assessment.demonstration.people import SINCE, People
from assessment.demonstration.story import Setting, Story
from assessment.demonstration.texts import Texts
from assessment.demonstration.visits import Source
from directory.models import Enterprise, User
from directory.numbers import new_number
from petitions.models import Category, Petition
from visits.models import Visit

YEAR = 2023
LAST_FILING = date(YEAR, 12, 28)  # what came later could not have been closed in the year
FROM_VISITS = 0.45
WEIGHTS = {"P0": 6, "P1": 16, "P2": 15, "P3": 12, "P4": 3}
NEVER_ENDING = ("C3", "C4", "C5", "C2", "H4", "K4", "B4", "F2")
MONTHS = (0, 7, 6, 10, 10, 9, 9, 9, 9, 9, 7, 9, 6)  # how busy each month is
HOURS = (9,) * 5 + (10,) * 7 + (11,) * 5 + (12,) + (13,) + (14,) * 5 + (15,) * 6 + (16,) * 5 + (17,) * 3 + (19, 20, 21)


@dataclass(frozen=True)
class Filing:
    """How a petition came in."""

    enterprise: Enterprise
    filed_at: datetime
    by: User
    category: Category
    visit: Visit | None = None
    on_behalf: bool = False
    says_category: bool = True  # the enterprise chose it itself
    letter: dict[str, Any] = field(default_factory=dict)  # of one registered by the desk: channel, number, title…


class Petitions:
    """Invents petitions and lets each take its course. Every one has dice of its own, so that none moves another."""

    def __init__(self, seed: int, people: People, setting: Setting, texts: Texts, now: datetime) -> None:
        self.seed, self.people, self.setting, self.texts, self.now = seed, people, setting, texts, now
        self.loader, self.rng = people.loader, Random(f"{seed}:petitions")
        self.told, self.numbers = 0, set[str]()
        self.long_course = partial(LongCourse, conferences=Conferences(self.loader, setting.calendar, seed))
        self.categories = {one.code: one for one in Category.objects.prefetch_related("co_organisers").order_by("code")}
        self.year_end = datetime(YEAR, 12, 31, 23, 59, 59, tzinfo=setting.calendar.zone)
        self.recent: list[Story] = []
        for category in self.categories.values():  # the co-organisers of each are asked for often
            category.lead = self.setting.district.units.get(category.lead.code) if category.lead_id else None

    # --- The published year -----------------------------------------------------------------------------------------

    def tell_year(self, sources: list[Source], closed: int, unfinished: int) -> None:
        """Exactly so many filed in the year and closed by its end, and so many that are still open."""
        filings = [self.heard(source) for source in sources[:closed]]
        days = self.days(max(date(YEAR, 1, 1), SINCE), LAST_FILING)
        filings += [self.sent(self.moment(days)) for _ in range(closed - len(filings))]
        for filing in filings:
            self.keep(self.closed_in_time(filing))
        days = self.days(date(YEAR, 2, 6), date(YEAR, 12, 20))
        for n in range(unfinished):
            code = NEVER_ENDING[n % 3 if n % 5 else n % len(NEVER_ENDING)]
            filing = self.sent(self.moment(days), self.categories[code])
            self.keep(self.story(filing, self.now, course=self.long_course)[0])

    def closed_in_time(self, filing: Filing) -> Story:
        """As it went; where that would not end in the year, as it went because everybody hurried."""
        for quick in (False, True):
            story, ended = self.story(filing, self.year_end, quick=quick)
            if ended:
                return story
        raise RuntimeError(f"{filing.filed_at} cannot be closed in the year")

    # --- The current weeks ------------------------------------------------------------------------------------------

    def tell_recent(self, sources: list[Source], number: int, first: date) -> None:
        """What came in lately, each as far as it got by now."""
        filings = [self.heard(source) for source in sources]
        days = self.days(first, self.now.astimezone(self.setting.calendar.zone).date())
        filings += [self.sent(self.moment(days)) for _ in range(number)]
        for filing in filings:
            if filing.filed_at < self.now:
                self.keep(self.story(filing, self.now)[0], recent=True)

    def tell_held(self, filing: Filing, hold: str, quick: bool = False, fate: str = "") -> Story:
        """One that waits at that step."""
        return self.keep(self.story(filing, self.now, hold=hold, quick=quick, fate=fate)[0], recent=True)

    # --- One petition -----------------------------------------------------------------------------------------------

    def heard(self, source: Source) -> Filing:
        """Filed by a cadre who heard of it on a visit."""
        visit = source.visit
        self.people.speaker(visit.enterprise)
        return Filing(visit.enterprise, source.filed_at, visit.host.user, self.category(), visit, on_behalf=True)

    def sent(self, at: datetime, category: Category | None = None, enterprise: Enterprise | None = None) -> Filing:
        """Filed by the enterprise itself."""
        enterprise = enterprise or self.rng.choice(self.setting.district.enterprises)
        speaker = self.people.speaker(enterprise)
        knows = self.rng.random() < 0.85
        return Filing(enterprise, at, speaker, category or self.category(), says_category=knows)

    def category(self) -> Category:
        every = list(self.categories.values())
        return self.rng.choices(every, [WEIGHTS[one.standard] for one in every])[0]

    def story(
        self, filing: Filing, until: datetime, *, hold="", quick=False, fate="", course: Callable[..., Course] = Course
    ) -> tuple[Story, bool]:
        """Let it take its course; answers the story and whether it came to its end."""
        rng = Random(f"{self.seed}:{self.told}")
        story = Story(self.petition(filing, rng), self.setting, until, hold)
        story.file(filing.on_behalf)
        ended = course(story, filing.category, rng, self.texts, quick=quick, fate=fate).run()
        return story, ended

    def petition(self, filing: Filing, rng: Random) -> Petition:
        firm, code = filing.enterprise, filing.category.code
        title, body = self.texts.ask(rng, code, firm, self.setting.district.product[firm.pk])
        name = firm.contact.split("（")[0]
        standard = "X1" if filing.letter else filing.category.standard if filing.says_category else "P2"
        petition = Petition(
            number=self.number(filing.filed_at, rng), key=UUID(int=rng.getrandbits(128), version=4), enterprise=firm,
            visit=filing.visit, channel="visit" if filing.on_behalf else "enterprise", title=title, body=body,
            consent=self.texts.say(rng, "consent", name=name) if filing.on_behalf else "", place=firm.address,
            contact=name, phone=firm.phone, category=filing.category if filing.says_category else None,
            standard=self.setting.standards[standard], filed_by=filing.by, filed_at=filing.filed_at, stage="",
        )  # fmt: skip
        for name, value in filing.letter.items():
            setattr(petition, name, value)
        return petition

    def number(self, at: datetime, rng: Random) -> str:
        day = at.astimezone(self.setting.calendar.zone).date()
        while (number := new_number(day, "QS", rng.choice)) in self.numbers:
            pass
        return number

    def keep(self, story: Story, recent: bool = False) -> Story:
        """Write the story down."""
        self.told += 1
        self.numbers.add(story.petition.number)
        story.finish(Random(f"{self.seed}:{self.told}:keys"))
        for record in story.records:
            self.loader.keep(record)
        for record in story.records:
            settle(record)
            self.loader.add(record)
        if recent:
            self.recent.append(story)
        return story

    # --- Days and hours ---------------------------------------------------------------------------------------------

    def days(self, first: date, last: date) -> tuple[list[date], list[float]]:
        """Each day with its weight: few write on a day off."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        working = self.setting.calendar.is_working
        return days, [MONTHS[day.month] * (1 if working(day) else 0.07) for day in days]

    def moment(self, days: tuple[list[date], list[float]]) -> datetime:
        day = self.rng.choices(*days)[0]
        hour = self.rng.choice(HOURS if day < LAST_FILING or day.year > YEAR else HOURS[:18])
        at = time(hour, self.rng.randrange(60), self.rng.randrange(60))
        return datetime.combine(day, at, self.setting.calendar.zone)


def settle(record) -> None:
    """Take over the ids that related records got in the meantime."""
    for column in record._meta.concrete_fields:
        if column.is_relation and column.is_cached(record) and (related := column.get_cached_value(record)):
            setattr(record, column.attname, related.pk)
