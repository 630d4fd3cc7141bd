"""What may stand in a step's way beyond stage and party: each answers with the sentence to show, or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from directory.parties import seats_of
from petitions.parties import CO_ORGANISER, LAST_CONTEST, REPRESENTATIVE
from workdays.limits import Limit
from workdays.queries import current_calendar

REOPEN_WITHIN = timedelta(days=30)
OBJECT_WITHIN = Limit.parse("5wd")  # after a petition was declined
CONTEST_WITHIN = Limit.parse("1wd")  # after the unit got the ticket
MOST_SUSPENSIONS = 2

Guard = Callable[..., str]

# --- What one proposes, another decides ---------------------------------------------------------------------------


def nothing_asked(petition, user, now: datetime) -> str:
    """One proposal at a time: what is decided must not change under the one who decides."""
    return _("已有一项申请等待审批，请待其办结后再提出。") if petition.proposal else ""


PROPOSED = {"decline": _lazy("不予受理"), "suspend": _lazy("挂起"), "extend": _lazy("延期"), "park": _lazy("挂账")}


def asked(step: str) -> Guard:
    """Somebody proposed that step."""

    def guard(petition, user, now: datetime) -> str:
        return "" if petition.pending(step) else _("须先由一人提出“%(step)s”。") % {"step": PROPOSED[step]}

    guard.__name__ = f"{step}_asked_for"
    return guard


def second_person(petition, user, now: datetime) -> str:
    proposal = petition.proposal
    own = proposal and user and proposal.asked_by_id == user.pk
    return _("提出人不能审批自己的申请，请由另一人审批。") if own else ""


def not_own_ticket(petition, user, now: datetime) -> str:
    """Nobody approves, rates, merges or rules on what their own unit handles."""
    if user is None or petition.lead_id is None:
        return ""
    units = frozenset().union(*seats_of(user, localdate(now)).units.values())
    own = user.pk == petition.handler_id or petition.lead_id in units
    return _("不能审批、评价或裁定本单位办理的诉求。") if own else ""


def not_own_reply(petition, user, now: datetime) -> str:
    own = petition.draft_by_id == user.pk
    return _("不能审签自己起草的答复，请由本单位另一名负责人审签。") if own else ""


def decided_in_conference(petition, user, now: datetime) -> str:
    """A published decision of a joint conference, later than the proposal, stands behind it."""
    proposal = petition.proposal
    held = (
        proposal
        and petition.agenda.filter(conference__published_at__gte=proposal.asked_at, verdict="approved").exists()
    )
    return "" if held else _("须由联席会议议定并公布纪要。")


def conference_where_hard(petition, user, now: datetime) -> str:
    return decided_in_conference(petition, user, now) if petition.standard.extend_by_conference else ""


# --- How often, and until when -------------------------------------------------------------------------------------


def not_clarified(petition, user, now: datetime) -> str:
    return _("每件诉求只能要求补正一次。") if petition.was_clarified else ""


def not_objected(petition, user, now: datetime) -> str:
    return _("每件诉求只能对不予受理提出一次异议。") if petition.was_objected else ""


def within_five_days(petition, user, now: datetime) -> str:
    declined = petition.events.filter(step="decline").latest("seq").at
    return "" if now <= current_calendar().due(declined, OBJECT_WITHIN).at else _("已超过 5 个工作日的异议期限。")


def within_a_day(petition, user, now: datetime) -> str:
    """A unit that keeps a ticket longer has taken it."""
    ends = current_calendar().due(petition.handed_at, CONTEST_WITHIN).at
    return "" if now <= ends else _("收到诉求已超过 1 个工作日，不能再申请退单。")


def never_contested(petition, user, now: datetime) -> str:
    return _("诉求已退单一次，再次退单须提请裁定小组裁定。") if petition.contest_count else ""


def contested_once(petition, user, now: datetime) -> str:
    if petition.contest_count >= LAST_CONTEST:
        return _("裁定小组已经裁定，裁定是最终的，不能再次退单。")
    return "" if petition.contest_count else _("首次退单由分拨台处理，不须提请裁定小组。")


def before_the_desk(petition, user, now: datetime) -> str:
    return _("再次退单由裁定小组裁定。") if petition.contest_count >= LAST_CONTEST else ""


def before_the_panel(petition, user, now: datetime) -> str:
    return "" if petition.contest_count >= LAST_CONTEST else _("首次退单由分拨台处理。")


def suspensions_left(petition, user, now: datetime) -> str:
    return _("每件诉求最多挂起两次。") if petition.suspend_count >= MOST_SUSPENSIONS else ""


def not_protested(petition, user, now: datetime) -> str:
    return _("已对本次挂起提出过异议。") if petition.was_protested else ""


def may_be_extended(petition, user, now: datetime) -> str:
    if not petition.standard.extend:
        return _("该服务标准的时限不得延期。")
    return (
        ""
        if petition.extendable(now)
        else _("没有可以延期的时限：须在到期一个工作日之前提出，反馈限一次，办结限两次。")
    )


def within_thirty_days(petition, user, now: datetime) -> str:
    return "" if now - petition.closed_at <= REOPEN_WITHIN else _("办结已超过 30 天，请提交新的诉求并关联本件。")


def left_to_call_back(petition, user, now: datetime) -> str:
    """Dissatisfied again after a rework: whether it is taken up once more, others decide than the enterprise."""
    if not petition.rework_count or not REPRESENTATIVE.includes(user, petition, localdate(now)):
        return ""
    rating = petition.evaluations.filter(cycle=petition.rework_count).first()
    again = rating is not None and rating.is_dissatisfied
    return _("重办后仍不满意的，由回访人员核实后决定是否重启。") if again else ""


def not_urged_today(petition, user, now: datetime) -> str:
    """The enterprise urges once a working day; its cadre and the desk whenever they must."""
    day = localdate(now)
    if petition.urged_at is None or not REPRESENTATIVE.includes(user, petition, day):
        return ""
    passed = current_calendar().working_days_between(localdate(petition.urged_at), day)
    return "" if passed else _("每个工作日只能催办一次，承办单位已收到催办。")


# --- Who has to answer whom ----------------------------------------------------------------------------------------


def own_unit_asked(petition, user, now: datetime) -> str:
    units = CO_ORGANISER.anchors(user, localdate(now))
    waiting = any(one.unit_id in units and not one.is_settled for one in petition.co_organisations.all())
    return "" if waiting else _("没有等待贵单位答复的协办事项。")


def has_sibling(petition, user, now: datetime) -> str:
    """Another petition of the same enterprise is under way."""
    others = type(petition)._default_manager.open().filter(enterprise=petition.enterprise_id)
    return "" if others.exclude(pk=petition.pk).exists() else _("该企业没有另一件未办结的诉求可以并入。")


def needs_signature(petition, user, now: datetime) -> str:
    return "" if petition.needs_signature else _("该诉求不须审签，请直接答复。")


def needs_no_signature(petition, user, now: datetime) -> str:
    return _("重点诉求和重办答复须先送本单位负责人审签。") if petition.needs_signature else ""


def was_urged(petition, user, now: datetime) -> str:
    owed = any(one.clock == "answer" and one.is_running for one in petition.deadlines.all())
    return "" if owed else _("没有等待答复的催办或督办。")


def milestones_follow(petition, user, now: datetime) -> str:
    return (
        ""
        if petition.milestones.filter(done_at=None, replaced_at=None).count() > 1
        else _("最后一个里程碑以正式答复完成。")
    )
