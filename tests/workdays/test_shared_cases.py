"""Whole files of cases: one of our own, and the one an office may keep beside the project."""

import csv
from pathlib import Path

from tests.workdays.moments import CALENDAR
from workdays.cases import due_moments, moment

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "deadlines.csv"
OUR_OWN = """start,limit,suspended,resumed,due
2026-02-10T10:00+08:00,5wd,2026-02-12T09:00+08:00,2026-02-26T09:00+08:00,2026-03-02T18:00+08:00
2026-02-05T10:00+08:00,15d,,,2026-02-24T18:00+08:00
2023-06-21T10:00+08:00,1wd,,,2023-06-25T18:00+08:00
2026-06-12T17:30+08:00,2wh,,,2026-06-15T10:30+08:00
"""


def test_every_case_of_a_file_is_computed_as_it_says():
    files = [OUR_OWN, *(file.read_text(encoding="utf-8") for file in [BESIDE] if file.exists())]
    for text in files:
        expected = [(moment(row["due"], CALENDAR), False) for row in csv.DictReader(text.splitlines())]
        assert [tuple(due) for due in due_moments(text, CALENDAR)] == expected
