"""What Celery calls. No rules here."""

from celery import shared_task
from django.utils import timezone

from petitions.sweep import sweep


@shared_task(name="petitions.tasks.sweep_deadlines")
def sweep_deadlines() -> None:
    sweep(timezone.now())
