"""The tables, tested as tables."""

from inspect import signature

from django.conf import settings

from petitions.drawing import as_markdown, targets
from petitions.operations import OPERATIONS
from petitions.parties import SYSTEM
from petitions.process import CLOCKS, NEW, OPEN, OWES_NEXT_MOVE, STEPS, Stage


def test_every_stage_can_be_reached():
    reached, grown = {NEW}, True
    while grown:
        more = {to for step in STEPS.values() if step.at & reached for to in targets(step)} - reached
        reached, grown = reached | more, bool(more)
    assert reached == {NEW, *Stage}


def test_every_open_stage_has_a_way_out_for_the_party_that_owes_the_next_move():
    assert OWES_NEXT_MOVE.keys() == OPEN
    for stage, party in OWES_NEXT_MOVE.items():
        assert any(stage in step.at and targets(step) and party in step.by for step in STEPS.values()), stage


def test_only_three_steps_lead_out_of_an_end():
    assert [name for name, step in STEPS.items() if step.at - OPEN - {NEW}] == ["object", "split", "reopen"]


def test_each_step_has_its_operation_and_each_operation_its_step():
    assert OPERATIONS.keys() == STEPS.keys() - {"file"}
    for name, act in OPERATIONS.items():
        assert list(signature(act).parameters)[:3] == ["petition", "by", "now"], name


def test_each_clock_can_be_met_or_runs_out_where_it_runs():
    for name, clock in CLOCKS.items():
        assert clock.met <= STEPS.keys(), name
        assert clock.starts <= OPEN | STEPS.keys(), name
        assert clock.starts & OPEN <= clock.runs <= OPEN, name
        assert clock.pauses <= OPEN - clock.runs, name
        assert clock.each_unit or all(STEPS[step].at & clock.runs for step in clock.met), (
            name
        )  # what meets it can be done while it runs
        assert not clock.lapses or SYSTEM in STEPS[clock.lapses].by, name


def test_only_the_system_takes_the_steps_of_the_system():
    assert [name for name, step in STEPS.items() if SYSTEM in step.by] == ["expire", "resume", "lapse"]


def test_the_page_of_documentation_is_drawn_from_the_tables():
    assert (settings.BASE_DIR / "docs" / "process.md").read_text(encoding="utf-8") == as_markdown(), (
        "docs/process.md is stale: run `python manage.py draw_process`"
    )
