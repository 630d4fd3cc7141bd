"""A petition with its clocks, its events and what units and enterprise said. The current state stands on the petition row,
written with its event in one transaction; the event log only grows (a trigger forbids everything else)."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Bilingual, Dated, Enterprise, Unit, User
from petitions.process import CLOCKS, OPEN, STEPS, Stage
from petitions.queries import DeadlineQuerySet, PetitionQuerySet, StandardQuerySet
from visits.models import Visit
from workdays.limits import Limit

CLOCK_NAMES = [(name, clock.label) for name, clock in CLOCKS.items()]
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

    objects = StandardQuerySet.as_manager()

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


class Petition(models.Model):
    """企业诉求: an enterprise's request for help; once dispatched, a ticket."""

    class Channel(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业自行提交")
        VISIT = "visit", _("走访代提交")
        HISTORY = "history", _("历史导入")

    class Conclusion(models.TextChoices):
        SOLVED = "solved", _("已解决")
        PARTLY = "partly", _("部分解决")
        EXPLAINED = "explained", _("解释说明")
        PLANNED = "planned", _("列入计划")
        UNSUPPORTED = "not supported", _("不予支持")

    number = models.CharField(_("编号"), max_length=24, unique=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the same submission twice is one petition
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="petitions")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="petitions")
    channel = models.CharField(_("来源"), max_length=12, choices=Channel, default=Channel.ENTERPRISE)
    outside_number = models.CharField(_("外部编号"), max_length=60, blank=True)
    consent = models.CharField(_("代提交授权"), max_length=200, blank=True)
    title = models.CharField(_("标题"), max_length=80)
    body = models.TextField(_("内容"), max_length=5000)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="petitions")
    standard = models.ForeignKey(ServiceStandard, on_delete=models.PROTECT, related_name="petitions")
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="petitions")
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="handled")
    stage = models.CharField(_("状态"), max_length=12, choices=Stage)
    version = models.PositiveIntegerField(default=0)  # of its events; a step taken on an older page is refused
    rework_count = models.PositiveSmallIntegerField(default=0)
    conclusion = models.CharField(_("结论"), max_length=14, choices=Conclusion, blank=True)
    promised_on = models.DateField(_("承诺日期"), null=True, blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="filed")
    filed_at = models.DateTimeField(_("提交时间"))
    dispatched_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # first feedback the enterprise could see
    replied_at = models.DateTimeField(null=True, blank=True)  # latest final reply
    closed_at = models.DateTimeField(null=True, blank=True)
    # The most urgent running clock, kept with the clocks, so that queues sort and colour without reading them.
    due_clock = models.CharField(max_length=12, choices=CLOCK_NAMES, blank=True)
    due_at = models.DateTimeField(_("时限"), null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("诉求")
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="petition_known_stage"),
            models.CheckConstraint(condition=Q(due_at=None) | Q(stage__in=OPEN), name="petition_due_only_open"),
            models.CheckConstraint(condition=Q(stage__in=("filed", "declined", "withdrawn")) | ~Q(lead=None), name="petition_has_lead"),
            models.CheckConstraint(condition=~Q(stage="closed") | Q(closed_at__isnull=False), name="petition_closed_when"),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["lead", "due_at", "id"], condition=Q(stage__in=OPEN), name="petition_unit_queue"),
            models.Index(fields=["stage", "due_at", "id"], condition=Q(stage__in=OPEN), name="petition_open_queue"),
            models.Index(fields=["lead", "-filed_at", "-id"], name="petition_unit_newest"),
            models.Index(fields=["enterprise", "-filed_at", "-id"], name="petition_of_enterprise"),
            models.Index(fields=["-filed_at", "-id"], name="petition_newest"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("petitions:petition", args=[self.number])

    @property
    def live_topic(self) -> str:
        return f"petition:{self.number}"

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    def pending(self, step: str) -> "Approval | None":
        """The proposal of that step still waiting for a second person."""
        return next((a for a in self.approvals.all() if a.step == step and a.decided_at is None), None)


class CoOrganisation(models.Model):
    """协办: what one unit was asked to add to another's ticket, and what it answered."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="co_organisations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="co_organisations")
    question = models.TextField(_("协办事项"), max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    answer = models.TextField(_("协办意见"), max_length=5000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    waived_because = models.CharField(_("免予等待的理由"), max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["petition", "unit"], name="co_organiser_once"),)
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.petition.number} · {self.unit}"

    @property
    def is_settled(self) -> bool:
        """Nothing is waited for any more: answered, or waived with a reason."""
        return bool(self.answered_at or self.waived_because)


class Approval(models.Model):
    """A step one person proposes and another decides."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("同意")
        REFUSED = "refused", _("不同意")

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="approvals")
    step = models.CharField(max_length=20, choices=STEP_NAMES)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["petition", "step"], condition=Q(decided_at=None), name="one_open_proposal"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="second_person"),
        )

    def __str__(self) -> str:
        return f"{self.petition.number} · {self.step}"


