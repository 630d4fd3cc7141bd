"""What a petition promises next, and how its clocks stand, in the reader's language."""

from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from petitions.guards import REOPEN_WITHIN
from petitions.models import Category, Deadline, Petition
from petitions.process import Stage
from petitions.wording.events import moment


def promise(petition: Petition, clock: Deadline | None, now: datetime, *, named: bool = True) -> str:
    """What happens next and by when, in one sentence; and where a promise was not kept, just that.

    clock: the most urgent one that the enterprise was told of. named: to the enterprise and the offices; else to
    whoever holds a link, without anybody's name and without what the enterprise alone is told.
    """
    said = {
        "lead": petition.lead.label if petition.lead else "",
        "handler": str(petition.handler or "") if named else "",
        "due": moment(clock.due_at) if clock else "",
        "promised": date_format(petition.promised_on, "Y-m-d") if petition.promised_on else "",
        "closed": date_format(localtime(petition.closed_at), "Y-m-d") if petition.closed_at else "",
        "outside": petition.transferred_to,
        "receipt": petition.receipt_number,
    }
    return str(sentence(petition, clock, now, NAMED if named else UNNAMED)) % said


def sentence(petition: Petition, clock: Deadline | None, now: datetime, words: "Sentences"):
    stage, plain = petition.stage, words.next[petition.stage]
    if stage == Stage.CLOSED and petition.closed_at and now - petition.closed_at > REOPEN_WITHIN:
        return LONG_CLOSED
    if clock is None:
        undated = words.undated.get(stage, plain)
        return words.promised.get(stage, undated) if petition.promised_on else undated
    if clock.due_at < now and stage in LATE:
        return LATE_RESULT if clock.clock == "close" else LATE[stage]
    return words.result.get(stage, plain) if clock.clock == "close" else plain


class Sentences(NamedTuple):
    """By stage: what comes next; where feedback was given and the result is awaited; where no clock runs but a date was
    promised; where neither is."""

    next: dict
    result: dict
    promised: dict
    undated: dict


