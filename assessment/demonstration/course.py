"""How a petition usually goes: how fast each step comes, what is late, what the enterprise says in the end."""

from datetime import datetime, timedelta
from random import Random

from assessment.demonstration.story import Later, Story
from assessment.demonstration.texts import Texts
from directory.models import Unit, User
from petitions.models import Category, CoOrganisation, Deadline
from petitions.process import REWORK
from workdays.limits import Limit

MINUTE = timedelta(minutes=1)
LATE = {  # of the clocks run out
    "dispatch": 0.015, "accept": 0.022, "feedback": 0.03, "close": 0.025, "co_organise": 0.05, "sign": 0.03,
}  # fmt: skip
CONCLUSIONS = {"solved": 68, "partly": 12, "explained": 13, "planned": 5, "not supported": 2}
WITH_PLAN = {"P0": 0.15, "P1": 0, "P2": 0.3, "P3": 0.9, "P4": 1}  # how many get an interim reply first
RATED, CALLED_BACK = 0.64, 0.12  # the rest stay silent
SECOND_TIME = (("yes", 4), ("yes", 3), ("partly", 3), ("no", 2))


class Course:
    """Takes a story through the process, once it is filed.

    category: what it is about, known to the desk at the latest. quick: everything is done the same day, as before a
    holiday. fate: "rework" where the enterprise will not be content.
    """

    def __init__(self, story: Story, category: Category, rng: Random, texts: Texts, quick=False, fate="") -> None:
        self.story, self.category, self.rng, self.texts, self.quick, self.fate = (
            story,
            category,
            rng,
            texts,
            quick,
            fate,
        )
        self.petition, self.district, self.calendar = story.petition, story.district, story.calendar

    def run(self) -> bool:
        """Everything to the end; answers whether it got there."""
        try:
            self.dispatch()
            self.accept()
            self.work()
            self.end()
            if self.petition.stage == REWORK:
                self.again()
                self.end()
        except Later:
            return False
        return True

    # --- When -------------------------------------------------------------------------------------------------------

    def when(self, clock: str, low: float, high: float, after: datetime | None = None, unit=None) -> datetime:
        """A moment in that share of the clock's time, counted from `after`; for some clocks it is late."""
        deadline = self.story.running(clock, unit)
        after = after or deadline.started_at
        if not self.quick and self.rng.random() < LATE[clock]:
            return self.too_late(deadline)
        share = self.rng.uniform(0.01, 0.05) if self.quick else self.rng.uniform(low, high)
        return self.within(after, deadline, share)

    def within(self, after: datetime, deadline: Deadline, share: float) -> datetime:
        if Limit.parse(deadline.limit).elapsed:
            at = after + max((deadline.due_at - after) * share, MINUTE)
        else:
            worked = self.calendar.working_hours_between(after, deadline.due_at)
            at = self.calendar.add_working_hours(after, max(worked * share, MINUTE))
        return self.tidy(at)

    def too_late(self, deadline: Deadline) -> datetime:
        hours = timedelta(hours=self.rng.choice((1, 2, 3, 5, 7, 9, 14, 20)), minutes=self.rng.randrange(60))
        return self.tidy(self.calendar.add_working_hours(deadline.due_at, hours))

    def tidy(self, at: datetime) -> datetime:
        """To the second."""
        return at.replace(microsecond=0)

    def later(self, at: datetime, *others: datetime | None) -> datetime:
        """That moment, but after the others."""
        last = max(one for one in (at, *others) if one)
        return at if last == at else last + self.rng.randint(2, 40) * MINUTE

    # --- Who --------------------------------------------------------------------------------------------------------

    def officer(self, role: str) -> User:
        return self.rng.choice(self.district.by_role[role])

    def worker(self, unit: Unit) -> User:
        """A handler or the head."""
        return self.rng.choice(self.district.staff[unit.code])

    def member(self, unit: Unit) -> User:
        """A handler: whoever drafts an answer does not sign it."""
        return self.rng.choice([one for one in self.district.staff[unit.code] if one not in self.heads(unit)])

    def heads(self, unit: Unit) -> list[User]:
        return self.district.heads[unit.code]

    # --- The steps --------------------------------------------------------------------------------------------------

    def dispatch(self) -> None:
        petition, rng, category = self.petition, self.rng, self.category
        lead = category.lead_for(petition.enterprise)
        many = category.standard in ("P0", "P3", "P4") or rng.random() < 0.2
        helpers = category.co_organisers_for(petition.enterprise) if many and not self.quick else []
        self.story.dispatch(self.when("dispatch", 0.05, 0.9), self.officer("desk"), category, lead, helpers)

    def accept(self) -> None:
        by = self.worker(self.petition.lead)
        lead = self.petition.lead
        handler = by if by not in self.heads(lead) and self.rng.random() < 0.85 else self.member(lead)
        self.story.accept(self.when("accept", 0.03, 0.85), by, handler)

    def work(self) -> None:
        """Interim reply and co-organisers' answers as they come, then the reply."""
        story, rng, accepted = self.story, self.rng, self.petition.accepted_at
        story.reach("work", accepted)
        plan = not self.quick and rng.random() < WITH_PLAN[self.petition.standard.code]
        moments: list[tuple[datetime, CoOrganisation | None]] = []
        if plan:
            moments.append((self.later(self.when("feedback", 0.4, 0.95), accepted), None))
        for one in story.helpers:
            if rng.random() < 0.93:
                moments.append((self.later(self.when("co_organise", 0.1, 0.9, accepted, one.unit), accepted), one))
        for at, one in sorted(moments, key=lambda moment: moment[0]):
            if one:
                story.advise(at, one, self.worker(one.unit), self.texts.say(rng, "advice"))
            else:
                self.plan(at)
        last = max((at for at, _ in moments), default=accepted)
        most = 0.7 if self.petition.needs_signature else 0.92
        self.reply(self.later(self.when("close" if plan else "feedback", 0.3, most, accepted), last, accepted))

    def plan(self, at: datetime) -> None:
        close = self.story.running("close")
        promised = max(close.due_at.date(), at.date()) if self.rng.random() < 0.6 else at.date() + timedelta(days=7)
        self.story.interim(at, self.texts.plan(self.rng, self.category.code), promised)

    def reply(self, at: datetime) -> None:
        conclusion = self.rng.choices(list(CONCLUSIONS), list(CONCLUSIONS.values()))[0]
        body, basis = self.texts.reply(self.rng, self.category.code, conclusion)
        signed = self.petition.needs_signature
        act = self.story.submit if signed else self.story.reply
        act(at, body, basis, conclusion, self.texts.say(self.rng, "waived"))
        if signed:
            signer = self.rng.choice(self.heads(self.petition.lead))
            self.story.sign(self.later(self.when("sign", 0.02, 0.7), at), signer)

    # --- The end ----------------------------------------------------------------------------------------------------

    def end(self) -> None:
        rng, deadline = self.rng, self.story.running("evaluate")
        chance = rng.random()
        if self.quick or chance < RATED:
            hours = rng.uniform(0.3, 4) if self.quick else min(rng.expovariate(1 / 30) + 0.2, 160)
            at = self.tidy(min(self.petition.replied_at + timedelta(hours=hours), deadline.due_at - MINUTE))
            self.rate(at, self.district.speaker[self.petition.enterprise_id])
        elif chance < RATED + CALLED_BACK:
            start = self.calendar.add_working_days(self.petition.replied_at.date(), rng.randint(2, 4))
            self.rate(self.calendar.day_start(start) + rng.randint(5, 170) * MINUTE, self.officer("call-back"))
        else:
            self.story.lapse(deadline.due_at + timedelta(seconds=rng.randint(1, 30)))

    def rate(self, at: datetime, by: User) -> None:
        solved, stars = self.verdict()
        comment = self.texts.say(self.rng, "praise" if stars > 2 else "complaint")
        contacted = self.rng.random() < (0.985 if stars > 2 else 0.6)
        self.story.evaluate(at, by, solved, stars, comment, contacted)

    def verdict(self) -> tuple[str, int]:
        """Whether it is solved, and how content the enterprise is, of five."""
        rng, kindly = self.rng, self.petition.conclusion in ("solved", "partly", "explained")
        if self.petition.rework_count:
            return rng.choice(SECOND_TIME)
        if self.fate == "rework" or (not self.quick and rng.random() < (0.03 if kindly else 0.25)):
            return "no", rng.choice((1, 2, 2))
        solved = "yes" if self.petition.conclusion == "solved" else rng.choice(("yes", "partly"))
        return solved, rng.choices((5, 4, 3), (60, 33, 7))[0]

    def again(self) -> None:
        """The rework: seen to sooner, and answered once more."""
        started = self.story.reach("again", self.story.running("close").started_at)
        self.reply(self.later(self.when("feedback", 0.3, 0.75), started))
