"""A recomputation killed at any moment leaves whole petitions, and the next one moves the rest, each once."""

import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.models import Adjustment, CalendarSeen, Event, Petition
from petitions.recomputing import recompute_clocks
from tests.cast import fresh_calendar
from tests.faults.test_killed_sweep import start_sweeper
from tests.petitions.stories import dispatched, filed
from workdays.models import DayException
from workdays.queries import current_calendar

PETITIONS = 80


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moved_before_the_kill", [1, 40])
def test_kill_9_in_the_middle(catalogue, lan, lantern, mei, moved_before_the_kill):
    fresh_calendar()  # the test before closed a day
    now = timezone.now()
    petitions = [dispatched(filed(lan, lantern, now), mei, now) for _ in range(PETITIONS)]
    recompute_clocks(now)
    recompute_clocks(now + timedelta(minutes=1))
    day = current_calendar().add_working_days(timezone.localdate(now), 2)
    DayException.objects.create(date=day, reason="台风停工", authority="区三防指挥部")
    seen = CalendarSeen.objects.get().version
    worker = start_sweeper()
    try:
        while Adjustment.objects.count() < moved_before_the_kill and worker.poll() is None:
            time.sleep(0.005)
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
    assert moved_before_the_kill <= Adjustment.objects.count() < PETITIONS * 2
    assert Adjustment.objects.count() == 2 * Event.objects.filter(step="recompute").count()
    assert CalendarSeen.objects.get().version == seen
    recompute_clocks(now)
    recompute_clocks(now + timedelta(minutes=2))
    assert Adjustment.objects.count() == PETITIONS * 2  # feedback and close of each, once
    assert Event.objects.filter(step="recompute").count() == PETITIONS
    for petition in Petition.objects.filter(pk__in=[one.pk for one in petitions]):
        assert petition.due_at == petition.deadlines.running().order_by("due_at").first().due_at
