"""Random people taking random steps under a moving clock; after each, everything that must always hold is checked."""

import itertools
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import localdate
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from directory.models import Unit
from notices.models import Notice
from petitions import operations
from petitions.models import Alert, Category, Petition
from petitions.process import CLOCKS, OPEN, STEPS, Stage, WrongStage, open_steps
from petitions.sweep import sweep
from tests.cast import at
from tests.petitions.stories import filed

WALKS, LENGTH = 50, 25
RUNNING = {  # the clocks of each stage; feedback ends early where an interim reply met it
    "filed": {"dispatch"},
    "dispatched": {"accept", "feedback", "close"},
    "accepted": {"feedback", "close"},
    "rework": {"feedback", "close"},
    "replied": {"evaluate"},
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(catalogue, lan, chen, wen, zhao, rui, mei, pei, hua, shen, stranger) -> dict:
    return {user.username: user for user in (lan, chen, wen, zhao, rui, mei, pei, hua, shen, stranger)}


def words(step: str, petition: Petition, by, now: datetime, draw) -> dict:
    """What a person might fill in."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=("SWJ", "JTJ", "GXJ"))}
    filled = {
        "correct": {"title": "更正", "body": "更正后的内容"},
        "withdraw": {"note": "不办了", "pressed": draw(st.booleans())},
        "dispatch": {
            "lead": units[draw(st.sampled_from(["SWJ", "JTJ"]))],
            "category": Category.objects.get(code="E2"),
            "standard": draw(st.sampled_from(["P0", "P1", "P2", "P3", "X1"])),
            "co_organisers": draw(st.sampled_from([[], [units["JTJ"]], [units["JTJ"], units["GXJ"]]])),
        },
        "propose_decline": {"reason": "not ours", "guidance": "请向法院起诉。"},
        "keep": {"note": "属于本区职责"},
        "consult": {"units": [units["JTJ"], units["SWJ"]], "question": "？"},
        "advise": {"answer": "可以"},
        "interim": {"body": "计划", "promised_on": localdate(now) + timedelta(days=draw(st.integers(-1, 9)))},
        "reply": {
            "conclusion": "solved",
            "body": "已办",
            "basis": "条例",
            "waiver": draw(st.sampled_from(["", "另案"])),
        },
        "evaluate": {
            "solved": draw(st.sampled_from(["yes", "partly", "no"])),
            "contacted": True,
            "satisfaction": draw(st.integers(1, 5)),
        },
        "reopen": {"note": "又坏了"},
    }
    return filled.get(step, {})


def was_met(clock: str, events: list) -> bool:
    """Has a step met this clock since the petition last came into a stage that starts it?"""
    starts = max(
        n for n, one in enumerate(events) if one.stage_to in CLOCKS[clock].starts and one.stage_from != one.stage_to
    )
    return any(one.step in CLOCKS[clock].met for one in events[starts + 1 :])


def check_everything(petition: Petition, filed_at: datetime) -> None:
    petition.refresh_from_db()
    running = {row.clock: row for row in petition.deadlines.running()}
    must = RUNNING.get(petition.stage, set())
    events = list(petition.events.order_by("seq"))
    assert running.keys() == {
        clock for clock in must if petition.standard.limit(clock, petition.rework_count) and not was_met(clock, events)
    }
    first = min(running.values(), key=lambda row: row.due_at, default=None)
    assert petition.due_at == (first.due_at if first else None)
    assert petition.filed_at == filed_at
    assert [event.seq for event in events] == list(range(1, petition.version + 1))
    for before, after in itertools.pairwise(events):
        assert after.stage_from == before.stage_to
    assert events[-1].stage_to == petition.stage
    assert (petition.stage in OPEN) == (petition.closed_at is None and petition.stage not in ("declined", "withdrawn"))
    assert petition.replies.filter(final=True).count() == sum(event.step == "reply" for event in events)
    told = [event for event in events if event.step not in STEPS]
    assert Alert.objects.filter(deadline__petition=petition).count() == len(told)
    keys = list(Notice.objects.filter(about=petition.number).values_list("recipient", "key"))
    assert len(keys) == len(set(keys))


@settings(
    max_examples=WALKS,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(data=st.data())
def test_whoever_does_whatever_the_petition_stays_whole(data, people, lantern):
    now = at("2026-06-08", "09:30")
    petition = filed(people["lan"], lantern, now)
    start = petition.filed_at
    for _ in range(data.draw(st.integers(5, LENGTH))):
        now += timedelta(minutes=data.draw(st.sampled_from([0, 1, 45, 180, 1440, 4320, 11520])))
        if data.draw(st.integers(0, 3)) == 0:
            sweep(now)
        else:
            take_a_step(data, petition, people, now)
        check_everything(petition, start)
    assert petition.stage in Stage.values


def take_a_step(data, petition: Petition, people: dict, now: datetime) -> None:
    """Mostly a step that is open to the person, sometimes any; allowed exactly where `open_steps` offers it."""
    person = people[data.draw(st.sampled_from(sorted(people)))]
    petition = Petition.objects.for_page().get(pk=petition.pk)
    offered = open_steps(petition, person, now)
    anything = sorted(STEPS.keys() - {"file"})
    step = data.draw(st.sampled_from(offered if offered and data.draw(st.integers(0, 5)) else anything))
    filled = words(step, petition, person, now, data.draw)
    before, key = petition.version, uuid4()
    try:
        taken = operations.OPERATIONS[step](petition, person, now, key=key, **filled)
    except (PermissionDenied, WrongStage):
        assert step not in offered
    except ValidationError:
        assert step in offered
    else:
        assert step in offered
        assert taken.version == before + 1
        again = operations.OPERATIONS[step](petition, person, now, key=key, **filled)
        assert again.version == taken.version


def test_the_table_of_running_clocks_is_the_one_of_the_process():
    for name, clock in CLOCKS.items():
        assert all(name in RUNNING[stage] for stage in clock.starts)
