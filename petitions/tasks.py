"""What Celery calls. No rules here."""

from celery import shared_task
from django.utils import timezone

from petitions.recomputing import recompute_clocks
from petitions.sweep import sweep


@shared_task(name="petitions.tasks.sweep_deadlines")
def sweep_deadlines() -> None:
    sweep(timezone.now())


@shared_task(name="petitions.tasks.recompute_deadlines")
def recompute_deadlines() -> None:
    recompute_clocks(timezone.now())
