"""The petition itself: its current state, written with each event in one transaction."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Enterprise, Unit, User
from petitions.models.catalogue import Category, ServiceStandard
from petitions.process import CLOCKS, OPEN, REWORK, Stage
from petitions.queries import PetitionQuerySet
from visits.models import Visit
from workdays.limits import Limit
from workdays.queries import current_calendar

CLOCK_NAMES = [(name, clock.label) for name, clock in CLOCKS.items()]
WITHOUT_LEAD = (Stage.FILED, Stage.INCOMPLETE, Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED, Stage.TRANSFERRED)
MOST_EXTENSIONS = {"feedback": 1, "close": 2}  # of each clock; the others are never extended
ASKED_BEFORE = Limit.parse("1wd")  # an extension is asked for no later than this before it is due


class Petition(models.Model):
    """企业诉求: an enterprise's request for help; once dispatched, a ticket."""

    class Channel(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业自行提交")
        VISIT = "visit", _("走访代提交")
        LETTER = "letter", _("来信")
        CALLER = "in person", _("来访")
        WEB = "web", _("网上")
        PHONE = "phone", _("来电")
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
    received_on = models.DateField(_("收到日期"), null=True, blank=True)  # by the outside channel
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
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    master = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    responsible = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # parked
    transferred_to = models.CharField(_("转往单位"), max_length=100, blank=True)
    receipt_number = models.CharField(_("外部回执编号"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=0)  # of its events; a step taken on an older page is refused
    rework_count = models.PositiveSmallIntegerField(default=0)
    # What has been used up of what may happen only so often.
    was_clarified = models.BooleanField(default=False)
    was_objected = models.BooleanField(default=False)
    was_protested = models.BooleanField(default=False)  # the present suspension
    contest_count = models.PositiveSmallIntegerField(default=0)
    suspend_count = models.PositiveSmallIntegerField(default=0)
    urge_count = models.PositiveSmallIntegerField(default=0)
    urged_at = models.DateTimeField(null=True, blank=True)
    supervision_level = models.PositiveSmallIntegerField(_("督办等级"), default=0)
    conclusion = models.CharField(_("结论"), max_length=14, choices=Conclusion, blank=True)
    promised_on = models.DateField(_("承诺日期"), null=True, blank=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="filed")
    filed_at = models.DateTimeField(_("提交时间"))
    dispatched_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)  # the present lead unit got it
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
            models.CheckConstraint(condition=Q(stage__in=WITHOUT_LEAD) | ~Q(lead=None), name="petition_has_lead"),
            models.CheckConstraint(
                condition=~Q(stage="closed") | Q(closed_at__isnull=False), name="petition_closed_when"
            ),
            models.CheckConstraint(condition=~Q(stage="merged") | ~Q(master=None), name="petition_merged_into"),
            models.CheckConstraint(condition=~Q(stage="transferred") | ~Q(receipt_number=""), name="petition_receipt"),
        )
        indexes = (
            models.Index(fields=["lead", "due_at", "id"], condition=Q(stage__in=OPEN), name="petition_unit_queue"),
            models.Index(fields=["stage", "due_at", "id"], condition=Q(stage__in=OPEN), name="petition_open_queue"),
            models.Index(fields=["due_at", "id"], condition=Q(stage__in=OPEN), name="petition_most_urgent"),
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

    @property
    def due_limit(self) -> Limit | None:
        """The limit of the most urgent clock: it says whether its time is counted round the clock."""
        return self.standard.limit(self.due_clock, self.rework_count) if self.due_clock else None

    @property
    def proposal(self) -> models.Model | None:
        """What was proposed and still waits for a second person."""
        return next((one for one in self.approvals.all() if one.decided_at is None), None)

    def pending(self, step: str) -> models.Model | None:
        """The same, where it proposes that step."""
        proposal = self.proposal
        return proposal if proposal and proposal.step == step else None

    @property
    def needs_signature(self) -> bool:
        """Key matters and whatever was sent back are signed by the unit's head before the enterprise sees them."""
        return self.standard.signed or self.stage == REWORK or self.rework_count > 0

    @property
    def draft(self) -> models.Model | None:
        """The reply that waits for its signature."""
        return self.replies.filter(shown_at=None, withdrawn_at=None).order_by("-id").first()

    @property
    def draft_by_id(self) -> int | None:
        draft = self.draft
        return draft.by_id if draft else None

    def extendable(self, now: datetime) -> list[models.Model]:
        """The running clocks for which an extension may still be asked."""
        calendar = current_calendar()
        latest = calendar.due(now, ASKED_BEFORE).at
        return [
            one for one in sorted(self.deadlines.all(), key=lambda one: one.due_at)
            if one.clock in MOST_EXTENSIONS and one.is_running and one.paused_at is None
            and one.extensions < MOST_EXTENSIONS[one.clock] and latest <= one.due_at
        ]  # fmt: skip
