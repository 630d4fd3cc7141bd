"""Whatever moved a clock, start, limit and adjustments tell its date again: else a change of the calendar would move
what it has nothing to do with."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from petitions import clocks
from petitions.models import Adjustment, Deadline, Petition, ServiceStandard
from petitions.process import ACCEPTED, SUSPENDED
from tests.cast import at
from tests.petitions.dates import accepted
from workdays.limits import Limit
from workdays.queries import current_calendar

MOVES = st.sampled_from(["pause", "extend", "hand over", "P0", "P1", "P2", "P3", "P4"])
STORY = st.lists(st.tuples(MOVES, st.integers(0, 60), st.integers(1, 90)), max_size=6)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(code=st.sampled_from(["P0", "P1", "P2", "P3", "P4"]), hour=st.integers(0, 23), story=STORY)
@pytest.mark.django_db
def test_replaying_gives_the_stored_date_after_any_story(code, hour, story, catalogue, lan, lantern, mei, wen):
    calendar, now = current_calendar(), at("2026-06-05", f"{hour:02}:30")
    petition = accepted(lan, lantern, mei, wen, now, standard=code)
    for move, pause, wait in story:
        now += timedelta(hours=wait)
        play(petition, move, now, now + timedelta(hours=pause), calendar)
        now += timedelta(hours=pause)
        for row in petition.deadlines.running().filter(clock__in=("feedback", "close")):
            assert clocks.replayed(row, calendar).at == row.due_at
            before = vars(row) | {"_state": None}
            assert clocks.recompute(row, now, calendar) == []
            assert vars(row) | {"_state": None} == before


def play(petition: Petition, move: str, now, back, calendar) -> None:
    rows = list(petition.deadlines.running().filter(clock__in=("feedback", "close")).order_by("id"))
    if move == "pause":
        for row in rows:
            clocks.turned(row, SUSPENDED, "suspend", now, clocks.Turn(), calendar)
            clocks.turned(row, ACCEPTED, "resume", back, clocks.Turn(), calendar)
            row.save()
    elif move == "extend":
        clocks.extend(rows[-1], Limit.parse("2wd"), now)
    elif move == "hand over":
        clocks.hand_over(petition, now)
    else:
        petition.standard = ServiceStandard.objects.on(move, now.date())
        former = {row.pk: row.due_at for row in rows}
        clocks.change_standard(petition, now)
        for row in Deadline.objects.filter(pk__in=former):
            assert row.due_at >= min(former[row.pk], now)  # nobody is late by a change of the standard
    assert not Adjustment.objects.filter(deadline__met_at__isnull=False).exists()
