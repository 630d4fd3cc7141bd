"""What Celery calls. No rules here."""

from celery import shared_task
from django.utils import timezone

from notices.delivery import deliver_batch


@shared_task(name="notices.tasks.deliver_notices")
def deliver_notices(limit: int = 200) -> int:
    """Send what is unsent, batch by batch; answers how many were dealt with."""
    done = 0
    while done < limit:
        dealt_with = deliver_batch(timezone.now())
        if not dealt_with:
            break
        done += dealt_with
    return done
