"""The steps as buttons: what each is called, and what follows from pressing it."""

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeclineReason(TextChoices):
    """Why a petition is not taken up; each comes with guidance where to go instead."""

    PERSONAL = "personal", _("非企业诉求（个人事项）")
    LETTERS = "letters and visits", _("属于信访事项")
    TIP_OFF = "tip-off", _("属于举报投诉或纪检监察事项")
    IN_COURT = "in court", _("已进入诉讼、仲裁或行政复议程序")
    OUTSIDE = "outside powers", _("不属于本区职权范围")
    ANSWERED = "answered", _("同一事项已有最终答复")
    UNLAWFUL = "unlawful or void", _("诉求违反法律法规或没有具体内容")


class SuspendReason(TextChoices):
    """Why the clocks of a ticket may stand still: nothing else counts."""

    MATERIAL = "waiting for material", _("等待企业补充材料")
    OUTSIDE = "waiting for another level", _("等待上级或市外单位批复")
    EXPERT = "waiting for an expert opinion", _("等待检测、鉴定或评估结论")
    LAW = "waiting for a ruling", _("等待司法、仲裁或复议结果")
    FORCE = "force majeure", _("不可抗力（台风、疫情等）")
    ENTERPRISE = "asked for by the enterprise", _("企业书面要求暂缓")


class Action(NamedTuple):
    """A step as a button: its words, its icon, what follows from pressing it; `risky` for what cannot be taken back."""

    words: str
    icon: str
    hint: str
    risky: bool = False


ACTIONS = {
    "file": Action(_("提交诉求"), "send", _("提交后由区企业服务中心分拨，进展会随时告知您。")),
    "correct": Action(_("更正内容"), "edit", _("分拨之前可以更正标题和内容，原来的内容留在记录里。")),
    "supplement": Action(_("提交补正"), "file-plus", _("补正后继续分拨；原来的内容不变。")),
    "object": Action(
        _("对不予受理提出异议"), "message-exclamation", _("在 5 个工作日内可以提出一次；诉求回到分拨台重新研究。")
    ),
    "dispatch": Action(_("分拨"), "route", _("确定一个牵头单位；受理、反馈、办结的时限从分拨时起算。")),
    "clarify": Action(_("要求补正"), "file-plus", _("企业有 5 个工作日补正，期间分拨时限暂停；逾期未补正的视为撤回。")),
    "propose_decline": Action(_("提出不予受理"), "circle-x", _("须由另一名分拨员复核；复核同意后才告知企业。")),
    "decline": Action(_("复核同意不予受理"), "circle-x", _("同意后诉求不再办理，企业会看到理由和去向。"), risky=True),
    "keep": Action(_("驳回不予受理"), "arrow-back-up", _("驳回后诉求继续等待分拨。")),
    "merge": Action(
        _("并入另一件"), "git-merge", _("仅限同一企业的同一事项；并入后以另一件的办理结果为准。"), risky=True
    ),
    "split": Action(_("拆出单独办理"), "git-branch", _("拆出后重新等待分拨。")),
    "transfer": Action(_("转出平台"), "external-link", _("须有对方的回执编号；转出后本平台时限终止。"), risky=True),
    "reclassify": Action(_("调整类别和标准"), "adjustments", _("正在计时的时限按新标准重新计算，新旧时间留在记录里。")),
    "contest": Action(_("申请退单"), "arrow-back-up", _("收到后 1 个工作日内提出；裁定期间各项时限继续计算。")),
    "appeal": Action(_("提请裁定小组裁定"), "gavel", _("裁定是最终的；裁定期间各项时限继续计算。")),
    "redispatch": Action(_("改派"), "route", _("新单位的受理时限重新起算，反馈日期不变。")),
    "uphold": Action(_("驳回退单"), "arrow-forward-up", _("诉求留在原单位，时限不变。")),
    "rule": Action(_("裁定"), "gavel", _("裁定由哪个单位办理，各方不得再退单。")),
    "accept": Action(pgettext_lazy("button", "受理"), "clipboard-check", _("受理后，企业会看到由谁办理。")),
    "reassign": Action(_("转交经办人"), "user-share", _("转交后由新的经办人办理，时限不变。")),
    "consult": Action(_("请单位协办"), "users-group", _("协办单位会收到通知，其意见会显示在本页。")),
    "advise": Action(_("提交协办意见"), "messages", _("意见供牵头单位答复时使用，企业看不到。")),
    "interim": Action(_("阶段反馈"), "message", _("把办理计划和承诺日期告诉企业；办结时限继续计算。")),
    "reply": Action(_("答复企业"), "send", _("答复后企业会收到通知并评价。")),
    "submit": Action(_("送审答复"), "signature", _("由本单位负责人审签后才发给企业。")),
    "sign": Action(_("审签并答复企业"), "signature", _("审签后企业会收到答复并评价。")),
    "send_back": Action(_("退回修改"), "arrow-back-up", _("退回经办人修改，时限继续计算。")),
    "respond": Action(_("答复催办"), "message", _("告诉催办的人现在办到哪一步。")),
    "ask_suspend": Action(
        _("申请挂起"), "player-pause", _("由分拨台审批；挂起期间本单位时限暂停，企业的总时长继续计算。")
    ),
    "suspend": Action(_("同意挂起"), "player-pause", _("同意后企业会看到理由和恢复日期，并可以提出异议。")),
    "refuse_suspend": Action(_("不同意挂起"), "circle-x", _("诉求继续办理。")),
    "protest": Action(_("对挂起提出异议"), "message-exclamation", _("分拨台和承办单位会收到，可据此恢复办理。")),
    "resume": Action(_("恢复办理"), "player-play", _("各项时限从剩余的时间继续计算。")),
    "ask_extend": Action(_("申请延期"), "calendar-plus", _("须在到期一个工作日之前提出，由分拨台或督查室审批。")),
    "extend": Action(_("同意延期"), "calendar-plus", _("同意后企业会看到新的日期和理由。")),
    "refuse_extend": Action(_("不同意延期"), "circle-x", _("时限不变。")),
    "ask_park": Action(_("申请挂账"), "flag", _("写明计划和里程碑，由联席会议议定；挂账期间仍是未办结。")),
    "achieve": Action(_("完成里程碑"), "flag", _("向企业报告完成情况；下一个里程碑开始计时。")),
    "urge": Action(_("催办"), "bell-ringing", _("承办单位须在一个工作日内答复。")),
    "supervise": Action(_("督办"), "alert-triangle", _("签发督办要求；承办单位须在一个工作日内答复。")),
    "evaluate": Action(_("评价答复"), "star", _("未解决或不满意的，将退回承办单位重新办理。")),
    "reopen": Action(_("申请重启"), "repeat", _("重启后由原单位重新办理。")),
    "withdraw": Action(_("撤回诉求"), "circle-minus", _("撤回后不再办理；需要时可以重新提交。"), risky=True),
}
# Of several steps open to a person, the one expected of them comes first and stands out.
FIRST = (
    "decline", "suspend", "extend", "uphold", "rule", "dispatch", "accept", "sign", "respond", "advise", "supplement",
    "reply", "submit", "achieve", "resume", "object", "evaluate",
)  # fmt: skip
