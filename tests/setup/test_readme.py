"""The README names what is there."""

import re

import pytest
from django.core.management import get_commands

from assessment.demonstration.accounts import LOGINS
from tests.browser import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_every_file_and_picture_it_names_is_there():
    named = set(re.findall(r'\]\(([^)#:]+)\)|src="([^"]+)"|`((?:tests|petitions|docs)/[\w./]+)`', README))
    missing = [path for found in named for path in found if path and not (PROJECT / path).exists()]
    assert missing == []


def test_every_command_it_names_is_one():
    table = README.split("## Commands")[1].split("## Further")[0]
    named = re.findall(r"^\| `(\w+)", table, re.MULTILINE)
    assert named
    assert set(named) <= set(get_commands())


def test_it_names_the_logins_of_the_demonstration():
    rows = [line.split("|") for line in README.splitlines() if line.startswith("| `") and line.count("|") == 6]
    named = {name for row in rows for cell in (row[1], row[4]) for name in re.findall(r"`(\w+)`", cell)}
    assert named == {one.username for one in LOGINS}


@pytest.mark.parametrize("command", re.findall(r"^make (\w+)", README, re.MULTILINE))
def test_every_make_target_it_names_is_one(command):
    assert f"\n{command}:" in (PROJECT / "Makefile").read_text(encoding="utf-8")
