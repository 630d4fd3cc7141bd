"""The state machine under fire: see `walking`. WALKS=20000 (`make soak`) for the long run."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from petitions.process import CLOCKS, OPEN
from tests.petitions.walking import BEGINS, MAY_RUN, MEETS, STANDING, Walk

WALKS = int(os.environ.get("WALKS", "50"))
SEEDED = "WALKS" not in os.environ  # the short run is the same every time; the long one looks elsewhere each time
LENGTH = 25


@pytest.mark.django_db
def test_whoever_does_whatever_the_petition_stays_whole(
    catalogue, lan, lantern, chen, wen, zhao, rui, mei, pei, hua, shen, luo, ping, stranger
):
    users = (lan, chen, wen, zhao, rui, mei, pei, hua, shen, luo, ping, stranger)
    Walk.people, Walk.lantern, Walk.walks = {user.username: user for user in users}, lantern, 0
    fire = settings(
        max_examples=WALKS, stateful_step_count=LENGTH, deadline=None, derandomize=SEEDED, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, *(() if SEEDED else (Phase.shrink,))),
    )  # fmt: skip
    run_state_machine_as_test(Walk, settings=fire)
    assert Walk.walks >= WALKS
    print(f"{Walk.walks} walks, {Walk.taken.total()} steps taken: {dict(Walk.taken.most_common())}")


def test_the_tables_the_walk_is_checked_by_name_every_clock_and_every_open_stage():
    own = {"co_organise"}
    assert MAY_RUN.keys() == OPEN
    assert set().union(*MAY_RUN.values()) | own == CLOCKS.keys()
    assert set().union(*MEETS.values()) | own == CLOCKS.keys()
    assert set().union(*BEGINS.values()) | own == CLOCKS.keys()
    assert set().union(*STANDING.values()) == {name for name, clock in CLOCKS.items() if clock.pauses}
