"""The visits of the invented district: two a week and every enterprise once a quarter, as most cadres keep it.

1. Each cadre gets a number of visits for the time told of; most fill the quota of every week, the others fall behind.
2. Each visit falls on a working day of its week; over a quarter the cadre goes round the enterprises.
3. Some visits are where a petition came from; those are chosen before the records are made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from django.utils.timezone import localdate

from assessment.demonstration.loading import Loader
from assessment.demonstration.names import person
from assessment.demonstration.people import SINCE, District
from assessment.demonstration.texts import Texts
from directory.models import Cadre, Enterprise
from directory.numbers import new_number
from visits.duties import lateness, quarter_of, quota_of, weeks_touching
from visits.models import TRENDS, Companion, Difficulty, Lateness, Mode, Purpose, Trend, Visit
from workdays.calendar import Calendar

DAY = timedelta(days=1)
DILIGENT = 0.72  # of the cadres fill the quota of every week
MODES = (Mode.ON_SITE,) * 80 + (Mode.VIDEO,) * 12 + (Mode.PHONE,) * 8
PURPOSES = (Purpose.ROUTINE,) * 58 + (Purpose.FOLLOW_UP,) * 16 + (Purpose.POLICY,) * 18 + (Purpose.INVITED,) * 5
MOODS = ("",) * 40 + (Trend.UP,) * 20 + (Trend.FLAT,) * 28 + (Trend.DOWN,) * 12


@dataclass(slots=True)
class Plan:
    """A visit that will be made."""

    cadre: Cadre
    enterprise: Enterprise
    on: date
    petition: bool = False  # something heard there became a petition


@dataclass(frozen=True)
class Source:
    """A visit that led to a petition, and the moment it was filed."""

    visit: Visit
    filed_at: datetime


class Visits:
    """Plans visits, then makes their records."""

    def __init__(self, seed: int, district: District, calendar: Calendar, texts: Texts, loader: Loader) -> None:
        self.rng = Random(f"{seed}:visits")
        self.district, self.calendar, self.texts, self.loader = district, calendar, texts, loader

    # --- Planning ---------------------------------------------------------------------------------------------------

    def year(self, year: int, total: int) -> list[Plan]:
        """Exactly so many visits in that year, since the district began."""
        first, last = max(date(year, 1, 1), SINCE), date(year, 12, 31)
        slots = self.slots(first, last)
        plans: list[Plan] = []
        for cadre, number in zip(self.district.cadres, self.shares(total, len(slots)), strict=True):
            plans += self.round(cadre, self.chosen(slots, number))
        return plans

    def recent(self, first: date, last: date) -> list[Plan]:
        """About as many as the quota asks from the first to the last day."""
        slots = self.slots(first, last)
        plans: list[Plan] = []
        for cadre in self.district.cadres:
            kept = 0.97 if self.rng.random() < DILIGENT else 0.82
            plans += self.round(cadre, self.chosen(slots, sum(self.rng.random() < kept for _ in slots)))
        return plans

    def slots(self, first: date, last: date) -> list[tuple[date, ...]]:
        """One for each visit owed: the working days of its week on which it can be made."""
        found = []
        for week in weeks_touching(first, last):
            every = (week.first + n * DAY for n in range(7))
            days = tuple(day for day in every if first <= day <= last and self.calendar.is_working(day))
            found += [days] * min(quota_of(self.calendar, week), len(days))
        return found

    def shares(self, total: int, full: int) -> list[int]:
        """How many visits each cadre makes: most the full number or a few more, the others what is left."""
        rng, number = self.rng, len(self.district.cadres)
        keen = rng.sample(range(number), round(number * DILIGENT))
        shares = {n: full + rng.choice((0, 0, 1, 2, 3)) for n in sorted(keen)}
        slow = [n for n in range(number) if n not in shares] or [0]
        left = total - sum(shares.values())
        for place, n in enumerate(slow):
            even = left // (len(slow) - place)
            shares[n] = even if place == len(slow) - 1 else even + rng.randint(-10, 10)
            left -= shares[n]
        return [shares[n] for n in range(number)]

    def chosen(self, slots: list[tuple[date, ...]], number: int) -> list[date]:
        """So many days, at most as the slots allow and then a few more; no day twice while the week has others."""
        rng = self.rng
        taken = rng.sample(slots, number) if number <= len(slots) else slots + rng.choices(slots, k=number - len(slots))
        days: set[date] = set()
        found = []
        for week in taken:
            day = rng.choice([day for day in week if day not in days] or week)
            days.add(day)
            found.append(day)
        return sorted(found)

    def round(self, cadre: Cadre, days: list[date]) -> Iterator[Plan]:
        """Each quarter once around the enterprises, a few left out; those left out come first in the next one."""
        mine, rng, quarter = self.district.cared_for[cadre.pk], self.rng, None
        queue: list[Enterprise] = []
        reached: set[int] = set()
        last: tuple[date, Enterprise] | None = None
        for day in days:
            if quarter_of(day) != quarter:
                missed = [one for one in mine if quarter and one.pk not in reached]
                quarter, reached = quarter_of(day), set()
                queue = [one for one in mine if one not in missed and rng.random() > 0.015]
                rng.shuffle(queue)
                queue += missed
            enterprise = queue.pop() if queue else rng.choice(mine)
            while len(mine) > 1 and (day, enterprise) == last:
                enterprise = rng.choice(mine)
            reached.add(enterprise.pk)
            last = (day, enterprise)
            yield Plan(cadre, enterprise, day)

    def choose_sources(self, plans: list[Plan], number: int, until: date) -> None:
        """Let so many of the visits up to that day be where a petition came from."""
        early = [plan for plan in plans if plan.on <= until]
        for plan in self.rng.sample(early, min(number, len(early))):
            plan.petition = True

    # --- Records ----------------------------------------------------------------------------------------------------

    def make(self, plans: list[Plan], now: datetime) -> list[Source]:
        """Write the visits, oldest first, but none that would still be going on now."""
        sources = []
        for plan in sorted(plans, key=lambda plan: plan.on):
            visit = self.visit(plan)
            if datetime.combine(visit.visited_on, visit.ended_at, self.calendar.zone) > now:
                continue
            plan.enterprise.last_visited_on = max(plan.enterprise.last_visited_on or plan.on, plan.on)
            self.say(plan, visit)
            self.record(visit, now)
            self.loader.add(visit)
            self.join(visit)
            if visit.difficulty == Difficulty.PETITION:
                sources.append(Source(visit, visit.received_at))
        return sources

    def visit(self, plan: Plan) -> Visit:
        rng, mode = self.rng, self.rng.choice(MODES)
        start = timedelta(hours=rng.choice((9, 9, 10, 10, 11, 14, 14, 15, 15, 16)), minutes=5 * rng.randrange(12))
        minutes = 5 * rng.randint(5, 16) if mode == Mode.ON_SITE else 6 if rng.random() < 0.008 else rng.randint(10, 35)
        return Visit(
            number=new_number(plan.on, "V", rng.choice), uid=UUID(int=rng.getrandbits(128), version=4),
            enterprise=plan.enterprise, host=plan.cadre, unit_id=plan.cadre.unit_id, mode=mode, visited_on=plan.on,
            started_at=clock(start), ended_at=clock(start + timedelta(minutes=minutes)),
            place=plan.enterprise.address if mode == Mode.ON_SITE else "", met=plan.enterprise.contact,
            met_phone=plan.enterprise.phone if rng.random() < 0.5 else "", recorded_by_id=plan.cadre.user_id,
            difficulty=Difficulty.PETITION if plan.petition else Difficulty.NONE,
        )  # fmt: skip

    def say(self, plan: Plan, visit: Visit) -> None:
        """What was talked about."""
        rng, texts = self.rng, self.texts
        visit.purpose = Purpose.KEY_PROJECT if plan.enterprise.is_key and rng.random() < 0.3 else rng.choice(PURPOSES)
        for trend in TRENDS:
            setattr(visit, trend, rng.choice(MOODS))
        visit.notes = texts.say(rng, "notes")
        if visit.purpose == Purpose.POLICY:
            visit.policies = texts.say(rng, "policies")
        if visit.difficulty == Difficulty.NONE and rng.random() < 0.2:
            visit.difficulty, visit.answer = Difficulty.ANSWERED, texts.say(rng, "answer")
        if rng.random() < 0.06:
            visit.promise = texts.say(rng, "promise")
            visit.promised_on = self.calendar.add_working_days(visit.visited_on, rng.choice((3, 5, 10)))

    def record(self, visit: Visit, now: datetime) -> None:
        """Most are written down the same day, some late, very few too late to count."""
        rng = self.rng
        days = rng.choices((0, rng.randint(1, 3), rng.randint(4, 10), rng.randint(11, 16)), (88, 9.3, 2.6, 0.1))[0]
        if visit.difficulty == Difficulty.PETITION or days == 0:
            ended = datetime.combine(visit.visited_on, visit.ended_at, self.calendar.zone)
            at = ended + timedelta(minutes=rng.randint(3, 55), seconds=rng.randint(0, 59))
        else:
            morning = self.calendar.day_start(self.calendar.add_working_days(visit.visited_on, days))
            at = morning + timedelta(minutes=rng.randint(0, 400))
        visit.received_at = visit.made_at = min(at, now)
        visit.lateness = Lateness(lateness(self.calendar, visit.visited_on, localdate(visit.received_at)))

    def join(self, visit: Visit) -> None:
        """Now and then somebody comes along."""
        rng, cadres = self.rng, self.district.cadres
        if rng.random() < 0.05 and len(cadres) > 1:
            other = rng.choice(cadres)
            if other.pk != visit.host_id:
                self.loader.add(Companion(visit=visit, cadre=other, unit_id=other.unit_id))
        elif rng.random() < 0.05:
            self.loader.add(Companion(visit=visit, name=person(rng)))


def clock(since_midnight: timedelta) -> time:
    return time(*divmod(since_midnight // timedelta(minutes=1), 60))
