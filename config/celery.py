"""Every loop and its rhythm in one table. Tasks hold no rules; each may run twice, late, or on several workers."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

LOOPS = {  # task: every so many seconds
    "petitions.tasks.sweep_deadlines": 30,
    "petitions.tasks.recompute_deadlines": 60,
    "notices.tasks.deliver_notices": 10,
}
app.conf.beat_schedule = {
    task: {"task": task, "schedule": rhythm, "options": {"expires": rhythm - 1}} for task, rhythm in LOOPS.items()
}
