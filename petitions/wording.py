"""What pages say about steps, stages and events, in the reader's language."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from petitions.models import Category, Deadline, Evaluation, Event, Petition
from petitions.process import CLOCKS, Stage

NOTE_LENGTH = 160  # of a note in the timeline; the whole of it stands on the card it belongs to


class DeclineReason(TextChoices):
    """Why a petition is not taken up; each comes with guidance where to go instead."""

    PERSONAL = "personal", _("非企业诉求（个人事项）")
    LETTERS = "letters and visits", _("属于信访事项")
    TIP_OFF = "tip-off", _("属于举报投诉或纪检监察事项")
    IN_COURT = "in court", _("已进入诉讼、仲裁或行政复议程序")
    OUTSIDE = "outside powers", _("不属于本区职权范围")
    ANSWERED = "answered", _("同一事项已有最终答复")
    UNLAWFUL = "unlawful or void", _("诉求违反法律法规或没有具体内容")


class Action(NamedTuple):
    """A step as a button: its words, its icon, what follows from pressing it; `risky` for what cannot be taken back."""

    words: str
    icon: str
    hint: str
    risky: bool = False


ACTIONS = {
    "file": Action(_("提交诉求"), "send", _("提交后由区企业服务中心分拨，进展会随时告知您。")),
    "correct": Action(_("更正内容"), "edit", _("分拨之前可以更正标题和内容，原来的内容留在记录里。")),
    "dispatch": Action(_("分拨"), "route", _("确定一个牵头单位；受理、反馈、办结的时限从分拨时起算。")),
    "propose_decline": Action(_("提出不予受理"), "circle-x", _("须由另一名分拨员复核；复核同意后才告知企业。")),
    "decline": Action(_("复核同意不予受理"), "circle-x", _("同意后诉求不再办理，企业会看到理由和去向。"), risky=True),
    "keep": Action(_("驳回不予受理"), "arrow-back-up", _("驳回后诉求继续等待分拨。")),
    "accept": Action(pgettext_lazy("button", "受理"), "clipboard-check", _("受理后，企业会看到由谁办理。")),
    "consult": Action(_("请单位协办"), "users-group", _("协办单位会收到通知，其意见会显示在本页。")),
    "advise": Action(_("提交协办意见"), "messages", _("意见供牵头单位答复时使用，企业看不到。")),
    "interim": Action(_("阶段反馈"), "message", _("把办理计划和承诺日期告诉企业；办结时限继续计算。")),
    "reply": Action(_("答复企业"), "send", _("答复后企业会收到通知并评价。")),
    "evaluate": Action(_("评价答复"), "star", _("未解决或不满意的，将退回承办单位重新办理。")),
    "reopen": Action(_("申请重启"), "repeat", _("重启后由原单位重新办理。")),
    "withdraw": Action(_("撤回诉求"), "arrow-back-up", _("撤回后不再办理；需要时可以重新提交。"), risky=True),
}
# Of several steps open to a person, the one expected of them comes first and stands out.
FIRST = ("decline", "dispatch", "accept", "advise", "reply", "evaluate")

DONE = {  # a step in the timeline: what was done, icon, colour
    "file": (pgettext_lazy("done", "提交诉求"), "file-text", "azure"),
    "correct": (pgettext_lazy("done", "更正内容"), "edit", "gray"),
    "dispatch": (_("分拨到牵头单位"), "route", "azure"),
    "propose_decline": (pgettext_lazy("done", "提出不予受理"), "circle-x", "orange"),
    "decline": (_("不予受理"), "circle-x", "gray"),
    "keep": (pgettext_lazy("done", "驳回不予受理"), "arrow-back-up", "gray"),
    "accept": (pgettext_lazy("done", "受理"), "clipboard-check", "blue"),
    "consult": (pgettext_lazy("done", "请单位协办"), "users-group", "gray"),
    "advise": (pgettext_lazy("done", "提交协办意见"), "messages", "gray"),
    "interim": (_("阶段反馈"), "message", "blue"),
    "reply": (pgettext_lazy("done", "答复企业"), "send", "purple"),
    "evaluate": (_("企业评价"), "star", "green"),
    "lapse": (_("逾期未评价，自动办结"), "hourglass", "gray"),
    "reopen": (_("重启办理"), "repeat", "orange"),
    "withdraw": (pgettext_lazy("done", "撤回诉求"), "arrow-back-up", "gray"),
    "yellow": (_("时限即将到期"), "hourglass", "orange"),
    "soon": (_("距到期不足两小时"), "hourglass", "orange"),
    "due": (_("时限已到"), "clock-exclamation", "red"),
    "overdue": (_("逾期未办"), "clock-exclamation", "red"),
}
OTHER = (_("进展"), "info-circle", "gray")


def moment(at: datetime) -> str:
    return date_format(localtime(at), "Y-m-d H:i")


def done(event: Event) -> tuple[str, str, str]:
    """What was done, its icon and its colour."""
    words, icon, tone = DONE.get(event.step, OTHER)
    if event.step == "evaluate" and event.facts.get("by_call_back"):
        words = _now("回访记录评价")
    return str(words), icon, tone


def details(event: Event, facts: dict, units: dict[str, str]) -> str:
    """What the event's note and those of its facts say, one thing a line. units: the names of units by code."""
    lines = [line for word, line_of in LINES.items() if word in facts and (line := line_of(facts[word], units))]
    if event.note and event.step not in ("file", "correct"):
        short = event.note if len(event.note) <= NOTE_LENGTH else f"{event.note[:NOTE_LENGTH]}…"
        lines.append(short)
    return "\n".join(lines)


