"""What Celery calls. No rules here."""

from concurrent.futures import ThreadPoolExecutor

from celery import shared_task
from django.db import connection
from django.utils import timezone

from notices.delivery import drain, waiting_channels

MOST_AT_ONCE = 16  # channels


@shared_task(name="notices.tasks.deliver_notices")
def deliver_notices(limit: int = 200) -> int:
    """Send what is due, up to `limit` a channel, each channel in a thread of its own; answers how many were sent."""
    waiting = waiting_channels(timezone.now())
    if len(waiting) < 2:
        return sum(drain(channel, limit) for channel in waiting)

    def apart(channel: str) -> int:
        try:
            return drain(channel, limit)
        finally:
            connection.close()

    with ThreadPoolExecutor(min(len(waiting), MOST_AT_ONCE)) as threads:
        return sum(threads.map(apart, waiting))
