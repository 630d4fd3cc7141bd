"""WHO: the people, the units they serve in and the enterprises they serve. Posts, not group names, decide rights."""

import re

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin
from rest_framework.authtoken.models import Token
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from directory.queries import EnterpriseQuerySet, ValidQuerySet


class DateRange(Func):
    """The half-open span of days in which a row is valid, for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Dated(models.Model):
    """A row that is valid from a day on, until the day before `valid_to` (open where empty)."""

    valid_from = models.DateField(_("生效日期"), default="2020-01-01")
    valid_to = models.DateField(_("失效日期"), null=True, blank=True, help_text=_("当日起不再有效；留空为长期有效"))

    objects = ValidQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="%(class)s_span"),
        )


class Bilingual:
    """A row whose `name` is Chinese and whose `name_en`, where given, serves English pages."""

    name: str
    name_en: str

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class User(AbstractUser):
    """A person who signs in; what they may do follows from posts, assignments and representations they hold today."""

    name = models.CharField(_("姓名"), max_length=60)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    theme = models.CharField(_("外观"), max_length=10, default="auto")
    # Made by the demonstration; may sign in only where settings.DEMONSTRATION is on.
    is_demonstration = models.BooleanField(_("演示账号"), default=False, editable=False)

    first_name = last_name = None
    REQUIRED_FIELDS = ("name",)

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args, **kwargs) -> None:
        """A new password ends the sessions that the old one opened, and the token it was exchanged for."""
        renewed = self._password is not None and not self._state.adding
        super().save(*args, **kwargs)
        if renewed:
            Token.objects.filter(user=self).delete()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Unit(Bilingual, Dated):
    """A body that answers petitions or runs the service: department, street, utility, the desk itself."""

    class Kind(models.TextChoices):
        BUSINESS = "business department", _("业务部门")
        PARTY = "party department", _("党群部门")
        MUNICIPAL = "municipal branch", _("市驻区单位")
        UTILITY = "utility", _("公用事业")
        STREET = "street", _("街道")
        DESK = "service desk", _("服务中心")
        CALL_BACK = "call-back", _("回访")
        SUPERVISION = "supervision", _("督查")

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = _("单位")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.label


class Post(Dated):
    """A role that a person holds in a unit for a time."""

    class Role(models.TextChoices):
        MEMBER = "member", _("经办人")
        HEAD = "head", _("单位负责人")
        DESK = "desk", _("分拨员")
        CALL_BACK = "call-back", _("回访员")
        SUPERVISION = "supervision", _("督查员")
        PANEL = "panel", _("裁定小组成员")
        LEADER = "leader", _("区领导")
        AUDITOR = "auditor", _("审计员")
        SYSTEM_ADMINISTRATOR = "system administrator", _("系统管理员")
        SECURITY_ADMINISTRATOR = "security administrator", _("安全管理员")
        AUDIT_ADMINISTRATOR = "audit administrator", _("审计管理员")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("单位"))
    role = models.CharField(_("岗位"), max_length=30, choices=Role)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = _("岗位")
        indexes = (models.Index(fields=["unit", "role"], name="post_unit_role"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_role_display()}"


class Cadre(Dated):
    """挂点干部: an official posted to enterprises; `unit` is the unit that sends them."""

    code = models.CharField(_("干部编号"), max_length=12, unique=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="cadre", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cadres", verbose_name=_("派出单位"))

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = _("挂点干部")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.user} ({self.code})"


LIKE_A_CODE = re.compile(r"[0-9A-Z-]{1,18}")  # what can stand in an address, whatever an override lets in


def check_credit_code(code: str) -> str:
    """The 统一社会信用代码 in its standard form (GB 32100-2015); ValidationError where a digit is wrong."""
    try:
        return uscc.validate(code)
    except NumberError as wrong:
        raise ValidationError(_("统一社会信用代码有误：请核对 18 位代码（最后一位为校验码）。")) from wrong


class Enterprise(models.Model):
    """A firm of the district, known by its 统一社会信用代码."""

    class Size(models.TextChoices):
        LARGE = "large", _("大型")
        MEDIUM = "medium", _("中型")
        SMALL = "small", _("小型")
        MICRO = "micro", _("微型")

    code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    code_override = models.CharField(
        _("代码例外说明"), max_length=200, blank=True, help_text=_("代码校验不通过仍需登记时，写明原因和核对人")
    )
    name = models.CharField(_("企业名称"), max_length=120)
    pinyin = models.CharField(_("拼音首字母"), max_length=120, editable=False)
    street = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="enterprises", verbose_name=_("所属街道"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    park = models.CharField(_("园区"), max_length=60, blank=True)
    industry = models.CharField(_("行业"), max_length=60, blank=True)
    size = models.CharField(_("规模"), max_length=10, choices=Size, default=Size.SMALL)
    is_key = models.BooleanField(_("重点企业"), default=False)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    # Kept by the visit that moved it, so that lists sort by it without joining the visits.
    last_visited_on = models.DateField(_("最近走访"), null=True, blank=True, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("企业")
        ordering = ("pinyin", "id")
        indexes = (
            models.Index(fields=["pinyin", "id"], name="enterprise_by_pinyin"),
            models.Index(fields=["street", "pinyin", "id"], name="enterprise_street"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.pinyin = initials(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if not self.code_override:
            try:
                self.code = check_credit_code(self.code)
            except ValidationError as wrong:
                raise ValidationError({"code": wrong.messages}) from wrong
        if not LIKE_A_CODE.fullmatch(self.code):
            raise ValidationError({"code": _("代码只能由大写字母、数字和连字符组成。")})


def initials(name: str) -> str:
    """The first pinyin letters of a name, for sorting and for pickers: 宝安水务 → bash… in lower case."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:120]


class Representative(Dated):
    """A person who may speak for an enterprise."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="representations", verbose_name=_("人员"))
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="representatives", verbose_name=_("企业")
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = _("企业代表")

    def __str__(self) -> str:
        return f"{self.user} · {self.enterprise}"


class Assignment(Dated):
    """挂点关系: this cadre looks after this enterprise for a time; one cadre at a time."""

    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("挂点干部"))
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("企业")
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = _("挂点关系")
        constraints = (
            *Dated.Meta.constraints,
            ExclusionConstraint(
                name="assignment_no_overlap",
                expressions=[
                    (DateRange("valid_from", "valid_to", RangeBoundary()), RangeOperators.OVERLAPS),
                    ("enterprise", RangeOperators.EQUAL),
                ],
                violation_error_message=_("该企业在此期间已有挂点干部。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre} → {self.enterprise}"
