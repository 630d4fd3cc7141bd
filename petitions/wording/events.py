"""What happened, as the timeline says it: the step, what was said, and what became of the clocks."""

from datetime import datetime

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from petitions.models import Evaluation, Event, Petition
from petitions.process import CLOCKS
from petitions.wording.actions import DeclineReason, SuspendReason

NOTE_LENGTH = 160  # of a note in the timeline; the whole of it stands on the card it belongs to
WHOLE = (
    "supplement",
    "object",
    "protest",
    "respond",
    "achieve",
    "urge",
    "clarify",
    "resolve",
    "supervise",
)  # no card has it

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
    "supplement": (pgettext_lazy("done", "提交补正"), "file-plus", "azure"),
    "expire": (_("逾期未补正，视为撤回"), "hourglass", "gray"),
    "object": (_("企业对不予受理提出异议"), "message-exclamation", "orange"),
    "clarify": (pgettext_lazy("done", "要求补正"), "file-plus", "orange"),
    "merge": (_("并入另一件诉求"), "git-merge", "gray"),
    "split": (_("拆出单独办理"), "git-branch", "azure"),
    "transfer": (_("转出平台"), "external-link", "gray"),
    "reclassify": (_("调整类别和标准"), "adjustments", "gray"),
    "contest": (pgettext_lazy("done", "申请退单"), "arrow-back-up", "orange"),
    "appeal": (_("提请裁定小组裁定"), "gavel", "orange"),
    "redispatch": (_("改派到牵头单位"), "route", "azure"),
    "uphold": (pgettext_lazy("done", "驳回退单"), "arrow-forward-up", "gray"),
    "rule": (_("裁定小组裁定"), "gavel", "azure"),
    "reassign": (pgettext_lazy("done", "转交经办人"), "user-share", "gray"),
    "submit": (_("答复送审"), "signature", "gray"),
    "sign": (_("审签答复企业"), "signature", "purple"),
    "send_back": (pgettext_lazy("done", "退回修改"), "arrow-back-up", "orange"),
    "respond": (pgettext_lazy("done", "答复催办"), "message", "blue"),
    "ask_suspend": (pgettext_lazy("done", "申请挂起"), "player-pause", "gray"),
    "suspend": (_("挂起"), "player-pause", "orange"),
    "refuse_suspend": (_("不同意挂起"), "circle-x", "gray"),
    "protest": (_("企业对挂起提出异议"), "message-exclamation", "orange"),
    "resume": (pgettext_lazy("done", "恢复办理"), "player-play", "blue"),
    "ask_extend": (pgettext_lazy("done", "申请延期"), "calendar-plus", "gray"),
    "extend": (_("延期"), "calendar-plus", "orange"),
    "refuse_extend": (_("不同意延期"), "circle-x", "gray"),
    "ask_park": (pgettext_lazy("done", "申请挂账"), "flag", "gray"),
    "park": (_("挂账推进"), "flag", "orange"),
    "refuse_park": (_("不同意挂账"), "circle-x", "gray"),
    "achieve": (pgettext_lazy("done", "完成里程碑"), "flag", "green"),
    "urge": (pgettext_lazy("done", "催办"), "bell-ringing", "orange"),
    "supervise": (pgettext_lazy("done", "督办"), "alert-triangle", "red"),
    "resolve": (_("联席会议议定"), "gavel", "azure"),
    "recompute": (_("工作日历变动，时限重新计算"), "calendar", "gray"),
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
    if event.step != "supervise":
        facts = {name: fact for name, fact in facts.items() if name != "level"}  # a clock's levels are not an order's
    lines = [line for word, line_of in LINES.items() if word in facts and (line := line_of(facts[word], units))]
    if event.note and event.step not in ("file", "correct"):
        whole = len(event.note) <= NOTE_LENGTH or event.step in WHOLE
        lines.append(event.note if whole else f"{event.note[:NOTE_LENGTH]}…")
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


DID = {  # what became of a clock
    "started": _("%(clock)s时限：%(due)s"),
    "met": _("%(clock)s按时完成"),
    "late": _("%(clock)s逾期完成（应于 %(due)s）"),
    "ended": _("%(clock)s时限终止"),
    "paused": _("%(clock)s时限暂停"),
    "resumed": _("%(clock)s时限恢复，到期 %(due)s"),
    "moved": _("%(clock)s时限由 %(old)s 改为 %(due)s"),
}


