"""Clocks as rows, and what was told of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Unit
from petitions.models.catalogue import ServiceStandard
from petitions.models.petition import CLOCK_NAMES, Petition
from petitions.process import CLOCKS
from petitions.queries import DeadlineQuerySet

EACH_UNIT = [name for name, clock in CLOCKS.items() if clock.each_unit]


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
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="deadlines"
    )  # owes it, if a unit does
    standard = models.ForeignKey(ServiceStandard, on_delete=models.PROTECT, related_name="+")
    limit = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    counts_from = models.DateTimeField()  # where its limit is counted from
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    warn_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    on_time = models.BooleanField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=Level.NONE)  # last one told
    due_version = models.PositiveSmallIntegerField(default=1)
    next_event_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["petition", "clock"],
                condition=Q(met_at=None, cancelled_at=None) & ~Q(clock__in=EACH_UNIT),
                name="clock_runs_once",
            ),
            models.UniqueConstraint(
                fields=["petition", "clock", "unit"],
                condition=Q(met_at=None, cancelled_at=None),
                name="clock_runs_once_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, on_time=None) | Q(met_at__isnull=False, on_time__isnull=False),
                name="met_says_on_time",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None, cancelled_at=None, paused_at=None) | Q(next_event_at=None),
                name="standing_tells_nothing",
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

    @property
    def is_running(self) -> bool:
        """Neither met nor cancelled; it may stand still."""
        return self.met_at is None and self.cancelled_at is None


class Adjustment(models.Model):
    """Why a running clock is due at another moment than it was; with its start and limit these say how it came so."""

    class Why(models.TextChoices):
        PAUSE = "pause", _("挂起后恢复")
        EXTENSION = "extension", _("延期")
        HAND_OVER = "hand-over", _("改派顺延")
        STANDARD = "standard", _("调整服务标准")
        CALENDAR = "calendar", _("工作日历变动")

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="adjustments")
    why = models.CharField(max_length=10, choices=Why)
    since = models.DateTimeField(null=True, blank=True)  # of a pause: when it began
    at = models.DateTimeField()
    amount = models.CharField(max_length=8, blank=True)  # of an extension or a hand-over
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.why}"


class CalendarSeen(models.Model):
    """The calendar that the running clocks were last computed by: one row."""

    version = models.TextField()
    at = models.DateTimeField()  # the latest change of the calendar that is counted in
    again_at = models.DateTimeField(null=True)  # once more then, for clocks a process began by the calendar it had kept

    def __str__(self) -> str:
        return self.version


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