NAMED = Sentences(
    next={
        Stage.FILED: _("区企业服务中心将在 %(due)s 前把诉求分拨到牵头单位。"),
        Stage.DISPATCHED: _("%(lead)s将在 %(due)s 前受理，并告知由谁办理。"),
        Stage.ACCEPTED: _("%(lead)s的%(handler)s正在办理，%(due)s 前给您反馈。"),
        Stage.REWORK: _("%(lead)s正在重新办理，%(due)s 前给您反馈。"),
        Stage.REPLIED: _("%(lead)s已答复，请在 %(due)s 前评价；逾期未评价的自动办结，不计为满意。"),
        Stage.INCOMPLETE: _("请在 %(due)s 前补正，所缺内容见“办理经过”；逾期未补正的视为撤回，可以重新提交。"),
        Stage.CONTESTED: _("正在确定由哪个单位办理；原先承诺的反馈日期不受影响。"),
        Stage.SUSPENDED: _("办理已挂起，理由见“办理经过”；最迟 %(due)s 恢复。您可以提出异议，总时长继续计算。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，正在审签，%(due)s 前给您反馈。"),
        Stage.PARKED: _("已列入挂账推进，下一个里程碑 %(due)s；每完成一个都会告诉您。"),
        Stage.MERGED: _("诉求已并入同一事项的另一件，办理结果以那一件为准。"),
        Stage.TRANSFERRED: _("诉求已转往%(outside)s，回执编号 %(receipt)s，请凭编号向其查询。"),
        Stage.CLOSED: _("诉求已办结。办结后 30 天内仍有问题，可以申请重启。"),
        Stage.DECLINED: _("诉求不予受理，理由和办理去向见“办理经过”。"),
        Stage.WITHDRAWN: _("诉求已撤回，不再办理；需要时可以重新提交。"),
    },
    result={
        Stage.ACCEPTED: _("%(lead)s的%(handler)s正在办理，已给您阶段反馈，%(due)s 前答复办理结果。"),
        Stage.REWORK: _("%(lead)s正在重新办理，已给您阶段反馈，%(due)s 前答复办理结果。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，正在审签，%(due)s 前答复办理结果。"),
    },
    promised={
        Stage.ACCEPTED: _("%(lead)s的%(handler)s正在办理，已给您阶段反馈，承诺 %(promised)s 前答复办理结果。"),
        Stage.REWORK: _("%(lead)s正在重新办理，已给您阶段反馈，承诺 %(promised)s 前答复办理结果。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，正在审签，承诺 %(promised)s 前答复办理结果。"),
    },
    undated={
        Stage.FILED: _("区企业服务中心将把诉求分拨到牵头单位。"),
        Stage.DISPATCHED: _("%(lead)s将受理诉求，并告知由谁办理。"),
        Stage.ACCEPTED: _("%(lead)s的%(handler)s正在办理，有结果即答复您。"),
        Stage.REWORK: _("%(lead)s正在重新办理，有结果即答复您。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，审签后即答复您。"),
        Stage.REPLIED: _("%(lead)s已答复，请您评价。"),
        Stage.PARKED: _("已列入挂账推进；每完成一个里程碑都会告诉您。"),
    },
)
UNNAMED = Sentences(
    next=NAMED.next
    | {
        Stage.ACCEPTED: _("%(lead)s正在办理，%(due)s 前给出反馈。"),
        Stage.REWORK: _("%(lead)s正在重新办理，%(due)s 前给出反馈。"),
        Stage.REPLIED: _("%(lead)s已答复，等待企业在 %(due)s 前评价。"),
        Stage.INCOMPLETE: _("已请企业在 %(due)s 前补正；逾期未补正的视为撤回，可以重新提交。"),
        Stage.SUSPENDED: _("办理已挂起，最迟 %(due)s 恢复；总时长继续计算。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，正在审签，%(due)s 前给出反馈。"),
        Stage.PARKED: _("已列入挂账推进，下一个里程碑 %(due)s。"),
        Stage.TRANSFERRED: _("诉求已转出平台办理，企业可凭外部回执编号查询。"),
        Stage.CLOSED: _("诉求已办结。"),
        Stage.DECLINED: _("诉求不予受理，理由和办理去向已告知企业。"),
        Stage.WITHDRAWN: _("诉求已撤回，不再办理。"),
    },
    result={
        Stage.ACCEPTED: _("%(lead)s正在办理，已给出阶段反馈，%(due)s 前答复办理结果。"),
        Stage.REWORK: _("%(lead)s正在重新办理，已给出阶段反馈，%(due)s 前答复办理结果。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，正在审签，%(due)s 前答复办理结果。"),
    },
    promised={
        Stage.ACCEPTED: _("%(lead)s正在办理，已给出阶段反馈，承诺 %(promised)s 前答复办理结果。"),
        Stage.REWORK: _("%(lead)s正在重新办理，已给出阶段反馈，承诺 %(promised)s 前答复办理结果。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，正在审签，承诺 %(promised)s 前答复办理结果。"),
    },
    undated={
        Stage.FILED: _("区企业服务中心将把诉求分拨到牵头单位。"),
        Stage.DISPATCHED: _("%(lead)s将受理诉求，并告知由谁办理。"),
        Stage.ACCEPTED: _("%(lead)s正在办理。"),
        Stage.REWORK: _("%(lead)s正在重新办理。"),
        Stage.SIGNING: _("%(lead)s已拟好答复，正在审签。"),
        Stage.REPLIED: _("%(lead)s已答复，等待企业评价。"),
        Stage.PARKED: _("已列入挂账推进。"),
    },
)
LATE = {
    Stage.FILED: _("区企业服务中心本应在 %(due)s 前分拨，现已逾期，系统正在催办。"),
    Stage.DISPATCHED: _("%(lead)s本应在 %(due)s 前受理，现已逾期，系统正在催办。"),
    Stage.CONTESTED: _("正在确定由哪个单位办理；本应在 %(due)s 前受理，现已逾期，系统正在催办。"),
    Stage.ACCEPTED: _("%(lead)s本应在 %(due)s 前给出反馈，现已逾期，系统正在催办。"),
    Stage.SIGNING: _("%(lead)s本应在 %(due)s 前给出反馈，现已逾期，系统正在催办。"),
    Stage.PARKED: _("%(lead)s本应在 %(due)s 前完成里程碑，现已逾期，系统正在催办。"),
    Stage.REWORK: _("%(lead)s本应在 %(due)s 前给出反馈，现已逾期，系统正在催办。"),
}
LONG_CLOSED = _("诉求已于 %(closed)s 办结，不能再重启；仍有问题的，可以提交新的诉求并关联本件。")
LATE_RESULT = _("%(lead)s本应在 %(due)s 前答复办理结果，现已逾期，系统正在催办。")


def group_label(category: Category) -> str:
    """The heading a category stands under."""
    return category.group_en if category.group_en and (get_language() or "").startswith("en") else category.group


def state_of(deadline: Deadline, now: datetime) -> tuple[str, str]:
    """How a clock stands, in words and colour."""
    if deadline.cancelled_at:
        return _now("已终止"), "gray"
    if deadline.met_at:
        return (_now("按时"), "green") if deadline.on_time else (_now("逾期完成"), "red")
    if deadline.paused_at and deadline.paused_at <= deadline.due_at:
        return _now("已暂停"), "gray"
    if deadline.due_at < now:
        return _now("已逾期"), "red"
    return (_now("即将到期"), "orange") if deadline.warn_at <= now else (_now("计时中"), "blue")
