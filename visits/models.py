"""A cadre calls on an enterprise: the record, who came along, the photos. It knows nothing of petitions."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.lookups import GreaterThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Cadre, Enterprise, Unit, User
from visits.duties import Lateness
from visits.queries import VisitQuerySet

EFFECTIVE_TALK = timedelta(minutes=10)  # online, this long at least


class Mode(models.TextChoices):
    ON_SITE = "on site", _("实地走访")
    VIDEO = "video", _("视频连线")
    PHONE = "phone", _("电话联系")


class Purpose(models.TextChoices):
    ROUTINE = "routine", _("日常走访")
    FOLLOW_UP = "follow-up", _("跟进回访")
    POLICY = "policy", _("政策宣讲")
    KEY_PROJECT = "key project", _("重点项目")
    INVITED = "invited", _("企业邀请")


class Trend(models.TextChoices):
    UP = "up", _("上升")
    FLAT = "flat", _("持平")
    DOWN = "down", _("下降")


class Difficulty(models.TextChoices):
    NONE = "none", _("无困难")
    ANSWERED = "answered", _("当场答复")
    PETITION = "petition", _("转为诉求")


class TrendField(models.CharField):
    """How one side of the business moves; empty where nobody asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 4, "choices": Trend.choices, "blank": True, **kwargs})


def known(field: str, choices: type[models.TextChoices], blank: bool = False) -> models.CheckConstraint:
    """The database knows the choices of that column too."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"visit_known_{field}")


TRENDS = ("orders", "capacity", "staff", "cash_flow", "export", "investment")
TALK = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=models.DurationField())
MEETS_THE_DUTY = Case(
    When(lateness=Lateness.APPROVAL, then=Value(False)),
    When(mode=Mode.ON_SITE, then=Value(True)),
    When(GreaterThanOrEqual(TALK, Value(EFFECTIVE_TALK)), then=Value(True)),
    default=Value(False),
    output_field=models.BooleanField(),
)


class Visit(models.Model):
    """走访: one call of a cadre on one enterprise, on site or online."""

    number = models.CharField(_("编号"), max_length=24, unique=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the same submission twice is one visit
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="visits", verbose_name=_("企业"))
    host = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="visits", verbose_name=_("走访干部"))
    # The unit the host served in on that day.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits", verbose_name=_("派出单位"))
    mode = models.CharField(_("走访方式"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    visited_on = models.DateField(_("走访日期"))
    started_at = models.TimeField(_("开始时间"), null=True, blank=True)  # on that day
    ended_at = models.TimeField(_("结束时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    met = models.CharField(_("会见人员"), max_length=120)
    met_phone = models.CharField(_("会见人员电话"), max_length=30, blank=True)
    purpose = models.CharField(_("走访目的"), max_length=12, choices=Purpose, default=Purpose.ROUTINE)
    orders = TrendField(_("订单"))
    capacity = TrendField(_("产能"))
    staff = TrendField(_("用工"))
    cash_flow = TrendField(_("资金"))
    export = TrendField(_("出口"))
    investment = TrendField(_("投资"))
    policies = models.TextField(_("宣讲政策"), max_length=1000, blank=True)
    difficulty = models.CharField(_("企业困难"), max_length=10, choices=Difficulty, default=Difficulty.NONE)
    answer = models.TextField(_("当场答复内容"), max_length=2000, blank=True)
    promise = models.CharField(_("承诺事项"), max_length=300, blank=True)
    promised_on = models.DateField(_("承诺完成日期"), null=True, blank=True)
    risk = models.TextField(
        _("风险苗头"), max_length=2000, blank=True, help_text=_("仅本人、现任挂点干部、督查和区领导可见")
    )
    notes = models.TextField(_("走访记录"), max_length=5000, blank=True)
    made_at = models.DateTimeField(_("填写时间"), null=True, blank=True)  # by the device's clock
    received_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人"))
    lateness = models.CharField(_("登记时效"), max_length=16, choices=Lateness, default=Lateness.NORMAL)
    # Meets the duty: on site or a live talk of ten minutes, and recorded in time. Computed by the database itself.
    counts = models.GeneratedField(expression=MEETS_THE_DUTY, output_field=models.BooleanField(), db_persist=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访")
        constraints = (
            known("mode", Mode),
            known("purpose", Purpose),
            known("difficulty", Difficulty),
            known("lateness", Lateness),
            *(known(trend, Trend, blank=True) for trend in TRENDS),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")), name="visit_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(promised_on=None) | Q(promised_on__gte=F("visited_on")), name="visit_promises_later"
            ),
        )
        indexes = (
            models.Index(fields=["host", "-visited_on", "-id"], name="visit_of_host"),
            models.Index(fields=["enterprise", "-visited_on", "-id"], name="visit_of_enterprise"),
            models.Index(fields=["-visited_on", "-id"], name="visit_newest"),
            models.Index(fields=["visited_on", "host", "enterprise"], condition=Q(counts=True), name="visit_counted"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.enterprise}"

    def get_absolute_url(self) -> str:
        return reverse("visits:visit", args=[self.number])

    def validate_constraints(self, exclude=None) -> None:
        """Nothing: `operations.problems` says it in words, and the database holds to it when the row is written. Asked
        for each of its constraints beforehand, it would take thirty statements to check one form."""

    @property
    def masked_phone(self) -> str:
        """138****5678: enough to recognise, too little to ring."""
        phone = self.met_phone
        return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****" if phone else ""

    @property
    def trends(self) -> list[tuple[str, str, str]]:
        """What was said of the business: label, stored value, wording."""
        fields = (self._meta.get_field(name) for name in TRENDS)
        said = ((field.verbose_name, getattr(self, field.name)) for field in fields)
        return [(label, value, Trend(value).label) for label, value in said if value]


class Companion(models.Model):
    """Somebody who came along: another cadre, or a person known by name only. `unit` is theirs as it was that day."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="companions")
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, null=True, blank=True, related_name="accompanied")
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("同行人员")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(cadre=None) & ~Q(name="") | Q(cadre__isnull=False, unit__isnull=False, name=""),
                name="companion_cadre_or_name",
            ),
            models.UniqueConstraint(fields=["visit", "cadre"], name="companion_once"),
        )

    def __str__(self) -> str:
        return self.name or str(self.cadre.user)


def photo_path(photo: "Photo", filename: str) -> str:
    """Files lie under random names; the name a person gave is kept in the row."""
    return f"visits/{photo.key.hex[:2]}/{photo.key.hex}"


class Photo(models.Model):
    """A picture of a visit, re-encoded so that no position or device travels with it. Never scored."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to=photo_path)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("走访照片")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
