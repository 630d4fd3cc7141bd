"""A sweep killed at any moment leaves nothing half told, and the next one tells the rest, once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from notices.models import Notice
from petitions.models import Alert, Event
from petitions.sweep import sweep
from tests.petitions.stories import filed

CLOCKS = 120


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("told_before_the_kill", [1, 40, 90])
def test_kill_9_in_the_middle(catalogue, lan, lantern, mei, told_before_the_kill):
    long_ago = timezone.now() - timedelta(days=30)
    for n in range(CLOCKS):
        filed(lan, lantern, long_ago, title=f"积水 {n}")
    sweeper = start_sweeper()
    try:
        while Alert.objects.count() < told_before_the_kill and sweeper.poll() is None:
            time.sleep(0.005)
        os.kill(sweeper.pid, signal.SIGKILL)
    finally:
        sweeper.kill()
        sweeper.wait()
    assert told_before_the_kill <= Alert.objects.count() == Notice.objects.filter(recipient=mei, kind="overdue").count()
    sweep(timezone.now())
    assert Alert.objects.count() == CLOCKS
    assert Notice.objects.filter(recipient=mei, kind="overdue").values("about").distinct().count() == CLOCKS
    assert Notice.objects.filter(recipient=mei, kind="overdue").count() == CLOCKS
    assert Event.objects.filter(step="overdue").count() == CLOCKS


def start_sweeper() -> subprocess.Popen:
    """`manage.py sweep` in a process of its own over the test database, two clocks a transaction."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    environment = os.environ | {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}"}
    command = [sys.executable, "manage.py", "sweep", "--batch", "2"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
