"""`manage.py due`: one case, or a file of them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from workdays.models import DayException

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(capsys):
    def run(*arguments: str) -> list[str]:
        call_command("due", *arguments)
        return capsys.readouterr().out.splitlines()

    return run


@pytest.mark.parametrize(
    ("start", "limit", "line"),
    [
        ("2026-02-13T10:00", "3wd", "2026-02-25T18:00:00+08:00"),
        ("2026-02-13T10:00", "2wh", "2026-02-13T12:00:00+08:00"),
        ("2026-02-13T10:00", "7d", "2026-02-24T18:00:00+08:00"),
        ("2026-02-13T10:00", "3mo", "2026-05-13T18:00:00+08:00"),
        ("2026-02-13T02:00Z", "3wd", "2026-02-25T18:00:00+08:00"),
        ("2026-12-31T10:00", "1wd", "2027-01-04T18:00:00+08:00 provisional"),
    ],
)
def test_one_case_prints_its_due_moment(printed, start, limit, line):
    assert printed(start, limit) == [line]


def test_the_offices_closures_count(printed):
    DayException.objects.create(date="2026-06-12", reason="台风", authority="市三防指挥部")
    assert printed("2026-06-08T10:00", "5wd") == ["2026-06-16T18:00:00+08:00"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("2026-02-13T10:00", "3weeks"), "无法识别期限“3weeks”"),
        (("yesterday", "3wd"), "无法识别时间“yesterday”"),
        (("0001-01-01T00:00+14:00", "3wd"), "年份 1 不在可用范围内"),
        (("2026-02-13T10:00",), "请给出 START 与 LIMIT"),
        ((), "请给出 START 与 LIMIT"),
        (("--file", "/nowhere.csv"), "nowhere"),
    ],
)
def test_what_cannot_be_computed_is_said(printed, arguments, message):
    with pytest.raises(CommandError, match=message):
        printed(*arguments)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_prints_one_moment_per_row(printed, tmp_path, encoding):
    text = (
        "编号,Start,limit,suspended,resumed\r\n"
        "甲,2026-02-10T10:00+08:00,5wd,2026-02-12T09:00+08:00,2026-02-26T09:00+08:00\r\n"
        "乙,2026-02-13T10:00,3wd,,\r\n"
        "\r\n"
        "丙,2026-12-31T10:00,1wd\r\n"
    )
    (tmp_path / "cases.csv").write_bytes(text.encode(encoding))
    assert printed("--file", str(tmp_path / "cases.csv")) == [
        "2026-03-02T18:00:00+08:00",
        "2026-02-25T18:00:00+08:00",
        "2027-01-04T18:00:00+08:00 provisional",
    ]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """The command as an office runs it."""
    return subprocess.run(
        [sys.executable, "manage.py", "due", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


UNREACHABLE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}


def test_without_its_database_it_warns_and_computes_by_the_published_calendar():
    done = run("2026-02-13T10:00", "3wd", **UNREACHABLE)
    assert (done.returncode, done.stdout) == (0, "2026-02-25T18:00:00+08:00\n")
    assert done.stderr.startswith("警告：无法读取数据库")


def test_bad_rows_are_named_on_stderr_and_nothing_is_printed(tmp_path):
    file = tmp_path / "cases.csv"
    file.write_text(
        "start,limit,suspended,resumed\n"
        "2026-02-13T10:00,3wd,,\n"
        "2026-02-13T10:00,3 weeks,,\n"
        "2026-02-30T10:00,3wd,,\n"
        ",3wd,,\n"
        "2026-02-13T10:00,3wd,2026-02-14T10:00,\n"
        "2026-02-13T10:00,3wd,2026-02-12T10:00,2026-02-14T10:00\n"
        "2026-02-13T10:00,3wd,2026-02-14T10:00,2026-02-13T10:00\n",
        encoding="utf-8",
    )
    done = run("--file", str(file), **UNREACHABLE)
    reasons = [line for line in done.stderr.splitlines() if "第 " in line]
    assert (done.returncode, done.stdout) == (1, "")
    assert [reason.removeprefix("CommandError: ").split("：")[0] for reason in reasons] == [
        f"第 {number} 行" for number in range(3, 9)
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "start\n2026-02-13T10:00\n"])
def test_a_file_without_its_columns_is_refused(printed, tmp_path, text):
    (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="第 1 行：缺少列"):
        printed("--file", str(tmp_path / "cases.csv"))
