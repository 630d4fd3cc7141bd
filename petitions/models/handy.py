"""What people keep for themselves: links that show a petition's progress, and filters of lists."""

from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from petitions.models.petition import Petition


def new_token() -> str:
    """144 random bits: nobody guesses it."""
    return token_urlsafe(18)


class ProgressLink(models.Model):
    """Opens a petition's progress without signing in, and nothing personal of it, until it is revoked."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="links")
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["petition"], condition=Q(revoked_at=None), name="one_link_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.petition_id} {self.made_at:%F}"


class SavedFilter(models.Model):
    """A list as somebody likes to see it: the query string of its address, under a name of their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=500)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name"),)

    def __str__(self) -> str:
        return self.name
