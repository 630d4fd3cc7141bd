"""The doors into the demonstration: one account per role, printed after loading and shown on the sign-in page."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from assessment.checks import is_filled
from directory.parties import Words

PASSWORD = "baoan-demo-2023"


@dataclass(frozen=True)
class Login:
    """An account to try. `post`: unit and role it holds; the enterprise and the cadre hold none."""

    username: str
    name: str
    role: Words
    look_at: Words
    post: tuple[str, str] | None = None
    password: str = PASSWORD


LOGINS = (
    Login("enterprise", "林晓明", _("企业代表"), _("提交诉求、查看进度、评价答复")),
    Login("cadre", "陈志远", _("挂点干部"), _("登记走访、代企业提交诉求、本周与本季进度")),
    Login("desk", "梅雅静", _("分拨员"), _("待分拨诉求：分拨、提出不予受理"), ("DSK", "desk")),
    Login("desk2", "裴国平", _("分拨员（复核）"), _("复核另一名分拨员提出的不予受理；审批挂起、延期"), ("DSK", "desk")),
    Login(
        "handler",
        "文建军",
        _("经办人（区水务局）"),
        _("受理、阶段反馈、答复、请单位协办，含逾期和被催办的诉求"),
        ("SWJ", "member"),
    ),
    Login(
        "head", "赵国强", _("单位负责人（区水务局）"), _("审签答复、申请退单和挂账、本单位全部诉求"), ("SWJ", "head")
    ),
    Login("panel", "邵文斌", _("裁定小组成员"), _("单位两次申请退单的诉求：作出最终裁定"), ("BBB", "panel")),
    Login("callback", "华思敏", _("回访员"), _("代未评价的企业记录评价"), ("HFZ", "call-back")),
    Login("supervisor", "沈浩然", _("督查员"), _("全区逾期诉求、督办、联席会议与挂账"), ("DCS", "supervision")),
    Login("leader", "罗明远", _("区领导"), _("领导看板：2023 年办结率 99.3 %"), ("DCS", "leader")),
    Login("auditor", "艾玉华", _("审计员"), _("全部记录，只读"), ("DCS", "auditor")),
    Login(
        "admin", "高立新", _("系统管理员"), _("后台：人员、单位、名单导入、标准与日历"), ("ZSJ", "system administrator")
    ),
)


def logins() -> list[Login]:
    """The accounts to offer; none in a production place or where the demonstration did not fill the database."""
    return list(LOGINS) if settings.DEMONSTRATION and is_filled() else []
