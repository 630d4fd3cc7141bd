"""A small district on the morning of 16 June 2023: a month of petitions at every stage, and who deals with them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import cycle, islice

import chinese_calendar

from directory.models import Cadre, Enterprise, Unit, User
from notices.models import Notice
from petitions import operations
from petitions.models import Category, Petition
from petitions.sweep import sweep
from tests.cast import Role, assign, at, make_enterprise, make_user, represent, seat
from tests.petitions.stories import dispatched, filed, rated, replied, signed
from tests.visits.making import visited

NOW = at("2023-06-16", "10:20")
FIRMS = ("石岩塑胶制品有限公司", "新安精密模具厂", "福海光电科技有限公司", "沙井五金电镀有限公司", "松岗电子有限公司")
STREETS = ("SY", "XA", "FH", "SJ", "SG")
ASKED = (  # title, category
    ("厂区门口积水，货车进不来", "E2"), ("旺季缺二十名注塑工", "A1"), ("续贷手续办了两个月", "B1"),
    ("园区限高杆挡住集装箱车", "F1"), ("变压器容量不够，新线开不了", "D2"), ("出口退税迟迟未到", "G3"),
    ("员工子女入学学位不足", "L1"), ("消防整改后何时复查", "K2"), ("厂房租金一年涨了两次", "C1"),
    ("技改补贴如何申报", "H2"), ("门口路面破损，货物颠坏", "F3"), ("环评批复等了三个月", "E3"),
)  # fmt: skip
NAMES = (
    "高明",
    "林静",
    "何勇",
    "罗敏",
    "郭涛",
    "梁芳",
    "宋杰",
    "唐丽",
    "许强",
    "韩雪",
    "冯刚",
    "邓洁",
    "曹磊",
    "彭燕",
    "曾辉",
)
STAGES = ("filed", "dispatched", "accepted", "promised", "replied", "late", "rework", "lapsing")  # then all closed
OWN = ("promised", "replied", "late")  # of Lantern Works; the others belong to one firm after another


@dataclass
class District:
    """Everything is done by its own people, at the moments it would have been done."""

    lan: User
    chen: Cadre
    mei: User
    lantern: Enterprise
    firms: list[Enterprise] = field(default_factory=list)
    speakers: dict[Enterprise, User] = field(default_factory=dict)
    staff: dict[tuple[Unit, str], User] = field(default_factory=dict)
    petitions: dict[str, Petition] = field(default_factory=dict)

    def settle(self, count: int) -> "District":
        """count: how many petitions; the youngest one for each of STAGES, the older ones closed."""
        self.firms = [self.lantern, *(make_enterprise(name, 300 + n, STREETS[n]) for n, name in enumerate(FIRMS))]
        self.speakers = {firm: make_user(f"firm{n}", f"{firm.name[:2]}经理") for n, firm in enumerate(self.firms)}
        self.speakers[self.lantern] = self.lan
        for firm in self.firms[1:]:
            represent(self.speakers[firm], firm)
            assign(self.chen, firm)
        for day, firm in zip(("05-09", "05-23", "06-06", "06-13"), self.firms, strict=False):
            visited(self.chen, firm, f"2023-{day}", notes="订单平稳，用工偏紧。")
        for (n, filed_at), (title, category) in zip(enumerate(moments(count)), cycle(ASKED), strict=False):
            stage = STAGES[n] if n < len(STAGES) else f"closed {n}"
            self.petitions[stage] = self.story(n, stage, title, category, filed_at)
        sweep(NOW)
        Notice.objects.filter(created_at__lt=NOW - timedelta(days=2)).update(read_at=NOW)
        return self

    def story(self, n: int, stage: str, title: str, category: str, filed_at: datetime) -> Petition:
        """One petition from its filing up to that stage."""
        firm = self.lantern if stage in OWN else self.firms[n % len(self.firms)]
        petition = filed(self.speakers[firm], firm, filed_at, title, body=f"{title}，影响交货，请帮助解决。")
        if stage == "filed":
            return petition
        chosen = Category.objects.get(code=category)
        helpers = [unit.code for unit in chosen.co_organisers_for(firm)[:1]]
        lead, hour = chosen.lead_for(firm), timedelta(hours=1)
        petition = dispatched(petition, self.mei, filed_at + hour, lead.code, chosen.standard, helpers, category)
        if stage == "dispatched":
            return petition
        handler, accepted_at = self.handler(lead), filed_at + (52 if n % 16 == 15 else 4) * hour
        petition = operations.accept(petition, handler, accepted_at)
        return self.answered(n, stage, petition, handler, accepted_at)

    def answered(self, n: int, stage: str, petition: Petition, handler: User, accepted_at: datetime) -> Petition:
        if stage in ("accepted", "late"):
            return petition
        if stage == "promised":
            plan = "已会同园区现场查看，限高杆月底前改为可升降。"
            return operations.interim(petition, handler, accepted_at, body=plan, promised_on=date(2023, 6, 30))
        replied_at = accepted_at + timedelta(hours=20 + n % 7 * 16)
        petition = self.reply(petition, handler, min(replied_at, NOW))
        speaker = self.speakers[petition.enterprise]
        rated_at = min(replied_at + timedelta(hours=5), NOW)
        if stage == "rework":
            return rated(petition, speaker, rated_at, solved="no", satisfaction=2)
        good = n % 9 != 8
        answer = {"solved": "yes" if good else "partly", "satisfaction": 5 - n % 2 if good else 3}
        return rated(petition, speaker, rated_at, **answer) if stage.startswith("closed") else petition

    def reply(self, petition: Petition, handler: User, when: datetime) -> Petition:
        """The answer, signed by the unit's head where the matter asks for that."""
        words = {"waiver": "协办单位无异议"}
        if petition.needs_signature:
            return signed(petition, handler, self.officer(petition.lead, Role.HEAD), when, **words)
        return replied(petition, handler, when, **words)

    def handler(self, unit: Unit) -> User:
        return self.officer(unit, Role.MEMBER)

    def officer(self, unit: Unit, role: str) -> User:
        """Who holds that post, in office from the first petition on."""
        if (unit, role) not in self.staff:
            officer = make_user(f"{role}-{unit.code.lower()}", NAMES[len(self.staff) % len(NAMES)])
            self.staff[unit, role] = seat(officer, unit, role)
        return self.staff[unit, role]


def moments(count: int) -> list[datetime]:
    """So many moments of office hours before NOW, the youngest first; the sixth (`late`) lies a fortnight back."""
    days = (NOW.date() - timedelta(days=n) for n in range(400))
    working = (day for day in days if chinese_calendar.is_workday(day))
    hours = ("09:05", "15:30", "11:20")
    found = [at(day.isoformat(), hour) for day in islice(working, count) for hour in hours[: 2 if day.day % 2 else 1]]
    return [at("2023-05-31", "09:40") if n == STAGES.index("late") else one for n, one in enumerate(found[:count])]
