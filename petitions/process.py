"""The whole process: who may do what, where, and what must happen by when. Two functions below the tables read them.

How long each clock runs is data (`ServiceStandard`), never code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.parties import CALL_BACK, DESK, SUPERVISION, Party, Words, seats_of
from petitions.parties import CADRE, CO_ORGANISER, LEAD, LEAD_HEAD, REPRESENTATIVE, SYSTEM


class Stage(models.TextChoices):
    FILED = "filed", _("待分拨")
    DECLINED = "declined", _("不予受理")
    DISPATCHED = "dispatched", _("待受理")
    ACCEPTED = "accepted", _("办理中")
    REPLIED = "replied", _("待评价")
    REWORK = "rework", _("重办中")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


FILED, DECLINED, DISPATCHED, ACCEPTED, REPLIED, REWORK, CLOSED, WITHDRAWN = Stage
NEW = ""  # before it is filed
OPEN = frozenset({FILED, DISPATCHED, ACCEPTED, REPLIED, REWORK})
IN_HAND = frozenset({ACCEPTED, REWORK})  # the lead unit works on it
OWES_NEXT_MOVE = {FILED: DESK, DISPATCHED: LEAD, ACCEPTED: LEAD, REWORK: LEAD, REPLIED: REPRESENTATIVE}
REOPEN_WITHIN = timedelta(days=30)

# --- What may stand in the way beyond stage and party: each guard answers with the sentence to show, or nothing ------


def _decline_proposed(petition, user, now: datetime) -> str:
    return "" if petition.pending("decline") else _now("须先由一名分拨员提出不予受理。")


def _no_decline_proposed(petition, user, now: datetime) -> str:
    return _now("已有人提出不予受理，请另一名分拨员复核。") if petition.pending("decline") else ""


def _second_person(petition, user, now: datetime) -> str:
    proposal = petition.pending("decline")
    return (
        _now("提出人不能复核自己的意见，请另一名分拨员复核。") if proposal and proposal.asked_by_id == user.pk else ""
    )


def _own_unit_asked(petition, user, now: datetime) -> str:
    units = CO_ORGANISER.anchors(user, localdate(now))
    waiting = any(one.unit_id in units and not one.is_settled for one in petition.co_organisations.all())
    return "" if waiting else _now("没有等待贵单位答复的协办事项。")


def _within_thirty_days(petition, user, now: datetime) -> str:
    return "" if now - petition.closed_at <= REOPEN_WITHIN else _now("办结已超过 30 天，请提交新的诉求。")


def _not_own_ticket(petition, user, now: datetime) -> str:
    units = frozenset().union(*seats_of(user, localdate(now)).units.values())
    own = user.pk == petition.handler_id or petition.lead_id in units
    return _now("不能评价本单位办理的诉求。") if own else ""


@dataclass(frozen=True)
class Step:
    """at: stages it may be taken in; to: stage it leads to, `None` where it stays, a tuple where the answer decides;
    by: parties who may; tells: parties who hear of it; guards: what else must hold; public: the enterprise sees it.
    """

    label: Words
    at: frozenset[str]
    to: Stage | tuple[Stage, ...] | None
    by: tuple[Party, ...]
    tells: tuple[Party, ...] = ()
    guards: tuple[Callable[..., str], ...] = ()
    public: bool = True


def _at(*stages: str) -> frozenset[str]:
    return frozenset(stages)


ASKERS = (REPRESENTATIVE, CADRE)
UNITS = (LEAD, CO_ORGANISER)
RATERS = (REPRESENTATIVE, CALL_BACK)

STEPS = {  # label, from, to, who may, who is told, what else must hold
    "file": Step(_("提交"), _at(NEW), FILED, ASKERS, (DESK, *ASKERS)),
    "correct": Step(_("更正"), _at(FILED), None, (REPRESENTATIVE,), (DESK, CADRE)),
    "dispatch": Step(_("分拨"), _at(FILED), DISPATCHED, (DESK,), (*UNITS, *ASKERS), (_no_decline_proposed,)),
    "propose_decline": Step(
        _("提出不予受理"), _at(FILED), None, (DESK,), (DESK,), (_no_decline_proposed,), public=False
    ),
    "decline": Step(
        pgettext_lazy("step", "不予受理"), _at(FILED), DECLINED, (DESK,), ASKERS, (_decline_proposed, _second_person)
    ),
    "keep": Step(_("驳回不予受理"), _at(FILED), None, (DESK,), (DESK,), (_decline_proposed,), public=False),
    "accept": Step(_("受理"), _at(DISPATCHED), ACCEPTED, (LEAD,), (*ASKERS, CO_ORGANISER)),
    "consult": Step(_("协办"), IN_HAND, None, (LEAD,), (CO_ORGANISER,), public=False),
    "advise": Step(_("协办反馈"), IN_HAND, None, (CO_ORGANISER,), (LEAD,), (_own_unit_asked,), public=False),
    "interim": Step(_("阶段反馈"), IN_HAND, None, (LEAD,), (*ASKERS, CO_ORGANISER)),
    "reply": Step(_("反馈"), IN_HAND, REPLIED, (LEAD,), (*ASKERS, CO_ORGANISER)),
    "evaluate": Step(_("评价"), _at(REPLIED), (CLOSED, REWORK), RATERS, (LEAD, CADRE), (_not_own_ticket,)),
    "lapse": Step(_("逾期未评价"), _at(REPLIED), CLOSED, (SYSTEM,), (LEAD, *ASKERS)),
    "reopen": Step(_("重启"), _at(CLOSED), REWORK, (*RATERS, SUPERVISION), (LEAD, *ASKERS), (_within_thirty_days,)),
    "withdraw": Step(_("撤回"), OPEN, WITHDRAWN, (REPRESENTATIVE,), (DESK, CADRE, *UNITS)),
}


@dataclass(frozen=True)
class Clock:
    """starts: stages whose entry starts it; met: steps that meet it; owed_by: who must act and is warned; told: who
    hears each working day once it is late; lapses: the step the system takes when it runs out, instead of telling.
    """

    label: Words
    starts: frozenset[str]
    met: frozenset[str]
    owed_by: Party
    told: Party | None = None
    lapses: str = ""


CLOCKS = {  # label, starts on entering, met by, owed by, told each day it is late
    "dispatch": Clock(_("分拨"), _at(FILED), frozenset({"dispatch", "decline"}), DESK),
    "accept": Clock(_("受理"), _at(DISPATCHED), frozenset({"accept"}), LEAD, LEAD_HEAD),
    "feedback": Clock(_("反馈"), _at(DISPATCHED, REWORK), frozenset({"interim", "reply"}), LEAD, LEAD_HEAD),
    "close": Clock(_("办结"), _at(DISPATCHED, REWORK), frozenset({"reply"}), LEAD, LEAD_HEAD),
    "evaluate": Clock(_("评价"), _at(REPLIED), frozenset({"evaluate"}), REPRESENTATIVE, lapses="lapse"),
}


class WrongStage(Exception):
    """The step cannot be taken where the petition stands now, or no longer: somebody was first. Says why."""


def check(step: str, petition, user, now: datetime) -> None:
    """Raise PermissionDenied where this person may not take the step, WrongStage where nobody may now."""
    row = STEPS[step]
    allowed = user is None and SYSTEM in row.by
    if not allowed and not (user and any(party.includes(user, petition, localdate(now)) for party in row.by)):
        raise PermissionDenied(_now("您的岗位不能进行“%(step)s”。") % {"step": row.label})
    if petition.stage not in row.at:
        raise WrongStage(
            _now("诉求现在处于“%(stage)s”，不能再进行“%(step)s”，请查看最新进展。")
            % {"stage": petition.get_stage_display(), "step": row.label}
        )
    for guard in row.guards:
        if refusal := guard(petition, user, now):
            raise WrongStage(refusal)


def open_steps(petition, user, now: datetime) -> list[str]:
    """The steps this person may take now, in the order of the table: the buttons, and the API's `steps`."""
    return [step for step in STEPS if _passes(step, petition, user, now)]


def _passes(step: str, petition, user, now: datetime) -> bool:
    try:
        check(step, petition, user, now)
    except (PermissionDenied, WrongStage):
        return False
    return True
