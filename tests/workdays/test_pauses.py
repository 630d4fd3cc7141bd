"""What a pause gives back, and when the light turns yellow."""

import pytest

from tests.workdays.moments import CALENDAR, at, due, resumed
from workdays.limits import Limit

PAUSED = """
2026-02-10T10:00 5wd 2026-02-12T09:00 2026-02-26T09:00 2026-03-02T18:00
2026-06-08T10:00 5wd 2026-06-09T15:00 2026-06-11T10:00 2026-06-17T18:00
2026-06-17T10:00 3wd 2026-06-18T16:00 2026-06-22T09:30 2026-06-24T18:00
2026-06-08T10:00 5wd 2026-06-09T09:00 2026-06-09T17:00 2026-06-15T18:00
2026-06-08T10:00 5wd 2026-06-13T09:00 2026-06-14T17:00 2026-06-15T18:00
2026-06-08T10:00 5wd 2026-06-15T10:00 2026-06-17T10:00 2026-06-17T18:00
2026-06-08T10:00 5wd 2026-06-15T10:00 2026-06-17T18:30 2026-06-18T18:00
2026-06-08T10:00 5wd 2026-06-15T10:00 2026-06-20T10:00 2026-06-22T18:00
2026-06-08T10:00 5wd 2026-06-15T18:00 2026-06-18T10:00 2026-06-15T18:00
2026-06-08T10:00 5wd 2026-06-16T10:00 2026-06-18T10:00 2026-06-15T18:00
2025-12-30T10:00 5wd 2025-12-31T10:00 2026-01-05T10:00 2026-01-09T18:00
2026-06-08T09:00 4wh 2026-06-08T10:00 2026-06-08T11:00 2026-06-08T16:00
2026-06-08T09:00 4wh 2026-06-08T12:10 2026-06-08T13:50 2026-06-08T15:00
2026-06-08T14:00 4wh 2026-06-08T17:00 2026-06-09T10:00 2026-06-09T11:00
2026-06-08T14:00 4wh 2026-06-08T12:00 2026-06-08T12:30 2026-06-08T18:00
2026-06-08T10:00 7d 2026-06-09T10:00 2026-06-12T10:00 2026-06-18T18:00
2026-06-08T10:00 7d 2026-06-09T10:00 2026-06-13T10:00 2026-06-22T18:00
2026-06-08T10:00 7d 2026-06-09T10:00 2026-06-09T17:00 2026-06-15T18:00
2026-06-08T10:00 3mo 2026-06-09T10:00 2026-06-12T10:00 2026-09-11T18:00
2026-06-08T10:00 24h 2026-06-08T20:00 2026-06-08T22:30 2026-06-09T12:30
2026-06-08T10:00 30min 2026-06-08T10:10 2026-06-09T10:10 2026-06-09T10:30
"""

WARNED = """
2026-06-08T10:00 5wd 2026-06-12T18:00
2026-02-13T10:00 3wd 2026-02-24T18:00
2026-06-12T18:30 1wd 2026-06-15T16:36
2026-06-08T10:00 2wh 2026-06-08T11:36
2026-06-08T10:00 2h 2026-06-08T11:36
2026-06-08T10:00 30min 2026-06-08T10:24
2026-06-08T10:00 7d 2026-06-14T08:24
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("start", "limit", "suspended", "back", "end"), rows(PAUSED))
def test_a_pause_gives_back_what_was_left(start, limit, suspended, back, end):
    assert resumed(start, limit, (suspended, back)) == at(end)


def test_overlapping_pauses_count_once():
    pauses = (("2026-06-08T10:20", "2026-06-08T11:00"), ("2026-06-08T10:00", "2026-06-08T10:30"))
    assert resumed("2026-06-08T09:00", "4wh", *pauses) == at("2026-06-08T16:00")


def test_two_pauses_follow_one_another():
    pauses = (("2026-06-09T15:00", "2026-06-11T10:00"), ("2026-06-16T10:00", "2026-06-18T10:00"))
    assert resumed("2026-06-08T10:00", "5wd", *pauses) == at("2026-06-22T18:00")


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="恢复时间早于挂起时间"):
        resumed("2026-06-08T10:00", "5wd", ("2026-06-10T10:00", "2026-06-09T10:00"))


def test_an_extension_counts_on_from_the_old_due_day():
    assert CALENDAR.due(due("2026-06-08T10:00", "5wd"), Limit.parse("3wd")).at == at("2026-06-18T18:00")


@pytest.mark.parametrize(("start", "limit", "warned"), rows(WARNED))
def test_the_light_turns_yellow_with_a_fifth_or_a_day_left(start, limit, warned):
    limit = Limit.parse(limit)
    expected = at(warned) if limit.unit != "d" else at("2026-06-15T09:00")  # never on a Sunday
    assert CALENDAR.warn_at(at(start), CALENDAR.due(at(start), limit).at, limit) == expected


def test_a_long_pause_does_not_widen_the_yellow_part_of_a_short_limit():
    limit = Limit.parse("2wh")
    end = resumed("2026-06-08T10:00", "2wh", ("2026-06-08T10:30", "2026-06-18T10:30"))
    assert (end, CALENDAR.warn_at(at("2026-06-08T10:00"), end, limit)) == (
        at("2026-06-18T12:00"),
        at("2026-06-18T11:36"),
    )
