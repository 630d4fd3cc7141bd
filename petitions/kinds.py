"""What kinds of notices petitions send, in the groups people choose by: every step, and what tells beside the steps."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import Group, Kind
from petitions.process import STEPS

# A step not named here is progress to whoever hears of it.
GROUPS = {
    Group.MOVE: {  # it is somebody's turn
        "file", "supplement", "object", "split", "dispatch", "redispatch", "uphold", "rule", "clarify", "contest",
        "appeal", "propose_decline", "keep", "reassign", "consult", "submit", "sign", "reply", "send_back", "reopen",
        "protest", "resume", "ask_suspend", "ask_extend", "ask_park",
    },
    Group.DEADLINE: {"expire", "lapse"},
    Group.SUPERVISION: {"urge", "respond", "supervise", "resolve"},
}  # fmt: skip
BESIDE_STEPS = {
    "yellow": Kind(_("黄灯提醒"), Group.DEADLINE),
    "soon": Kind(_("两小时内到期"), Group.DEADLINE),
    "due": Kind(_("到期"), Group.DEADLINE, urgent=True),
    "overdue": Kind(_("逾期"), Group.DEADLINE, urgent=True),
    "handed_on": Kind(_("不再由本单位牵头"), Group.PROGRESS),
    "dissatisfied": Kind(_("评价不满意，待回访"), Group.MOVE),
    "pressed": Kind(_("企业称被要求撤回"), Group.SUPERVISION),
    "order_answered": Kind(_("督办已答复"), Group.SUPERVISION),
    "convened": Kind(_("召开联席会议"), Group.SUPERVISION),
    "called_off": Kind(_("联席会议取消"), Group.SUPERVISION),
    "published": Kind(_("联席会议纪要公布"), Group.SUPERVISION),
}


def group_of(step: str) -> Group:
    return next((group for group, steps in GROUPS.items() if step in steps), Group.PROGRESS)


KINDS = {step: Kind(row.label, group_of(step)) for step, row in STEPS.items()} | BESIDE_STEPS
