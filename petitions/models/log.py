"""The event log of a petition. It only grows: a trigger forbids everything else."""

from django.db import models
from django.db.models.functions import Now

from directory.models import Unit, User
from petitions.models.petition import Petition
from petitions.process import Stage


class Event(models.Model):
    """One thing that happened to a petition: who, when, why, old and new. Never changed, never deleted."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    key = models.UUIDField(null=True)  # of the form that sent it: the same key again changes nothing
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
        constraints = (
            models.UniqueConstraint(fields=["petition", "seq"], name="event_seq"),
            models.UniqueConstraint(fields=["petition", "key"], name="event_key"),
        )
        ordering = ("petition", "seq")

    def __str__(self) -> str:
        return f"{self.petition_id}/{self.seq} {self.step}"
