"""Clocks as rows, and what was told of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Unit
from petitions.models.catalogue import ServiceStandard
from petitions.models.petition import CLOCK_NAMES, Petition
from petitions.queries import DeadlineQuerySet


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
