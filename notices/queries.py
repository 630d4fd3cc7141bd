"""Phrases about notices and their deliveries."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

MOST_COUNTED = 100


class NoticeQuerySet(models.QuerySet):
    def of(self, user) -> Self:
        """What was told to this person; nobody else ever reads it."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def counted(self) -> int:
        """How many, but never more than a hundred: nobody needs to know, and the count stays cheap."""
        return self.order_by()[:MOST_COUNTED].count()


class AddressQuerySet(models.QuerySet):
    def of(self, user) -> Self:
        return self.filter(owner_id=user.pk)

    def failing(self) -> Self:
        """Those whose last message was not taken, the latest first."""
        return self.filter(failures__gt=0).order_by("-failed_at", "-id")


class DeliveryQuerySet(models.QuerySet):
    def unsent(self) -> Self:
        return self.filter(sent_at=None)

    def through(self, channel: str, now: datetime) -> Self:
        """Through this server, but for addresses that are given a rest."""
        rests = Q(address__paused_until__gt=now) | Q(address__stopped_at__isnull=False)
        return self.filter(channel=channel).exclude(rests)

    def due(self, now: datetime) -> Self:
        """Unsent and free to be tried now, the longest waiting first; served by a partial index."""
        return self.unsent().filter(next_try_at__lte=now).order_by("next_try_at", "id")

    def unleased(self, now: datetime, lease: timedelta) -> Self:
        """Unsent and surely not in anybody's hands: due, or put off for longer than a lease lasts."""
        return self.unsent().filter(Q(next_try_at__lte=now) | Q(next_try_at__gt=now + lease))
