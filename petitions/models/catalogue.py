"""What administrators edit: how long the clocks run, and what petitions are about."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import Bilingual, Dated, Enterprise, Unit
from petitions.process import STEPS
from petitions.queries import StandardQuerySet
from petitions.variables import check_variables
from workdays.limits import Limit

STEP_NAMES = [(name, step.label) for name, step in STEPS.items()]


def check_limit(text: str) -> None:
    """A limit as workdays reads it ("2wh", "1wd", "7d", "3mo"), or empty where no clock runs."""
    try:
        if text:
            Limit.parse(text)
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from wrong


class LimitField(models.CharField):
    """A limit of time as text; empty means that this clock does not run."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 8, "blank": True, "validators": [check_limit], **kwargs})


class ServiceStandard(Bilingual, models.Model):
    """How long each clock runs, from a day on. A running clock keeps the row it started under."""

    code = models.CharField(_("代码"), max_length=4)
    valid_from = models.DateField(_("生效日期"))
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    dispatch = LimitField(_("分拨时限"))
    accept = LimitField(_("受理时限"))
    feedback = LimitField(_("反馈时限"))
    close = LimitField(_("办结时限"))
    rework_feedback = LimitField(_("重办反馈时限"), default="3wd")
    rework_close = LimitField(_("重办办结时限"), default="10wd")
    evaluate = LimitField(_("评价时限"), default="7d")
    supplement = LimitField(_("补正时限"), default="5wd")
    ruling = LimitField(_("退单处理时限"), default="1wd")
    panel_ruling = LimitField(_("裁定时限"), default="1wd")
    sign = LimitField(_("审签时限"), default="1wd")
    co_organise = LimitField(_("协办时限（最长）"), default="3wd", help_text=_("牵头单位剩余时间的 60%，不超过此数"))
    suspension = LimitField(_("挂起时限（最长）"), default="10wd")
    milestone = LimitField(_("里程碑间隔（最长）"), default="20wd")
    answer = LimitField(_("答复催办时限"), default="1wd")
    extend = LimitField(_("每次延期（最长）"), help_text=_("留空：不得延期"))
    extend_by_conference = models.BooleanField(_("延期须经联席会议"), default=False)
    signed = models.BooleanField(_("答复须审签"), default=False)
    from_filing = models.BooleanField(_("承办时限从提交起算"), default=False)

    objects = StandardQuerySet.as_manager()

    LIMITS = (
        "dispatch", "accept", "feedback", "close", "rework_feedback", "rework_close", "evaluate", "supplement",
        "ruling", "panel_ruling", "sign", "co_organise", "suspension", "milestone", "answer", "extend",
    )  # fmt: skip
    RULES = ("extend_by_conference", "signed", "from_filing")

    class Meta:
        verbose_name = verbose_name_plural = _("服务标准")
        ordering = ("code", "-valid_from")
        constraints = (models.UniqueConstraint(fields=["code", "valid_from"], name="standard_version"),)

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    def limit(self, clock: str, cycle: int = 0) -> Limit | None:
        """How long that clock runs; `cycle` counts the reworks, which have limits of their own."""
        text = getattr(self, f"rework_{clock}", "") if cycle else ""
        text = text or getattr(self, clock)
        return Limit.parse(text) if text else None


class StandardReply(Dated):
    """标准答复: words that serve again, for one step, and one category or unit where named. Variables are in braces."""

    title = models.CharField(_("名称"), max_length=60)
    step = models.CharField(_("步骤"), max_length=20, choices=STEP_NAMES)
    category = models.ForeignKey(
        "Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("诉求类别"),
        help_text=_("留空：各类诉求通用"),
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位"),
        help_text=_("留空：各单位通用"),
    )  # fmt: skip
    body = models.TextField(_("内容"), max_length=5000)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = _("标准答复")
        ordering = ("step", "title")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A variable that nobody knows would reach an enterprise as it stands."""
        try:
            check_variables(self.body)
        except ValidationError as wrong:
            raise ValidationError({"body": wrong.messages}) from wrong


class Category(Bilingual, Dated):
    """What a petition is about, and where it goes: without a lead unit it goes to the enterprise's own street."""

    code = models.CharField(_("代码"), max_length=4, unique=True)
    group = models.CharField(_("大类"), max_length=20)
    group_en = models.CharField(_("大类英文"), max_length=60, blank=True)
    name = models.CharField(_("小类"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    lead = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("牵头单位"),
        help_text=_("留空：由企业所在街道牵头"),
    )  # fmt: skip
    co_organisers = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("协办单位"))
    street_helps = models.BooleanField(_("所在街道协办"), default=False)
    standard = models.CharField(_("服务标准"), max_length=4, default="P2")

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = _("诉求类别")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    def lead_for(self, enterprise: Enterprise) -> Unit:
        return self.lead or enterprise.street

    def co_organisers_for(self, enterprise: Enterprise) -> list[Unit]:
        units = [*self.co_organisers.all(), *([enterprise.street] if self.street_helps else [])]
        return [unit for unit in units if unit != self.lead_for(enterprise)]