class Event(models.Model):
    """One thing that happened to a petition: who, when, why, old and new. Never changed, never deleted."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    key = models.UUIDField(null=True, unique=True)  # of the form that sent it: the same key again changes nothing
    step = models.CharField(max_length=20)  # a step of the table, or what a clock did ("warned", "overdue"…)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")  # of `by` on that day
    stage_from = models.CharField(max_length=12, choices=Stage, blank=True)
    stage_to = models.CharField(max_length=12, choices=Stage)
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    public = models.BooleanField(default=True)  # the enterprise sees it
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["petition", "seq"], name="event_seq"),)
        ordering = ("petition", "seq")

    def __str__(self) -> str:
        return f"{self.petition_id}/{self.seq} {self.step}"


class Deadline(models.Model):
    """One running or ended clock. `on_time` is decided once, when it is met, and stored."""

    class Level(models.IntegerChoices):
        NONE = 0, _("未提醒")
        YELLOW = 1, _("即将到期")
        SOON = 2, _("两小时内到期")
        DUE = 3, _("已到期")
        OVERDUE = 4, _("逾期")  # 4 on the first working morning after, then one more each

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="deadlines")
    clock = models.CharField(max_length=12, choices=CLOCK_NAMES)
    cycle = models.PositiveSmallIntegerField(default=0)  # 0, then one more for each rework
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="deadlines")  # owes it, if a unit does
    standard = models.ForeignKey(ServiceStandard, on_delete=models.PROTECT, related_name="+")
    limit = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    warn_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    on_time = models.BooleanField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=Level.NONE)  # last one told
    due_version = models.PositiveSmallIntegerField(default=1)
    next_event_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["petition", "clock"], condition=Q(met_at=None, cancelled_at=None), name="clock_runs_once"
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, on_time=None) | Q(met_at__isnull=False, on_time__isnull=False),
                name="met_says_on_time",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, cancelled_at=None) | Q(next_event_at=None), name="ended_tells_nothing"
            ),
        )
        indexes = (
            models.Index(
                fields=["next_event_at"], condition=Q(met_at=None, cancelled_at=None, next_event_at__isnull=False),
                name="deadline_to_tell",
            ),
            models.Index(fields=["clock", "due_at", "unit"], include=["on_time", "met_at"], name="deadline_measures"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.petition_id} {self.clock} {self.due_at:%F %T}"


class Alert(models.Model):
    """That a level of a clock was told. The database, not the code, forbids telling it twice."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="alerts")
    level = models.PositiveSmallIntegerField()
    due_version = models.PositiveSmallIntegerField()
    crossed_at = models.DateTimeField()  # when the level was really reached
    told_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["deadline", "level", "due_version"], name="alert_once"),)

    def __str__(self) -> str:
        return f"{self.deadline_id}/{self.level}"


class Reply(models.Model):
    """What the lead unit answered: an interim plan, or the conclusion."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="replies")
    final = models.BooleanField()
    cycle = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(_("答复内容"), max_length=5000)
    basis = models.CharField(_("依据"), max_length=500, blank=True)
    conclusion = models.CharField(_("结论"), max_length=14, choices=Petition.Conclusion, blank=True)
    promised_on = models.DateField(_("承诺日期"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=["petition", "at"], name="reply_of_petition"),)

    def __str__(self) -> str:
        return f"{self.petition_id} {'final' if self.final else 'interim'}"


class Evaluation(models.Model):
    """What the enterprise said of an answer. Silence leaves no row: it is never counted as satisfied."""

    class Solved(models.TextChoices):
        YES = "yes", _("已解决")
        PARTLY = "partly", _("部分解决")
        NO = "no", _("未解决")

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="evaluations")
    cycle = models.PositiveSmallIntegerField(default=0)
    solved = models.CharField(_("问题是否解决"), max_length=8, choices=Solved)
    contacted = models.BooleanField(_("承办单位是否联系过您"))
    satisfaction = models.PositiveSmallIntegerField(_("满意度"))
    comment = models.TextField(_("意见"), max_length=2000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_call_back = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["petition", "cycle"], name="evaluated_once_a_cycle"),
            models.CheckConstraint(condition=Q(satisfaction__range=(1, 5)), name="satisfaction_1_to_5"),
        )

    def __str__(self) -> str:
        return f"{self.petition_id} {self.satisfaction}"


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Files lie under random names; the name a person gave is kept in the row."""
    return f"petitions/{attachment.key.hex[:2]}/{attachment.key.hex}"


class Attachment(models.Model):
    """A file that came with a petition or with one of its steps; served only after the petition's own right was asked."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="attachments")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="attachments")
    file = models.FileField(upload_to=attachment_path)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    public = models.BooleanField(default=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