def clock_lines(lines: list[dict], units: dict[str, str], inside: bool) -> str:
    """What became of the clocks, a line each; to the enterprise only of those whose dates it was promised."""
    said = []
    for line in lines:
        clock = CLOCKS.get(line["clock"])
        if clock is None or not (inside or clock.public):
            continue
        unit = line.get("unit")
        name = f"{units.get(unit, unit)} · {clock.label}" if unit else clock.label
        due, old = (moment(parse_datetime(line[key])) if key in line else "" for key in ("due", "old"))
        words = _("%(clock)s时限由 %(old)s 改为 %(due)s") if line["did"] == "resumed" and old else DID[line["did"]]
        said.append(str(words) % {"clock": name, "due": due, "old": old})
    return "\n".join(said)


def _plan(milestones: list, units) -> str:
    return "\n".join(_now("里程碑 %(day)s：%(goal)s") % {"day": day, "goal": goal} for day, goal in milestones)


LINES = {  # a fact of an event: what is said of it
    "on_behalf": lambda yes, units: _now("由挂点干部代企业提交") if yes else "",
    "lead": lambda code, units: _now("牵头单位：%(unit)s") % {"unit": _named([code], units)},
    "co_organisers": lambda codes, units: (
        _now("协办单位：%(units)s") % {"units": _named(codes, units)} if codes else ""
    ),
    "instruction": lambda text, units: _now("交办要求：%(text)s") % {"text": text} if text else "",
    "handler": lambda name, units: _now("经办人：%(name)s") % {"name": name},
    "handover": lambda text, units: _now("交接说明：%(text)s") % {"text": text} if text else "",
    "reason": lambda code, units: _now("理由：%(reason)s") % {"reason": _label(DeclineReason, code)},
    "promised_on": _promised,
    "conclusion": lambda code, units: _now("结论：%(words)s") % {"words": _label(Petition.Conclusion, code)},
    "solved": lambda code, units: _now("问题是否解决：%(words)s") % {"words": _label(Evaluation.Solved, code)},
    "satisfaction": lambda n, units: _now("满意度：%(n)s 分（满分 5 分）") % {"n": n},
    "pressed": lambda yes, units: _now("企业表示有人要求其撤回") if yes else "",
    "channel": lambda code, units: _now("来件渠道：%(words)s") % {"words": _label(Petition.Channel, code)},
    "outside_number": lambda text, units: _now("渠道编号：%(text)s") % {"text": text},
    "follows": lambda number, units: _now("关联诉求：%(number)s") % {"number": number},
    "proposed": lambda code, units: _now("建议承办单位：%(unit)s") % {"unit": _named([code], units)},
    "master": lambda number, units: _now("并入诉求：%(number)s") % {"number": number},
    "transferred_to": lambda text, units: _now("转往单位：%(text)s") % {"text": text},
    "receipt_number": lambda text, units: _now("外部回执编号：%(text)s") % {"text": text},
    "standard": lambda code, units: _now("服务标准：%(code)s") % {"code": code},
    "suspended_for": lambda code, units: _now("挂起理由：%(words)s") % {"words": _label(SuspendReason, code)},
    "until_on": lambda text, units: _now("挂起至：%(day)s") % {"day": text},
    "days": lambda n, units: _now("延长 %(n)d 个工作日") % {"n": n},
    "responsible": lambda name, units: _now("责任领导：%(name)s") % {"name": name},
    "milestones": _plan,
    "milestone": lambda text, units: _now("已完成：%(text)s") % {"text": text},
    "goal": lambda text, units: _now("下一个里程碑：%(text)s") % {"text": text},
    "level": lambda n, units: _now("督办等级：%(n)d 级") % {"n": n},
    "conference": lambda number, units: _now("联席会议：%(number)s") % {"number": number},
    "owner": lambda code, units: _now("责任单位：%(unit)s") % {"unit": _named([code], units)} if code else "",
    "due_on": lambda text, units: _now("完成日期：%(day)s") % {"day": text} if text else "",
    "remark": lambda text, units: _now("审签意见：%(text)s") % {"text": text} if text else "",
    "clock": _clock,
    "due_at": _due,
}


def reason_words(code: str) -> str:
    return _label(DeclineReason, code)


def solved_words(event: Event) -> str:
    return _label(Evaluation.Solved, event.facts.get("solved", ""))


def suspend_words(code: str) -> str:
    return _label(SuspendReason, code)


def proposal_lines(waiting) -> list[str]:
    """What was asked for, a line each."""
    facts = waiting.facts | ({"suspended_for": waiting.facts["reason"]} if waiting.step == "suspend" else {})
    if waiting.step != "decline":
        facts.pop("reason", None)
    lines = [line for word, line_of in LINES.items() if word in facts and (line := line_of(facts[word], {}))]
    said = facts.get("guidance") or facts.get("note")
    return [*lines, said] if said else lines
