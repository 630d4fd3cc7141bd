"""What was planned for a petition beyond its clocks: milestones of a parked one, and what a conference decided."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models import Unit, User
from petitions.models.petition import Petition
from petitions.queries import ConferenceQuerySet


class Milestone(models.Model):
    """里程碑: one goal of a parked petition and the day it is due; a new plan leaves the old one's as history."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="milestones")
    goal = models.CharField(_("目标"), max_length=200)
    due_on = models.DateField(_("完成日期"))
    done_at = models.DateTimeField(null=True, blank=True)
    report = models.TextField(_("完成情况"), max_length=2000, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)  # by a newer plan, unfinished

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return f"{self.due_on} {self.goal}"


class Conference(models.Model):
    """联席会议: units meet over petitions that none of them can solve alone. Published, its decisions bind."""

    number = models.CharField(_("编号"), max_length=24, unique=True)
    title = models.CharField(_("会议名称"), max_length=80)
    held_at = models.DateTimeField(_("会议时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.CharField(_("主持人"), max_length=60)
    units = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("参会单位"))
    remarks = models.TextField(_("会议记录"), max_length=5000, blank=True)
    convened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(_("取消原因"), max_length=200, blank=True)
    key = models.UUIDField(null=True, unique=True)  # of the form that convened it: the same again convenes nothing
    last_key = models.UUIDField(null=True)  # of the form that changed it last
    version = models.PositiveIntegerField(default=0)  # what was written on an older one is refused

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("联席会议")
        ordering = ("-held_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(cancelled_at=None), name="conference_published_or_cancelled"
            ),
        )
        indexes = (models.Index(fields=["-held_at", "-id"], name="conference_newest"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("petitions:conference", args=[self.number])

    @property
    def is_planned(self) -> bool:
        """Neither published nor cancelled: its agenda may still change."""
        return self.published_at is None and self.cancelled_at is None


class AgendaItem(models.Model):
    """One petition on the agenda, and what was decided: by whom it is done, until when, and whether what the lead unit
    asked for (parking, an extension) is granted."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("同意申请")
        REFUSED = "refused", _("不同意申请")

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="agenda")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="agenda")
    question = models.CharField(_("议题"), max_length=200, blank=True)
    decision = models.TextField(_("议定事项"), max_length=2000, blank=True)
    verdict = models.CharField(_("对申请的意见"), max_length=10, choices=Verdict, blank=True)
    owner = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任单位")
    )
    due_on = models.DateField(_("完成日期"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["conference", "petition"], name="on_the_agenda_once"),
            models.CheckConstraint(condition=Q(verdict__in=("", "approved", "refused")), name="agenda_verdict_known"),
        )

    def __str__(self) -> str:
        return f"{self.conference_id} {self.petition_id}"
