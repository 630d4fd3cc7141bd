"""The home page: one section for each seat a person holds, each at most four queries, whatever the data."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, Q, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assessment import measures as m
from assessment.boards import ICONS, address
from assessment.cohorts import Scope
from assessment.periods import midnight
from assessment.queries import latest_period, tally
from directory.backends import administers
from directory.models import Cadre
from directory.parties import Seats, seats_of
from petitions.models import Evaluation, Petition
from petitions.process import DISPATCHED, FILED, INCOMPLETE, OPEN, REPLIED, WITH_LEAD
from petitions.progress import REACHED, as_promised
from visits.duties import my_quarter, my_week

FEW, SOME = 5, 8
UNIT_SEATS = ("member", "head")
DISSATISFIED = 2  # of 5, at most
RECENT = timedelta(days=30)
STATIONS = (_("提交"), _("分拨"), _("受理"), _("答复"), _("评价"))


class Section(NamedTuple):
    """One part of the page: its template, and what that draws."""

    template: str
    shown: dict


def sections(user, now: datetime) -> list[Section]:
    """What waits for this person, the most pressing seat first."""
    seats = seats_of(user, localdate(now))
    mine = [(name, draw) for name, held, draw in TABLE if held(user, seats)]
    return [Section(f"assessment/home/{name}.html", draw(user, seats, now)) for name, draw in mine]


# --- Enterprise and cadre --------------------------------------------------------------------------------------------


def representative(user, seats: Seats, now: datetime) -> dict:
    """Own petitions: those that wait for the enterprise first, then the open ones, then what is over."""
    rank = Case(
        When(stage__in=(REPLIED, INCOMPLETE), then=Value(0)), When(stage__in=OPEN, then=Value(1)), default=Value(2)
    )  # fmt: skip
    mine = Petition.objects.filter(enterprise__in=seats.represents).for_rows()
    petitions = as_promised(mine.order_by(rank, "-filed_at", "-id")[:SOME], user, now)
    for petition in petitions:
        petition.stations = stations(petition)
    return {"petitions": petitions, "to_rate": sum(one.stage == REPLIED for one in petitions)}


def stations(petition: Petition) -> list[dict]:
    """The way of a petition in five stations: which are passed, and where it stands now; none where it left the way."""
    reached = REACHED.get(petition.stage)
    if reached is None:
        return []
    return [{"label": label, "passed": at < reached, "here": at == reached} for at, label in enumerate(STATIONS)]


def cadre(user, seats: Seats, now: datetime) -> dict:
    """The duty of the week and the quarter, whom to visit next, and what one's enterprises still wait for."""
    me = Cadre.objects.valid_on(localdate(now)).get(user=user)
    week, quarter = my_week(me, now), my_quarter(me, now)
    waiting = Petition.objects.open().filter(enterprise__in=seats.cares_for).for_rows().most_urgent_first()[:FEW]
    for enterprise in quarter.uncovered:
        seen = enterprise.last_visited_on
        enterprise.days = (localdate(now) - seen).days if seen else None
    return {
        "week": week,
        "week_tone": "green" if week.done >= week.quota else "orange",
        "quarter": quarter,
        "next": quarter.uncovered[:FEW],
        "petitions": waiting,
    }


# --- Units and desk --------------------------------------------------------------------------------------------------


def unit(user, seats: Seats, now: datetime) -> dict:
    """What the unit has in hand, and the five most urgent where the next move is its own."""
    units = seats.units_as(UNIT_SEATS)
    today_ends = midnight(localdate(now) + timedelta(days=1))
    counted = Petition.objects.filter(lead__in=units, stage__in=WITH_LEAD).aggregate(
        to_accept=Count("pk", filter=Q(stage=DISPATCHED)),
        in_hand=Count("pk", filter=~Q(stage=DISPATCHED)),
        due_today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=today_ends)),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
    )
    urgent = Petition.objects.open().awaiting(user, now).for_rows().most_urgent_first()[:FEW]
    return counted | {"petitions": urgent, "is_head": "head" in seats.roles}


def desk(user, seats: Seats, now: datetime) -> dict:
    """What waits for dispatch, by its clock, and what waits for a decision."""
    waiting = Petition.objects.filter(stage=FILED)
    decisions = Petition.objects.open().awaiting(user, now).exclude(stage=FILED)
    counted = waiting.aggregate(waiting=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)))
    return counted | {
        "petitions": waiting.for_rows().most_urgent_first()[:SOME],
        "to_decide": decisions.for_rows().most_urgent_first()[:FEW],
    }


def panel(user, seats: Seats, now: datetime) -> dict:
    """The tickets turned away twice, for a final ruling."""
    return {"petitions": Petition.objects.open().awaiting(user, now).for_rows().most_urgent_first()[:SOME]}


# --- Oversight -------------------------------------------------------------------------------------------------------


def leader(user, seats: Seats, now: datetime) -> dict:
    """The figures a leader asks for first."""
    scope = Scope(latest_period(now), now)
    keys = (m.RECEIVED, m.COMPLETION, m.FEEDBACK, m.COVERAGE, m.OVERDUE)
    found = tally(scope, keys)
    icons = ICONS | {m.OVERDUE.key: "clock-exclamation"}
    cards = [{"figure": found.total(one.key), "url": address(scope, one.key), "icon": icons[one.key]} for one in keys]
    overdue = m.OVERDUE.drill(scope).for_rows().most_urgent_first()[:FEW]
    return {"cards": cards, "scope": scope, "board": address(scope), "overdue": overdue}


def supervision(user, seats: Seats, now: datetime) -> dict:
    """What is late, and what waits for a joint conference."""
    late = Petition.objects.open().overdue(now)
    return {
        "overdue": late.count(),
        "petitions": late.for_rows().most_urgent_first()[:SOME],
        "to_decide": Petition.objects.open().awaiting(user, now).for_rows().most_urgent_first()[:FEW],
    }


def call_back(user, seats: Seats, now: datetime) -> dict:
    """Whom to ring: nobody rated yet, the soonest to lapse first; and who was dissatisfied of late."""
    bad = Q(solved="no") | Q(satisfaction__lte=DISSATISFIED)
    said = Evaluation.objects.filter(bad, at__gte=now - RECENT).order_by("-at", "-id")
    return {
        "unrated": Petition.objects.filter(stage=REPLIED).for_rows().most_urgent_first()[:SOME],
        "dissatisfied": said.select_related("petition__enterprise", "petition__lead")[:SOME],
    }


def places(user, seats: Seats, now: datetime) -> dict:
    return {"auditor": "auditor" in seats.roles, "administrator": administers(user)}


def role(*names: str) -> Callable[[object, Seats], bool]:
    return lambda user, seats: not seats.roles.isdisjoint(names)


TABLE = (  # template of the section, who sees it, what it draws
    ("representative", lambda user, seats: bool(seats.represents), representative),
    ("desk", role("desk"), desk),
    ("panel", role("panel"), panel),
    ("unit", role(*UNIT_SEATS), unit),
    ("leader", role("leader"), leader),
    ("supervision", role("supervision"), supervision),
    ("call_back", role("call-back"), call_back),
    ("cadre", lambda user, seats: bool(seats.cares_for), cadre),
    ("places", lambda user, seats: "auditor" in seats.roles or administers(user), places),
)