def _named(codes, units: dict[str, str]) -> str:
    return _now("、").join(units.get(code, code) for code in codes)


def _due(text: str, units) -> str:
    at = parse_datetime(text)
    return _now("到期时间：%(at)s") % {"at": moment(at)} if at else ""


def _promised(text: str, units) -> str:
    day = parse_date(text)
    return _now("承诺日期：%(day)s") % {"day": date_format(day, "Y-m-d")} if day else ""


def _label(choices, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def _clock(name: str, units) -> str:
    return _now("时限：%(clock)s") % {"clock": CLOCKS[name].label} if name in CLOCKS else ""


LINES = {  # a fact of an event: what is said of it
    "on_behalf": lambda yes, units: _now("由挂点干部代企业提交") if yes else "",
    "lead": lambda code, units: _now("牵头单位：%(unit)s") % {"unit": _named([code], units)},
    "co_organisers": lambda codes, units: (
        _now("协办单位：%(units)s") % {"units": _named(codes, units)} if codes else ""
    ),
    "instruction": lambda text, units: _now("交办要求：%(text)s") % {"text": text} if text else "",
    "handler": lambda name, units: _now("经办人：%(name)s") % {"name": name},
    "reason": lambda code, units: _now("理由：%(reason)s") % {"reason": _label(DeclineReason, code)},
    "promised_on": _promised,
    "conclusion": lambda code, units: _now("结论：%(words)s") % {"words": _label(Petition.Conclusion, code)},
    "solved": lambda code, units: _now("问题是否解决：%(words)s") % {"words": _label(Evaluation.Solved, code)},
    "satisfaction": lambda n, units: _now("满意度：%(n)s 分（满分 5 分）") % {"n": n},
    "pressed": lambda yes, units: _now("企业表示有人要求其撤回") if yes else "",
    "clock": _clock,
    "due_at": _due,
}


def reason_words(code: str) -> str:
    return _label(DeclineReason, code)


def solved_words(event: Event) -> str:
    return _label(Evaluation.Solved, event.facts.get("solved", ""))


def promise(petition: Petition, now: datetime) -> str:
    """What happens next and by when, in one sentence to the enterprise; and where a promise was not kept, just that."""
    said = {
        "lead": petition.lead.label if petition.lead else "",
        "handler": str(petition.handler or ""),
        "due": moment(petition.due_at) if petition.due_at else "—",
    }
    late = petition.due_at and petition.due_at < now
    return str(LATE.get(petition.stage, NEXT[petition.stage]) if late else NEXT[petition.stage]) % said


NEXT = {
    Stage.FILED: _("区企业服务中心将在 %(due)s 前把诉求分拨到牵头单位。"),
    Stage.DISPATCHED: _("%(lead)s将在 %(due)s 前受理，并告知由谁办理。"),
    Stage.ACCEPTED: _("%(lead)s的%(handler)s正在办理，%(due)s 前给您反馈。"),
    Stage.REWORK: _("%(lead)s正在重新办理，%(due)s 前给您反馈。"),
    Stage.REPLIED: _("%(lead)s已答复，请在 %(due)s 前评价；逾期未评价的自动办结，不计为满意。"),
    Stage.CLOSED: _("诉求已办结。办结后 30 天内仍有问题，可以申请重启。"),
    Stage.DECLINED: _("诉求不予受理，理由和办理去向见下方进展。"),
    Stage.WITHDRAWN: _("诉求已撤回，不再办理；需要时可以重新提交。"),
}


def group_label(category: Category) -> str:
    """The heading a category stands under."""
    return category.group_en if category.group_en and (get_language() or "").startswith("en") else category.group


LATE = {
    Stage.FILED: _("区企业服务中心本应在 %(due)s 前分拨，现已逾期，系统正在催办。"),
    Stage.DISPATCHED: _("%(lead)s本应在 %(due)s 前受理，现已逾期，系统正在催办。"),
    Stage.ACCEPTED: _("%(lead)s本应在 %(due)s 前给您反馈，现已逾期，系统正在催办。"),
    Stage.REWORK: _("%(lead)s本应在 %(due)s 前给您反馈，现已逾期，系统正在催办。"),
}


def state_of(deadline: Deadline, now: datetime) -> tuple[str, str]:
    """How a clock stands, in words and colour."""
    if deadline.cancelled_at:
        return _now("已终止"), "gray"
    if deadline.met_at:
        return (_now("按时"), "green") if deadline.on_time else (_now("逾期完成"), "red")
    if deadline.due_at < now:
        return _now("已逾期"), "red"
    return (_now("即将到期"), "orange") if deadline.warn_at <= now else (_now("计时中"), "blue")
