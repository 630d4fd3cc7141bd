"""The files of cases again, as the product goes: a clock begun, paused and resumed in the database, read back, told
again from what was kept, and left alone by a calendar that has not changed."""

import pytest

from petitions.clocks import Turn, recompute, replayed, started, turned
from petitions.models import Deadline
from petitions.process import ACCEPTED, SUSPENDED
from tests.petitions.dates import MONDAY, accepted
from tests.workdays.moments import CALENDAR
from tests.workdays.test_shared_cases import FILES, rows_of
from workdays.cases import moment
from workdays.limits import Limit


@pytest.fixture
def petition(catalogue, lan, lantern, mei, wen):
    petition = accepted(lan, lantern, mei, wen)
    petition.deadlines.running().update(cancelled_at=MONDAY, next_event_at=None)
    return petition


def stored(row: Deadline) -> Deadline:
    row.save()
    return Deadline.objects.get(pk=row.pk)


def due_of(petition, case: dict[str, str]) -> Deadline:
    start, limit = moment(case["start"], CALENDAR), Limit.parse(case["limit"])
    row = stored(started(petition, "feedback", start, CALENDAR, limit))
    if case["suspended"]:
        turned(row, SUSPENDED, "suspend", moment(case["suspended"], CALENDAR), Turn(), CALENDAR)
        row = stored(row)
        assert row.next_event_at is None
        turned(row, ACCEPTED, "resume", moment(case["resumed"], CALENDAR), Turn(), CALENDAR)
        row = stored(row)
    return row


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_case_through_the_database(file, petition):
    wrong = []
    for case in rows_of(file):
        row = due_of(petition, case)
        again, moved = replayed(row, CALENDAR).at, recompute(row, row.due_at, CALENDAR)
        if (row.due_at, again, moved) != (moment(case["due"], CALENDAR), row.due_at, []):
            wrong.append((case, row.due_at, again, moved))
        Deadline.objects.filter(pk=row.pk).update(cancelled_at=MONDAY, next_event_at=None)
    assert wrong == []
