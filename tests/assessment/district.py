"""A small random district, and every measure over it worked out again by plain loops, apart from the product."""

import random
from datetime import date, datetime, time, timedelta
from itertools import count
from statistics import quantiles
from uuid import UUID

import chinese_calendar

from directory.models import Enterprise, Unit
from petitions.models import Category, Deadline, Evaluation, Petition, ServiceStandard
from tests.cast import SHANGHAI, assign, make_cadre, make_enterprise
from tests.visits.making import visited

FIRST, LAST = date(2023, 1, 1), date(2023, 7, 31)
LEADS, STREETS, CATEGORIES = ("SWJ", "JTJ", "GXJ"), ("SY", "XA"), ("A1", "B1", "E2")
CLOCKS = {"accept": 1, "feedback": 3, "close": 5}  # working days


def working_day_after(day: date, n: int) -> date:
    """The n-th working day after that day, one day at a time."""
    while n:
        day += timedelta(days=1)
        n -= chinese_calendar.is_workday(day)
    return day


def evening(day: date) -> datetime:
    return datetime.combine(day, time(18), SHANGHAI)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


class District:
    """Writes the rows, and keeps them as plain tuples to count over."""

    def __init__(self, seed: int, petitions: int = 60, visits: int = 40):
        self.dice = random.Random(seed)
        self.other_dice = random.Random(seed + 1)
        self.serial = count(1)
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.standard = ServiceStandard.objects.filter(code="P2").first()
        self.cadres = [make_cadre(f"C{n}", f"cadre{n}", f"干部{n}", unit) for n, unit in enumerate(LEADS)]
        self.enterprises = [make_enterprise(f"企业{n}", 500 + n, self.dice.choice(STREETS)) for n in range(10)]
        self.held = [self.hold(enterprise) for enterprise in self.enterprises[:8]]
        self.petitions = [self.petition() for _ in range(petitions)]
        self.visits = [self.visit() for _ in range(visits)]

    def moment(self, first: date = FIRST, last: date = LAST) -> datetime:
        minutes = self.dice.randrange((last - first).days * 1440)
        return midnight(first) + timedelta(minutes=minutes)

    def hold(self, enterprise: Enterprise) -> tuple:
        cadre, since = self.dice.choice(self.cadres), self.moment(date(2022, 12, 1)).date()
        row = assign(cadre, enterprise, valid_from=since)
        return row.pk, enterprise.pk, cadre.unit.code, enterprise.street.code, since

    def visit(self) -> tuple:
        enterprise, cadre = self.dice.choice(self.enterprises), self.dice.choice(self.cadres)
        mode, until = self.dice.choice([("on site", time(10, 5)), ("video", time(10, 5)), ("phone", time(10, 30))])
        day = self.moment().date()
        row = visited(cadre, enterprise, day.isoformat(), mode=mode, started_at=time(10), ended_at=until)
        counts = mode == "on site" or until == time(10, 30)
        return row.pk, enterprise.pk, cadre.unit.code, enterprise.street.code, day, counts

    def petition(self) -> dict:
        dice, filed_at = self.dice, self.moment()
        later = [filed_at + timedelta(hours=dice.expovariate(1 / hours)) for hours in (6, 60, 160, 400)]
        accepted_at, answered_at, replied_at, closed_at = sorted(later)
        stage = dice.choice(["filed", "declined", "withdrawn", "dispatched", "accepted", "replied"] + ["closed"] * 8)
        lead = None if stage in ("filed", "declined") else dice.choice(LEADS)
        enterprise, category = dice.choice(self.enterprises), dice.choice(CATEGORIES)
        over = stage in ("replied", "closed")
        answered = over or (stage == "accepted" and dice.random() < 0.5)
        row = Petition.objects.create(
            number=f"QS-{next(self.serial)}", key=UUID(int=dice.getrandbits(128)), enterprise=enterprise, title="诉求",
            body="内容", category=Category.objects.get(code=category), standard=self.standard, stage=stage,
            lead=self.units.get(lead), filed_at=filed_at,
            answered_at=answered_at if answered else None,
            replied_at=replied_at if over else None,
            closed_at=closed_at if stage == "closed" else None,
            channel=self.other_dice.choice(["enterprise", "visit", "letter", "phone"]),
            rework_count=self.other_dice.randrange(2) if over else 0,
        )  # fmt: skip
        facts = {
            "pk": row.pk, "filed_at": filed_at, "answered_at": row.answered_at, "closed_at": row.closed_at,
            "stage": stage, "replied": over, "unit": lead, "street": enterprise.street.code,
            "group": row.category.group, "channel": row.channel, "reworked": row.rework_count > 0,
        }  # fmt: skip
        met = {"accept": accepted_at, "feedback": row.answered_at, "close": row.replied_at}
        facts["clocks"] = [self.clock(row, lead, name, met[name]) for name in CLOCKS] if lead else []
        facts["ratings"] = [self.rating(row, cycle) for cycle in range(dice.randrange(3))] if stage == "closed" else []
        return facts

    def clock(self, petition: Petition, unit: str, name: str, met_at: datetime | None) -> tuple:
        due_at = evening(working_day_after(petition.filed_at.astimezone(SHANGHAI).date(), CLOCKS[name]))
        cancelled_at = None
        if petition.stage == "withdrawn":
            met_at, cancelled_at = None, due_at + timedelta(hours=self.dice.choice([-5, 5]))
        on_time = None if met_at is None else met_at <= due_at
        row = Deadline.objects.create(
            petition=petition, clock=name, unit=self.units[unit], standard=self.standard, limit=f"{CLOCKS[name]}wd",
            started_at=petition.filed_at, counts_from=petition.filed_at, due_at=due_at, warn_at=due_at, met_at=met_at,
            on_time=on_time, cancelled_at=cancelled_at,
        )  # fmt: skip
        return row.pk, name, due_at, on_time, cancelled_at is not None and cancelled_at < due_at

    def rating(self, petition: Petition, cycle: int) -> tuple:
        solved, satisfaction = self.dice.choice(["yes", "partly", "no"]), self.dice.randint(1, 5)
        contacted = self.dice.random() < 0.8
        row = Evaluation.objects.create(
            petition=petition, cycle=cycle, solved=solved, satisfaction=satisfaction, contacted=contacted,
            at=petition.closed_at,
        )  # fmt: skip
        return row.pk, solved, satisfaction, contacted

    # --- the same figures, by plain loops ---------------------------------------------------------------------------

    def answers(self, first: date, last: date, now: datetime, **cuts: str) -> dict[str, tuple]:
        """Of each measure (rows of the numerator, rows counting half, rows of the denominator), by primary key."""
        start, end = midnight(first), midnight(last + timedelta(days=1))
        mine = [one for one in self.petitions if all(one[name] == code for name, code in cuts.items())]
        filed = [one for one in mine if start <= one["filed_at"] < end]
        taken = [one for one in filed if one["stage"] not in ("declined", "withdrawn")]
        closed = {one["pk"] for one in taken if one["closed_at"] and one["closed_at"] < end}
        found = {
            "received": ({one["pk"] for one in filed}, set(), None),
            "closed": (closed, set(), None),
            "in-progress": ({one["pk"] for one in taken} - closed, set(), None),
            "completion": (closed, set(), {one["pk"] for one in taken}),
        }
        at_once = {one["pk"] for one in taken if not one["reworked"]}
        outside = closed & {one["pk"] for one in taken if one["channel"] in ("letter", "phone")}
        found["first-handling"] = (closed & at_once, set(), closed)
        found["first-handling-outside"] = (outside & at_once, set(), outside)
        for days in (1, 3, 5, 15):
            found[f"within-{days}"] = self.within(taken, days, now)
        found |= self.in_time([clock for one in mine for clock in one["clocks"]], start, min(end, now))
        found |= self.ratings([one["ratings"][-1] for one in filed if one["ratings"]])
        return found | (self.walking(first, last, now, cuts) if "group" not in cuts else {})

    def within(self, taken: list[dict], days: int, now: datetime) -> tuple:
        due = {
            one["pk"]: evening(working_day_after(one["filed_at"].astimezone(SHANGHAI).date(), days)) for one in taken
        }
        whole = {pk for pk, at in due.items() if at <= now}
        in_time = {one["pk"] for one in taken if one["answered_at"] and one["answered_at"] <= due[one["pk"]]}
        return in_time & whole, set(), whole

    def in_time(self, clocks: list[tuple], start: datetime, end: datetime) -> dict[str, tuple]:
        names = {"acceptance": "accept", "feedback": "feedback", "closure": "close"}
        due = [one for one in clocks if start <= one[2] < end and not one[4]]
        return {
            key: (
                {one[0] for one in due if one[1] == name and one[3]},
                set(),
                {one[0] for one in due if one[1] == name},
            )
            for key, name in names.items()
        }

    def ratings(self, last_ones: list[tuple]) -> dict[str, tuple]:
        whole = {one[0] for one in last_ones}
        return {
            "solved": (
                {o[0] for o in last_ones if o[1] == "yes"},
                {o[0] for o in last_ones if o[1] == "partly"},
                whole,
            ),
            "satisfaction": ({one[0] for one in last_ones if one[2] >= 4}, set(), whole),
            "contacted": ({one[0] for one in last_ones if one[3]}, set(), whole),
        }

    def walking(self, first: date, last: date, now: datetime, cuts: dict[str, str]) -> dict[str, tuple]:
        places = {"unit": 2, "street": 3}
        mine = [one for one in self.visits if all(one[places[name]] == code for name, code in cuts.items())]
        made = [one for one in mine if first <= one[4] <= last]
        reached = {one[1] for one in self.visits if first <= one[4] <= last and one[5]}
        last_day = min(last, now.astimezone(SHANGHAI).date())
        held = [one for one in self.held if all(one[places[name]] == code for name, code in cuts.items())]
        due = [one for one in held if one[4] <= last_day and one[4] <= self.fifteen_left(last)]
        return {
            "visits": ({one[0] for one in made}, set(), None),
            "effective-visits": ({one[0] for one in made if one[5]}, set(), None),
            "coverage": ({one[0] for one in due if one[1] in reached}, set(), {one[0] for one in due}),
        }

    def fifteen_left(self, last: date) -> date:
        """The last day with fifteen working days left, itself included."""
        day, left = last + timedelta(days=1), 15
        while left:
            day -= timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        return day

    def hours(self, first: date, last: date) -> list[float]:
        """The deciles of the hours from filing to first answer."""
        start, end = midnight(first), midnight(last + timedelta(days=1))
        waited = [
            (one["answered_at"] - one["filed_at"]).total_seconds() / 3600
            for one in self.petitions
            if one["answered_at"] and start <= one["filed_at"] < end
        ]
        return quantiles(waited, n=10, method="inclusive")
