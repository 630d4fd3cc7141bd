"""Reading a petition's clocks in the tests: short words for which run, until when, and what a step said of them."""

from datetime import datetime
from uuid import uuid4

from django.utils.dateparse import parse_datetime

from petitions import operations
from petitions.models import Adjustment, Deadline, Petition
from petitions.process import CLOCKS
from petitions.sweep import sweep
from tests.cast import SHANGHAI, at
from tests.petitions.stories import dispatched, filed

MONDAY = at("2026-06-08")  # a plain week, and one more until Friday 2026-06-19, which is off


def short(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}" if moment else ""


def name_of(row: Deadline) -> str:
    return f"{row.clock} {row.unit.code}" if CLOCKS[row.clock].each_unit else row.clock


def running(petition: Petition) -> dict[str, str]:
    """Running clocks and when they are due, local time; a co-organiser's with its unit."""
    rows = petition.deadlines.running().select_related("unit").order_by("clock", "unit__code")
    return {name_of(row): short(row.due_at) for row in rows}


def clock(petition: Petition, name: str) -> Deadline:
    return petition.deadlines.running().get(clock=name)


def said(petition: Petition) -> list[tuple[str, ...]]:
    """What the last step said of the clocks: (clock, did, due), with the old date where it moved."""
    lines = petition.events.latest("seq").facts.get("clocks", [])
    return [
        (line["clock"], line["did"], *(short(parse_datetime(line[key])) for key in ("due", "old") if key in line))
        for line in lines
    ]


def adjustments(petition: Petition, name: str) -> list[tuple[str, str, str]]:
    rows = Adjustment.objects.filter(deadline__petition=petition, deadline__clock=name).order_by("id")
    return [(row.why, short(row.old_due_at), short(row.new_due_at)) for row in rows]


def most_urgent(petition: Petition) -> tuple[str, str]:
    """As the petition has it; wrong where it is not the first of its clocks that really run."""
    petition = Petition.objects.get(pk=petition.pk)
    rows = petition.deadlines.running().filter(paused_at=None).order_by("due_at", "id")
    first = rows.first()
    expected = (first.clock, first.due_at, first.warn_at) if first else ("", None, None)
    assert (petition.due_clock, petition.due_at, petition.warn_at) == expected
    return petition.due_clock, short(petition.due_at)


def accepted(lan, lantern, mei, wen, now: datetime = MONDAY, **words) -> Petition:
    return operations.accept(dispatched(filed(lan, lantern, now), mei, now, **words), wen, now)


def suspended(petition: Petition, wen, mei, now: datetime, until) -> Petition:
    asked = {"reason": "waiting for another level", "until_on": until, "note": "等待供电部门停电计划"}
    return operations.suspend(operations.ask_suspend(petition, wen, now, **asked), mei, now)


def extended(petition: Petition, wen, mei, now: datetime, name: str, days: int, granted: datetime | None = None):
    asked = operations.ask_extend(petition, wen, now, clock=name, days=days, note="需要二次勘察")
    return operations.extend(asked, mei, granted or now)


def redispatched(petition: Petition, zhao, mei, now: datetime, lead, key=uuid4) -> Petition:
    contested = operations.contest(petition, zhao, now, note="依据职责分工规定", proposed=lead)
    return operations.redispatch(contested, mei, now, lead=lead, note="属道路范围")


def swept(*moments: datetime) -> None:
    for moment in moments:
        sweep(moment)
