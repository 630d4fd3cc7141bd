"""The whole process: who may do what, where, and what must happen by when. Two functions below the tables read them.

How long each clock runs is data (`ServiceStandard`), never code; what else must hold for a step is in `guards`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.parties import CALL_BACK, DESK, LEADER, SUPERVISION, Party, Words
from petitions import guards as g
from petitions.parties import CADRE, CO_HEAD, CO_ORGANISER, LEAD, LEAD_HEAD, PANEL, REPRESENTATIVE, SYSTEM


class Stage(models.TextChoices):
    FILED = "filed", _("待分拨")
    INCOMPLETE = "incomplete", _("待补正")
    DECLINED = "declined", _("不予受理")
    DISPATCHED = "dispatched", _("待受理")
    CONTESTED = "contested", _("退单裁定")
    ACCEPTED = "accepted", _("办理中")
    SUSPENDED = "suspended", _("挂起")
    SIGNING = "signing", _("待审签")
    REPLIED = "replied", _("待评价")
    REWORK = "rework", _("重办中")
    PARKED = "parked", _("挂账推进")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已并单")
    TRANSFERRED = "transferred", _("已转出")


FILED, INCOMPLETE, DECLINED, DISPATCHED, CONTESTED, ACCEPTED, SUSPENDED, SIGNING, REPLIED, REWORK, PARKED = list(Stage)[
    :11
]
CLOSED, WITHDRAWN, MERGED, TRANSFERRED = list(Stage)[11:]
NEW = ""  # before it is filed
ENDS = frozenset({DECLINED, CLOSED, WITHDRAWN, MERGED, TRANSFERRED})
OPEN = frozenset(Stage) - ENDS
WITH_DESK = frozenset({FILED, INCOMPLETE})  # no unit has it yet
IN_HAND = frozenset({ACCEPTED, REWORK, PARKED})  # the lead unit works on it
WITH_LEAD = frozenset({DISPATCHED, SUSPENDED, SIGNING}) | IN_HAND  # the lead unit has it
COUNTING = frozenset({DISPATCHED, ACCEPTED, REWORK, SIGNING})  # feedback and close run and may be extended
OWES_NEXT_MOVE = {
    FILED: DESK, INCOMPLETE: REPRESENTATIVE, DISPATCHED: LEAD, CONTESTED: DESK, ACCEPTED: LEAD, SUSPENDED: LEAD,
    SIGNING: LEAD_HEAD, REPLIED: REPRESENTATIVE, REWORK: LEAD, PARKED: LEAD,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """at: stages it may be taken in; to: stage it leads to, `None` where it stays, a tuple where the answer decides;
    by: parties who may; tells: parties who hear of it; guards: what else must hold; public: the enterprise sees it;
    back: it leads back to where the petition came from, so no clock begins.
    """

    label: Words
    at: frozenset[str]
    to: Stage | tuple[Stage, ...] | None
    by: tuple[Party, ...]
    tells: tuple[Party, ...] = ()
    guards: tuple[g.Guard, ...] = ()
    public: bool = True
    back: bool = False


def _at(*names: str) -> frozenset[str]:
    return frozenset(names)


ASKERS = (REPRESENTATIVE, CADRE)
UNITS = (LEAD, CO_ORGANISER)
CONFERENCE = (SUPERVISION, LEADER)
APPROVERS = (DESK, SUPERVISION)
INSIDE: dict[str, Any] = {"public": False}  # between offices: the enterprise is not told
APPROVAL = (g.second_person, g.not_own_ticket)

STEPS = {  # label, from, to, who may, who is told, what else must hold
    # The enterprise and its cadre
    "file": Step(_("提交"), _at(NEW), FILED, (*ASKERS, DESK), (DESK, *ASKERS)),
    "correct": Step(_("更正"), _at(FILED), None, (REPRESENTATIVE,), (DESK, CADRE)),
    "supplement": Step(_("补正"), _at(INCOMPLETE), FILED, ASKERS, (DESK, CADRE), back=True),
    "expire": Step(_("逾期未补正"), _at(INCOMPLETE), WITHDRAWN, (SYSTEM,), (DESK, *ASKERS)),
    "object": Step(_("对不予受理提出异议"), _at(DECLINED), FILED, (REPRESENTATIVE,), (DESK, CADRE), (g.not_objected, g.within_five_days)),
    # The desk
    "dispatch": Step(_("分拨"), _at(FILED), DISPATCHED, (DESK,), (*UNITS, *ASKERS), (g.nothing_asked,)),
    "clarify": Step(_("要求补正"), _at(FILED), INCOMPLETE, (DESK,), ASKERS, (g.nothing_asked, g.not_clarified)),
    "propose_decline": Step(_("提出不予受理"), _at(FILED), None, (DESK,), (DESK,), (g.nothing_asked,), **INSIDE),
    "decline": Step(pgettext_lazy("step", "不予受理"), _at(FILED), DECLINED, (DESK,), ASKERS, (g.asked("decline"), g.second_person)),
    "keep": Step(_("驳回不予受理"), _at(FILED), None, (DESK,), (DESK,), (g.asked("decline"),), **INSIDE),
    "merge": Step(_("并单"), _at(FILED, DISPATCHED), MERGED, (DESK,), (LEAD, *ASKERS), (g.nothing_asked, g.not_own_ticket, g.has_sibling)),
    "split": Step(_("拆单"), _at(MERGED), FILED, (DESK,), (DESK, *ASKERS), (g.not_own_ticket,)),
    "transfer": Step(_("转出"), _at(FILED, ACCEPTED), TRANSFERRED, (DESK,), (*UNITS, *ASKERS), (g.nothing_asked, g.not_own_ticket)),
    "reclassify": Step(_("调整类别和标准"), COUNTING | {PARKED, SUSPENDED}, None, (DESK,), (LEAD, *ASKERS), (g.not_own_ticket,)),
    # Whose ticket it is
    "contest": Step(_("申请退单"), _at(DISPATCHED), CONTESTED, (LEAD_HEAD,), (DESK,), (g.never_contested, g.within_a_day), **INSIDE),
    "appeal": Step(_("提请裁定"), _at(DISPATCHED), CONTESTED, (LEAD_HEAD,), (PANEL, DESK), (g.contested_once, g.within_a_day), **INSIDE),
    "redispatch": Step(_("改派"), _at(CONTESTED), DISPATCHED, (DESK,), (*UNITS, *ASKERS), (g.before_the_desk, g.not_own_ticket)),
    "uphold": Step(_("驳回退单"), _at(CONTESTED), DISPATCHED, (DESK,), (LEAD,), (g.before_the_desk, g.not_own_ticket), back=True, **INSIDE),
    "rule": Step(_("裁定"), _at(CONTESTED), DISPATCHED, (PANEL,), (DESK, *UNITS, *ASKERS), (g.before_the_panel, g.not_own_ticket)),
    # The lead unit and its co-organisers
    "accept": Step(_("受理"), _at(DISPATCHED), ACCEPTED, (LEAD,), (*ASKERS, CO_ORGANISER)),
    "reassign": Step(_("转交经办人"), IN_HAND | {SUSPENDED}, None, (LEAD,), UNITS),
    "consult": Step(_("协办"), IN_HAND, None, (LEAD,), (CO_ORGANISER,), **INSIDE),
    "advise": Step(_("协办反馈"), IN_HAND, None, (CO_ORGANISER,), (LEAD,), (g.own_unit_asked,), **INSIDE),
    "interim": Step(_("阶段反馈"), IN_HAND, None, (LEAD,), (*ASKERS, CO_ORGANISER)),
    "reply": Step(_("反馈"), IN_HAND, REPLIED, (LEAD,), (*ASKERS, CO_ORGANISER), (g.needs_no_signature,)),
    "submit": Step(_("送审"), IN_HAND, SIGNING, (LEAD,), (LEAD_HEAD,), (g.needs_signature,), **INSIDE),
    "sign": Step(_("审签"), _at(SIGNING), REPLIED, (LEAD_HEAD,), (*ASKERS, *UNITS), (g.not_own_reply,)),
    "send_back": Step(_("退回修改"), _at(SIGNING), (ACCEPTED, REWORK, PARKED), (LEAD_HEAD,), (LEAD,), back=True, **INSIDE),
    "respond": Step(_("答复催办"), WITH_LEAD | {CONTESTED}, None, (LEAD,), (*ASKERS, *CONFERENCE), (g.was_urged,)),
    # More time, with leave: asked by one, granted by another
    "ask_suspend": Step(_("申请挂起"), _at(ACCEPTED), None, (LEAD,), (DESK,), (g.nothing_asked, g.suspensions_left), **INSIDE),
    "suspend": Step(_("同意挂起"), _at(ACCEPTED), SUSPENDED, (DESK,), (*UNITS, *ASKERS), (g.asked("suspend"), *APPROVAL)),
    "refuse_suspend": Step(_("不同意挂起"), _at(ACCEPTED), None, (DESK,), (LEAD,), (g.asked("suspend"), *APPROVAL), **INSIDE),
    "protest": Step(_("对挂起提出异议"), _at(SUSPENDED), None, (REPRESENTATIVE,), (DESK, LEAD, CADRE), (g.not_protested,)),
    "resume": Step(_("恢复办理"), _at(SUSPENDED), ACCEPTED, (LEAD, DESK, SYSTEM), (*UNITS, *ASKERS), back=True),
    "ask_extend": Step(_("申请延期"), COUNTING, None, (LEAD,), APPROVERS, (g.nothing_asked, g.may_be_extended), **INSIDE),
    "extend": Step(_("同意延期"), COUNTING, None, APPROVERS, (LEAD, *ASKERS), (g.asked("extend"), *APPROVAL, g.conference_where_hard)),
    "refuse_extend": Step(_("不同意延期"), COUNTING, None, APPROVERS, (LEAD,), (g.asked("extend"), *APPROVAL), **INSIDE),
    "ask_park": Step(_("申请挂账"), _at(ACCEPTED, REPLIED, PARKED), None, (LEAD_HEAD,), CONFERENCE, (g.nothing_asked,), **INSIDE),
    "park": Step(_("同意挂账"), _at(ACCEPTED, REPLIED, PARKED), PARKED, CONFERENCE, (*UNITS, *ASKERS), (g.asked("park"), *APPROVAL, g.decided_in_conference)),
    "refuse_park": Step(_("不同意挂账"), _at(ACCEPTED, REPLIED, PARKED), None, CONFERENCE, (LEAD,), (g.asked("park"), *APPROVAL), **INSIDE),
    "achieve": Step(_("完成里程碑"), _at(PARKED), None, (LEAD,), (*ASKERS, CO_ORGANISER), (g.milestones_follow,)),
    # Pressure from outside
    "urge": Step(_("催办"), OPEN - {REPLIED, INCOMPLETE}, None, (*ASKERS, DESK), (LEAD, DESK), (g.not_urged_today,)),
    "supervise": Step(_("督办"), WITH_LEAD | {CONTESTED}, None, CONFERENCE, UNITS, **INSIDE),
    "resolve": Step(_("会商议定"), WITH_LEAD | {CONTESTED, REPLIED}, None, CONFERENCE, UNITS, (g.not_own_ticket,), **INSIDE),
    # After the answer
    "evaluate": Step(_("评价"), _at(REPLIED), (CLOSED, REWORK), (REPRESENTATIVE, CALL_BACK), (LEAD, CADRE), (g.not_own_ticket,)),
    "lapse": Step(_("逾期未评价"), _at(REPLIED), CLOSED, (SYSTEM,), (LEAD, *ASKERS)),
    "reopen": Step(_("重启"), _at(CLOSED), REWORK, (REPRESENTATIVE, CALL_BACK, SUPERVISION), (LEAD, *ASKERS), (g.within_thirty_days, g.left_to_call_back)),
    "withdraw": Step(_("撤回"), OPEN, WITHDRAWN, (REPRESENTATIVE,), (DESK, CADRE, *UNITS)),
}  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """starts: stages whose entry starts it, or steps that do; runs: stages it runs in; pauses: stages it stands still
    in; any other stage ends it. met: steps that meet it; owed_by: who must act and is warned; told: who hears each
    working day once it is late; lapses: the step the system takes when it runs out, instead of telling; each_unit: one
    for each unit asked; public: the enterprise sees its date.
    """

    label: Words
    starts: frozenset[str]
    runs: frozenset[str]
    met: frozenset[str]
    owed_by: Party
    told: Party | None = None
    pauses: frozenset[str] = frozenset()
    lapses: str = ""
    each_unit: bool = False
    public: bool = True


HELD: dict[str, Any] = {"pauses": _at(SUSPENDED)}
CLOCKS = {  # label, starts on, runs in, met by, owed by, told each day it is late
    "dispatch": Clock(_("分拨"), _at(FILED), _at(FILED), _at("dispatch", "decline", "merge", "transfer"), DESK, pauses=_at(INCOMPLETE)),
    "supplement": Clock(_("补正"), _at(INCOMPLETE), _at(INCOMPLETE), _at("supplement"), REPRESENTATIVE, lapses="expire"),
    "accept": Clock(_("受理"), _at(DISPATCHED), _at(DISPATCHED, CONTESTED), _at("accept"), LEAD, LEAD_HEAD),
    "ruling": Clock(_("退单处理"), _at("contest"), _at(CONTESTED), _at("redispatch", "uphold"), DESK, **INSIDE),
    "panel_ruling": Clock(_("裁定"), _at("appeal"), _at(CONTESTED), _at("rule"), PANEL, **INSIDE),
    "feedback": Clock(_("反馈"), _at(DISPATCHED, REWORK), COUNTING | {CONTESTED}, _at("interim", "reply", "sign", "park"), LEAD, LEAD_HEAD, **HELD),
    "close": Clock(_("办结"), _at(DISPATCHED, REWORK), COUNTING | {CONTESTED}, _at("reply", "sign"), LEAD, LEAD_HEAD, **HELD),
    "co_organise": Clock(_("协办"), _at("consult"), IN_HAND, _at("advise"), CO_ORGANISER, CO_HEAD, **HELD, each_unit=True, **INSIDE),
    "sign": Clock(_("审签"), _at(SIGNING), _at(SIGNING), _at("sign", "send_back"), LEAD_HEAD, **INSIDE),
    "suspension": Clock(_("挂起"), _at(SUSPENDED), _at(SUSPENDED), _at("resume"), LEAD, lapses="resume"),
    "milestone": Clock(_("里程碑"), _at(PARKED, "achieve"), _at(PARKED, SIGNING), _at("achieve", "reply", "sign"), LEAD, LEAD_HEAD),
    "answer": Clock(_("答复催办"), _at("urge", "supervise"), WITH_LEAD | {CONTESTED}, _at("respond", "interim", "reply", "sign"), LEAD, LEAD_HEAD, **INSIDE),
    "evaluate": Clock(_("评价"), _at(REPLIED), _at(REPLIED), _at("evaluate"), REPRESENTATIVE, lapses="lapse"),
}  # fmt: skip


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
