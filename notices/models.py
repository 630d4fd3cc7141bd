"""TELLING: what was told to whom, and what still has to leave the house; written with the change it tells of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.queries import DeliveryQuerySet, NoticeQuerySet


class Notice(models.Model):
    """One thing told to one person, once. It names what it is about by public number, title and path, as text."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices", verbose_name=_("收件人")
    )
    key = models.CharField(max_length=100)  # unique per person and event
    kind = models.CharField(max_length=30)  # names the text: templates/notices/<kind>.txt
    about = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        constraints = (models.UniqueConstraint(fields=["recipient", "key"], name="notice_once"),)
        indexes = (
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_inbox"),
            models.Index(
                fields=["recipient", "-created_at", "-id"], condition=Q(read_at=None), name="notice_unread"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Delivery(models.Model):
    """One notice on its way out through one channel: at least once, always under the same message id."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20, default="email")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),)
        indexes = (models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="delivery_unsent"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.notice_id}"
