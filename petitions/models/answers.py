"""What units and the enterprise said in a petition, and the files that came with it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from directory.models import Unit, User
from petitions.models.catalogue import STEP_NAMES
from petitions.models.log import Event
from petitions.models.petition import Petition


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
        OVERTAKEN = "overtaken", _("已失效")  # the petition moved on before anybody decided

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
            models.UniqueConstraint(fields=["petition"], condition=Q(decided_at=None), name="one_open_proposal"),
            models.CheckConstraint(
                condition=~Q(outcome="approved") | ~Q(decided_by=F("asked_by")), name="second_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.petition.number} · {self.step}"


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
    shown_at = models.DateTimeField(null=True, blank=True)  # the enterprise sees it; a draft waits for its signature
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # sent back unsigned
    resembles = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    likeness = models.PositiveSmallIntegerField(null=True, blank=True)  # to that one, in percent

    class Meta:
        ordering = ("at", "id")
        indexes = (
            models.Index(fields=["petition", "at"], name="reply_of_petition"),
            models.Index(fields=["unit", "-id"], condition=Q(final=True), name="reply_of_unit"),
        )

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

    @property
    def is_dissatisfied(self) -> bool:
        return self.solved == self.Solved.NO or self.satisfaction <= 2


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Files lie under random names; the name a person gave is kept in the row."""
    return f"petitions/{attachment.key.hex[:2]}/{attachment.key.hex}"


class Attachment(models.Model):
    """A file that came with a petition or one of its steps; served only to those who may see the petition."""

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
