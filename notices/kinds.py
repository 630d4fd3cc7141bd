"""Kinds of notices, in the groups people choose by. Apps above enter theirs; what nobody entered is in OTHER."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    MOVE = "move", _("待办：轮到我办理")
    DEADLINE = "deadline", _("时限：临期、到期与逾期")
    PROGRESS = "progress", _("进展：别人办了什么")
    SUPERVISION = "supervision", _("督办：催办、督查与裁定")
    OTHER = "other", _("其他")


SELF = "self"  # the group of what a channel says of itself; nobody chooses it


@dataclass(frozen=True)
class Kind:
    """label: what it is called on the pages; urgent: may break through quiet hours where the person says so."""

    label: str | Promise
    group: str = Group.OTHER
    urgent: bool = False


TEST, STOPPED = "channel_test", "channel_stopped"
# Apps above: KINDS.update({"dispatch": Kind(_("分拨"), Group.MOVE), …})
KINDS: dict[str, Kind] = {TEST: Kind(_("渠道测试"), SELF), STOPPED: Kind(_("通知渠道停用"))}
UNKNOWN = Kind("")
# By mail until a person chooses otherwise. Who speaks for an enterprise is not here all day, and hears of progress too.
MAILED = (Group.MOVE, Group.DEADLINE, Group.SUPERVISION, Group.OTHER)
MAILED_TO_ENTERPRISES = (*MAILED, Group.PROGRESS)
CHOSEN_AT_FIRST = (Group.MOVE, Group.DEADLINE)  # on a new robot or phone
# What a preview says where the person was never told anything of that kind.
SAMPLE: dict = {
    "enterprise": "示例企业有限公司", "lead": "区水务局", "handler": "文经办", "by": "文经办", "unit": "区水务局",
    "clock": "accept", "due": "2026-01-08T18:00:00+08:00", "days": 1, "promised_on": "2026-01-20",
    "visited_on": "2026-01-06", "conclusion": "solved", "note": "示例说明。",
}  # fmt: skip
SAMPLE_ABOUT, SAMPLE_TITLE = "QS20260105-SAMPLE", _("门前积水，影响装卸货")


def group_of(kind: str) -> str:
    return KINDS.get(kind, UNKNOWN).group


def is_urgent(kind: str, facts: Mapping) -> bool:
    """Urgent by its kind, or because the teller said so with the fact `urgent` (a petition of the highest standard)."""
    return KINDS.get(kind, UNKNOWN).urgent or bool(facts.get("urgent"))
