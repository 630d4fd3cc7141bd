"""TELLING: what was told to whom, and what still has to leave the house; written with the change it tells of."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.channels import EMAIL, Way
from notices.kinds import Group
from notices.queries import AddressQuerySet, DeliveryQuerySet, NoticeQuerySet

LONGEST_PAUSE = 60  # minutes


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


class Health(models.Model):
    """Whether something that may be dead is alive, and when it is worth another try: 1, 2, 4 … 60 minutes."""

    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    error = models.CharField(max_length=500, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def failed(self, error: str, now: datetime) -> None:
        self.failures = min(self.failures + 1, 999)
        self.error, self.failed_at = error[:500], now
        self.paused_until = now + pause(self.failures)

    def worked(self, now: datetime) -> None:
        self.failures, self.error, self.worked_at, self.paused_until = 0, "", now, None


def pause(failures: int) -> timedelta:
    return timedelta(minutes=min(2 ** (min(failures, 7) - 1), LONGEST_PAUSE))


HEALTH = ("failures", "error", "failed_at", "worked_at", "paused_until")


class Channel(Health):
    """One server that messages leave through: the mail server, a robot system, the gateway to phones, another host."""

    name = models.CharField(max_length=120, unique=True)  # "email", "wecom", "webhook bus.example.org:8443"

    def __str__(self) -> str:
        return self.name


class Address(Health):
    """Where else a person wants to be told: a robot of their group, a phone. Used once its test message arrived."""

    code = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses")
    way = models.CharField(_("方式"), max_length=10, choices=Way)
    label = models.CharField(_("名称"), max_length=40)
    sealed = models.TextField()  # the address itself, see notices.sealing
    hint = models.CharField(max_length=120)  # what is shown of it
    channel = models.CharField(max_length=120)  # the name of the server it is reached through
    groups = ArrayField(models.CharField(max_length=20, choices=Group), default=list, blank=True)
    in_digest = models.BooleanField(default=False)
    proof = models.CharField(max_length=6, blank=True)  # stands in the test message; whoever knows it receives there
    proof_tries = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)  # failed too often; gets no more until tried by hand

    objects = AddressQuerySet.as_manager()

    class Meta:
        ordering = ("added_at", "id")
        indexes = (models.Index(fields=["failed_at"], condition=Q(failures__gt=0), name="address_failing"),)

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.label}"


class Preference(models.Model):
    """How a person wants to be told beside the inbox; without a row the defaults of notices.kinds hold."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    email_groups = ArrayField(models.CharField(max_length=20, choices=Group), default=list, blank=True)
    email_in_digest = models.BooleanField(default=False)
    digest_at = models.TimeField(default=time(8, 30))
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    quiet_days = models.BooleanField(default=False)
    urgent_at_once = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.owner_id)


class Delivery(models.Model):
    """One notice on its way out through one channel: at least once, always under the same message id.

    channel: the name of the server; address: where to beyond it, None for the person's mailbox.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=120, default=EMAIL)
    address = models.ForeignKey(Address, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["notice", "channel", "address"], nulls_distinct=False, name="delivery_once"
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["channel", "next_try_at", "id"], condition=Q(sent_at=None), name="delivery_unsent"),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.notice_id}"

    @property
    def way(self) -> str:
        return self.address.way if self.address else EMAIL

    @property
    def reader(self) -> tuple[int, int | None]:
        """Who gets it and where; what one message is made for."""
        return self.notice.recipient_id, self.address_id
