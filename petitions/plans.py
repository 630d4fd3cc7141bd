"""What came of a parked petition's plan, and what conferences decided of a petition, as its page shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from petitions.models import AgendaItem, Conference, Milestone, Petition
from petitions.process import PARKED, SIGNING
from workdays.queries import current_calendar


@dataclass(frozen=True)
class Goal:
    """One milestone and how it stands, in words and colour. by_reply: the last one, which the reply reaches."""

    row: Milestone
    words: str
    tone: str
    by_reply: bool


def goals(petition: Petition, now: datetime) -> list[Goal]:
    """The plan in force and what was reached of those before it."""
    if petition.responsible_id is None:
        return []
    rows = list(petition.milestones.filter(replaced_at=None))
    ahead = [one for one in rows if one.done_at is None]
    return [Goal(one, *goal_state(one, petition, ahead, now), by_reply=one in ahead[-1:]) for one in rows]


def goal_state(one: Milestone, petition: Petition, ahead: list[Milestone], now: datetime) -> tuple[str, str]:
    last_day = current_calendar().add_working_days(one.due_on, 0)
    if one.done_at:
        return (_("逾期完成"), "orange") if localdate(one.done_at) > last_day else (_("已完成"), "green")
    if petition.stage not in (PARKED, SIGNING):
        return _("已终止"), "gray"
    if one == ahead[0]:  # its clock runs, and may have been moved
        clocks = [row for row in petition.deadlines.all() if row.clock == "milestone" and row.is_running]
        late = clocks[-1].due_at < now if clocks else last_day < localdate(now)
        return (_("逾期"), "red") if late else (_("进行中"), "blue")
    return (_("逾期"), "red") if last_day < localdate(now) else (_("待完成"), "gray")


@dataclass(frozen=True)
class Decision:
    """What a published conference decided; can_open: the reader may see its minutes."""

    item: AgendaItem
    can_open: bool


def decisions(petition: Petition, user, now: datetime) -> list[Decision]:
    """The latest first."""
    published = petition.agenda.exclude(conference__published_at=None).select_related("conference", "owner")
    items = list(published.order_by("-conference__published_at", "-id"))
    held = Conference.objects.visible_to(user, now).filter(pk__in=[one.conference_id for one in items])
    seen = set(held.values_list("pk", flat=True))
    return [Decision(one, one.conference_id in seen) for one in items]


def waits_for_conference(petition: Petition) -> bool:
    """Is something asked for that only a joint conference grants?"""
    asked = petition.proposal.step if petition.proposal else ""
    return asked == "park" or (asked == "extend" and petition.standard.extend_by_conference)


def planned_for(petition: Petition, user, now: datetime) -> Conference | None:
    """The next conference that has it on its agenda, as far as this reader may know."""
    ahead = Conference.objects.planned().visible_to(user, now).filter(agenda__petition=petition)
    return ahead.order_by("held_at").first()
