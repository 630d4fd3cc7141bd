"""What the pages of joint conferences show a reader: plain values, so that templates decide nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from directory.parties import AUDITOR, Words, seats_of
from petitions.models import AgendaItem, Conference, Petition
from petitions.operations import convenes
from petitions.parties import CONFERENCE_OVERSEERS, STAFF
from petitions.process import ENDS, REPLIED, STEPS
from petitions.wording import proposal_lines


def may_look(user, now: datetime) -> bool:
    """Does anything of conferences exist for this person?"""
    posts = {role for party in CONFERENCE_OVERSEERS for role in party.roles}.union(STAFF)
    return bool(posts & seats_of(user, localdate(now)).roles)


@dataclass(frozen=True)
class Line:
    """One item of the agenda: what was decided, and what came of it. asked: what the lead unit asks the conference for;
    can_open: this reader may know of the petition itself.
    """

    item: AgendaItem
    can_open: bool
    words: Words = ""
    tone: str = "gray"
    came: str = ""
    asked: str = ""
    asked_lines: tuple[str, ...] = ()
    refusal: str = ""  # why it could not be published

    @property
    def petition(self) -> Petition:
        return self.item.petition


class Minutes:
    """A conference as one reader may see it at one moment."""

    def __init__(self, conference: Conference, user, now: datetime, refusals: Mapping[str, str] | None = None):
        self.conference, self.user, self.now, self.day = conference, user, now, localdate(now)
        self.refusals = refusals or {}

    @property
    def convenes(self) -> bool:
        return convenes(self.user, self.now)

    @property
    def can_change(self) -> bool:
        return self.conference.is_planned and self.convenes

    @property
    def can_publish(self) -> bool:
        return self.can_change and self.conference.held_at <= self.now

    @property
    def shows_decisions(self) -> bool:
        """What is only written down so far is for those who write it, and for the auditor."""
        return bool(self.conference.published_at) or self.convenes or bool(AUDITOR.anchors(self.user, self.day))

    @cached_property
    def standing(self) -> tuple[str, str]:
        return standing(self.conference, self.now)

    @cached_property
    def units(self) -> list:
        return list(self.conference.units.order_by("kind", "code"))

    @cached_property
    def lines(self) -> list[Line]:
        """The agenda in the order it was made."""
        petitions = Petition.objects.select_related("lead", "enterprise").prefetch_related(
            "approvals", "co_organisations__unit"
        )
        agenda = self.conference.agenda.select_related("owner").prefetch_related(Prefetch("petition", petitions))
        items = list(agenda)
        seen = Petition.objects.visible_to(self.user, self.now).filter(pk__in=[one.petition_id for one in items])
        known = set(seen.values_list("pk", flat=True))
        lines = [self._line(item, item.petition_id in known) for item in items]
        return [replace(line, refusal=self.refusals.get(line.petition.number, "")) for line in lines]

    def _line(self, item: AgendaItem, can_open: bool) -> Line:
        if self.conference.published_at:
            came = came_of(item, self.conference.published_at, self.day)
            return Line(item, can_open, *CAME_OF[came], came=came)
        waiting = item.petition.proposal if can_open else None
        if waiting is None or waiting.step not in ("park", "extend"):
            return Line(item, can_open)
        return Line(
            item, can_open, asked=STEPS[f"ask_{waiting.step}"].label, asked_lines=tuple(proposal_lines(waiting))
        )


def standing(conference: Conference, now: datetime) -> tuple[str, str]:
    """How far a conference is, in words and colour."""
    if conference.cancelled_at:
        return _("已取消"), "gray"
    if conference.published_at:
        return _("已公布纪要"), "green"
    return (_("待公布纪要"), "orange") if conference.held_at <= now else (_("待召开"), "azure")


CAME_OF = {  # what became of a decision: words and colour
    "done": (_lazy("已完成"), "green"),
    "done late": (_lazy("逾期完成"), "orange"),
    "late": (_lazy("逾期"), "red"),
    "open": (_lazy("进行中"), "blue"),
}


def came_of(item: AgendaItem, since: datetime, day: date) -> str:
    """What became of a decision published then, as it stands on that day: one of `CAME_OF`."""
    done, on = finished(item, since)
    if done:
        return "done late" if on and item.due_on and localdate(on) > item.due_on else "done"
    return "late" if item.due_on and item.due_on < day else "open"


def finished(item: AgendaItem, since: datetime) -> tuple[bool, datetime | None]:
    """Has the owner done what was decided, and when? The lead unit by its reply, another unit by its own answer."""
    petition = item.petition
    replied = petition.replied_at if petition.replied_at and petition.replied_at >= since else None
    if item.owner_id in (None, petition.lead_id):
        return petition.stage in ENDS or bool(replied and petition.stage == REPLIED), replied or petition.closed_at
    for helper in petition.co_organisations.all():
        if helper.unit_id == item.owner_id and helper.is_settled and (helper.answered_at or since) >= since:
            return True, helper.answered_at
    return petition.stage in ENDS, replied or petition.closed_at
