"""Phrases about notices and their deliveries."""

from datetime import datetime
from typing import Self

from django.db import models


class NoticeQuerySet(models.QuerySet):
    def of(self, user) -> Self:
        """What was told to this person; nobody else ever reads it."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class DeliveryQuerySet(models.QuerySet):
    def unsent(self) -> Self:
        return self.filter(sent_at=None)

    def due(self, now: datetime) -> Self:
        """Unsent and free to be tried now, the longest waiting first; served by a partial index."""
        return self.unsent().filter(next_try_at__lte=now).order_by("next_try_at")
