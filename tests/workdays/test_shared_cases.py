"""Whole files of cases, every row: our own, and the one an office may keep beside the project."""

import csv
from pathlib import Path

import pytest

from tests.workdays.moments import CALENDAR
from workdays.cases import due_moments, moment

OUR_OWN = Path(__file__).with_name("deadlines.csv")
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "deadlines.csv"
FILES = [file for file in (OUR_OWN, BESIDE) if file.exists()]


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_case_of_a_file_is_computed_as_it_says(file):
    rows = rows_of(file)
    assert set(rows[0]) == {"start", "limit", "suspended", "resumed", "due"}  # nothing of it is passed over
    found = due_moments(file.read_text(encoding="utf-8"), CALENDAR)
    wrong = [
        (row, due) for row, due in zip(rows, found, strict=True) if tuple(due) != (moment(row["due"], CALENDAR), False)
    ]
    assert wrong == []


def test_our_own_cases_are_of_every_kind():
    rows = rows_of(OUR_OWN)
    kinds = {row["limit"].strip("0123456789") for row in rows}
    paused = {row["limit"].strip("0123456789") for row in rows if row["suspended"]}
    assert (kinds, paused) == ({"wd", "wh", "d", "mo", "h", "min"}, {"wd", "wh", "d", "h"})
