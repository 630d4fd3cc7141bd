"""The people every story is told with. Plain makers first; below them one fixture for each person of the fixed cast.

Mei     dispatches at the service desk           Wen    handles, in the Water bureau (SWJ)
Pei     the second officer at the desk
Lan     speaks for Lantern Works                 Zhao   heads the Water bureau
Chen    the cadre posted to Lantern Works        Rui    handles, in the Roads bureau (JTJ)
Hua     calls enterprises back                   Shen   supervises
Luo     leads the district                       Ada    audits
Ping    sits on the ruling panel
Root    administers the system                   Stranger  speaks for another firm
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from stdnum.cn import uscc

from directory.models import Assignment, Cadre, Enterprise, Post, Representative, Unit, User
from petitions.catalogue import load_catalogue
from workdays import queries as calendars

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "lantern-works-2023"
Kind, Role = Unit.Kind, Post.Role
NAMES = {  # the units of the cast
    "DSK": ("区企业服务中心", Kind.DESK),
    "HFZ": ("区企业服务回访组", Kind.CALL_BACK),
    "DCS": ("区委区政府督查室", Kind.SUPERVISION),
    "SWJ": ("区水务局", Kind.BUSINESS),
    "JTJ": ("市交通运输局宝安管理局", Kind.MUNICIPAL),
    "GXJ": ("区工业和信息化局", Kind.BUSINESS),
    "FGJ": ("区发展和改革局", Kind.BUSINESS),
    "SY": ("石岩街道", Kind.STREET),
}


def at(day: str, clock: str = "10:00") -> datetime:
    """An aware moment of the district: at("2023-06-13", "15:30")."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), SHANGHAI)


def fresh_calendar() -> None:
    """Read the calendar now, so that no look after its changes falls among the queries a test counts."""
    calendars._kept.clear()
    calendars.current_calendar()


def make_unit(code: str) -> Unit:
    """The unit of that code, made on first use; a code outside the table becomes a business department."""
    name, kind = NAMES.get(code, (code, Kind.BUSINESS))
    return Unit.objects.get_or_create(code=code, defaults={"name": name, "kind": kind})[0]


def make_user(username: str, name: str, **fields) -> User:
    return User.objects.create_user(
        username=username, name=name, password=PASSWORD, email=f"{username}@example.org", **fields
    )


def seat(user: User, unit: str | Unit, role: str, **dates) -> User:
    """Give that person a post in the unit."""
    unit = make_unit(unit) if isinstance(unit, str) else unit
    Post.objects.create(user=user, unit=unit, role=role, **dates)
    return user


def make_cadre(code: str, username: str, name: str, unit: str = "GXJ", **dates) -> Cadre:
    return Cadre.objects.create(code=code, user=make_user(username, name), unit=make_unit(unit), **dates)


def credit_code(serial: int) -> str:
    """A valid 统一社会信用代码 of area 449999, where no real firm is registered."""
    body = f"91449999MA{serial:07d}"
    return body + uscc.calc_check_digit(body)


def make_enterprise(name: str = "石岩灯具厂", serial: int = 100, street: str = "SY", **fields) -> Enterprise:
    fields = {
        "address": "石岩街道灯饰路 8 号",
        "industry": "制造业",
        "contact": "前台",
        "phone": "13900001111",
    } | fields
    return Enterprise.objects.create(name=name, code=credit_code(serial), street=make_unit(street), **fields)


def represent(user: User, enterprise: Enterprise, **dates) -> Representative:
    return Representative.objects.create(user=user, enterprise=enterprise, **dates)


def assign(cadre: Cadre, enterprise: Enterprise, **dates) -> Assignment:
    return Assignment.objects.create(cadre=cadre, enterprise=enterprise, **dates)


# --- The fixed cast -------------------------------------------------------------------------------------------------


@pytest.fixture
def mei(db) -> User:
    return seat(make_user("mei", "梅分拨"), "DSK", Role.DESK)


@pytest.fixture
def wen(db) -> User:
    return seat(make_user("wen", "文经办"), "SWJ", Role.MEMBER)


@pytest.fixture
def zhao(db) -> User:
    return seat(make_user("zhao", "赵局长"), "SWJ", Role.HEAD)


@pytest.fixture
def rui(db) -> User:
    return seat(make_user("rui", "瑞经办"), "JTJ", Role.MEMBER)


@pytest.fixture
def hua(db) -> User:
    return seat(make_user("hua", "华回访"), "HFZ", Role.CALL_BACK)


@pytest.fixture
def shen(db) -> User:
    return seat(make_user("shen", "沈督查"), "DCS", Role.SUPERVISION)


@pytest.fixture
def luo(db) -> User:
    return seat(make_user("luo", "罗区长"), "FGJ", Role.LEADER)


@pytest.fixture
def ada(db) -> User:
    return seat(make_user("ada", "艾审计"), "DCS", Role.AUDITOR)


@pytest.fixture
def root(db) -> User:
    return User.objects.create_superuser(username="root", name="系统管理员", password=PASSWORD)


@pytest.fixture
def lantern(db) -> Enterprise:
    """Lantern Works, in Shiyan street."""
    return make_enterprise("灯笼制造有限公司", serial=1)


@pytest.fixture
def lan(lantern) -> User:
    user = make_user("lan", "兰经理")
    represent(user, lantern)
    return user


@pytest.fixture
def chen(lantern) -> User:
    """The cadre posted to Lantern Works by GXJ; the cadre's own row is `chen.cadre`."""
    cadre = make_cadre("C001", "chen", "陈干部")
    assign(cadre, lantern)
    return cadre.user


@pytest.fixture
def stranger(db) -> User:
    """Speaks for a firm that has nothing to do with the story."""
    user = make_user("stranger", "路人甲")
    represent(user, make_enterprise("路人贸易有限公司", serial=2))
    return user


@pytest.fixture
def pei(db) -> User:
    """The second officer at the desk."""
    return seat(make_user("pei", "裴分拨"), "DSK", Role.DESK)


@pytest.fixture
def ping(db) -> User:
    """Sits on the panel that rules where a ticket belongs."""
    return seat(make_user("ping", "平裁定"), "DCS", Role.PANEL)


@pytest.fixture
def catalogue(db) -> None:
    """The district's units, categories and service standards."""
    load_catalogue()
