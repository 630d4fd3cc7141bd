"""A district's history from a file: imported once, measured in working days, refused whole where a row is broken."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.models import Enterprise
from petitions.models import Deadline, Event, Petition, Reply
from tests.cast import at
from workdays.limits import Limit
from workdays.queries import current_calendar

pytestmark = pytest.mark.django_db
COLUMNS = ("ref", "petitioner", "title", "filed_at", "body", "reply", "replied_at")
ANSWERED = {
    "ref": "17", "petitioner": "A001", "title": "厂门口的路灯", "filed_at": "2019-04-25T09:32:09+08:00",
    "body": "厂门口的路灯\n已经坏了三个月。", "reply": "已修复。", "replied_at": "2019-04-30T17:00:00+08:00",
}  # fmt: skip
WAITING = ANSWERED | {"ref": "18", "title": "停车难", "reply": "", "replied_at": ""}
REAL = [path for path in [Path(__file__).parents[3] / "shared/data/petitions_with_replies.csv"] if path.exists()]


def written(folder: Path, *rows: dict, encoding: str = "utf-8-sig") -> Path:
    file = folder / "history.csv"
    with file.open("w", encoding=encoding, newline="") as text:
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return file


def run(file: Path) -> str:
    out = StringIO()
    call_command("import_petitions", file, stdout=out)
    return out.getvalue()


def everything() -> list:
    tables = (Petition, Event, Reply, Deadline, Enterprise)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def answered_within(days: int) -> int:
    calendar, rows = current_calendar(), Petition.objects.values_list("filed_at", "answered_at")
    return sum(calendar.due(filed, Limit(days, "wd")).at >= answered for filed, answered in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_answered_letter_becomes_a_closed_petition_with_its_story(tmp_path: Path, encoding: str) -> None:
    assert "新导入 1 件" in run(written(tmp_path, ANSWERED, encoding=encoding))
    petition = Petition.objects.get()
    facts = (petition.channel, petition.outside_number, petition.contact, petition.stage, petition.lead.code)
    assert facts == ("history", "17", "A001", "closed", "DSK")
    assert petition.filed_at == at("2019-04-25", "09:32:09")
    assert petition.answered_at == petition.replied_at == petition.closed_at == at("2019-04-30", "17:00")
    assert petition.replies.get().shown_at == petition.replied_at
    assert [(e.seq, e.step, e.stage_to, e.at) for e in petition.events.all()] == [
        (1, "file", "filed", petition.filed_at),
        (2, "reply", "closed", petition.replied_at),
    ]
    assert petition.version == 2
    clock = petition.deadlines.get()
    assert (clock.clock, clock.limit, clock.due_at, clock.on_time) == (
        "feedback",
        "3mo",
        at("2019-07-25", "18:00"),
        True,
    )
    assert petition.replies.get().body == "已修复。"
    assert petition.body == "厂门口的路灯\n已经坏了三个月。"


def test_an_unanswered_letter_waits_without_a_clock_and_gets_its_answer_from_a_later_file(tmp_path: Path) -> None:
    run(written(tmp_path, WAITING))
    petition = Petition.objects.get()
    assert (petition.stage, petition.due_at, petition.deadlines.count()) == ("filed", None, 0)
    answered = WAITING | {"reply": "已划出车位。", "replied_at": "2019-05-05T10:00:00+08:00"}
    assert "补充答复 1 件" in run(written(tmp_path, answered))
    petition.refresh_from_db()
    assert (petition.stage, petition.version, petition.events.count()) == ("closed", 2, 2)
    before = everything()
    for again in (answered, WAITING):  # an older file that says less is no contradiction
        assert "此前已导入 1 件" in run(written(tmp_path, again))
    assert everything() == before


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"title": ""}, "title 为空"),
        ({"ref": " "}, "ref 为空"),
        ({"filed_at": "昨天"}, "无法识别时间"),
        ({"filed_at": "2019-02-30T10:00"}, "无法识别时间"),
        ({"filed_at": "0019-02-03T10:00"}, "年份"),
        ({"replied_at": "2019-04-25T09:32:08+08:00"}, "replied_at 早于 filed_at"),
        ({"replied_at": "2199-04-25T09:32:08+08:00"}, "时间晚于现在"),
        ({"replied_at": ""}, "须同时填写或同时留空"),
        ({"reply": ""}, "须同时填写或同时留空"),
        ({"title": "路" * 81}, "title 超过 80 字"),
        ({"body": "路" * 100_000}, "body 超过 20000 字"),
        ({"body": "坏\0了"}, "空字符"),
        ({"ref": "17"}, "ref 与第 2 行重复"),
    ],
)
def test_a_broken_row_is_named_and_nothing_of_the_file_is_written(tmp_path: Path, broken: dict, reason: str) -> None:
    file = written(tmp_path, ANSWERED, ANSWERED | {"ref": "99"} | broken)
    with pytest.raises(CommandError, match=reason) as refusal:
        run(file)
    assert "第 4 行" in str(refusal.value)  # the body above it holds a line break
    assert everything() == [[], [], [], [], []]


def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    for content in (
        b"",
        b"ref,title\n1,a\n",
        b'ref,petitioner,title,filed_at,body,reply,replied_at\n1,"a\n',
        b"\xff\xfe\x00\x81",
    ):
        file.write_bytes(content)
        with pytest.raises(CommandError):
            run(file)
    with pytest.raises(CommandError):
        run(tmp_path / "nothing-here.csv")


def test_a_ref_that_now_says_something_else_is_for_a_person_to_decide(tmp_path: Path) -> None:
    run(written(tmp_path, ANSWERED))
    before = everything()
    for changed in ({"title": "别的"}, {"body": "别的"}, {"reply": "别的"}, {"filed_at": "2019-04-24T09:32:09+08:00"}):
        with pytest.raises(CommandError, match="已导入，但内容不同"):
            run(written(tmp_path, ANSWERED | changed))
    assert everything() == before


def test_html_and_four_byte_characters_are_kept_as_they_are(tmp_path: Path) -> None:
    run(written(tmp_path, ANSWERED | {"title": "<b>𠮷</b>", "body": "🚧 <script>"}))
    assert Petition.objects.values_list("title", "body").get() == ("<b>𠮷</b>", "🚧 <script>")


@pytest.mark.parametrize("file", REAL, ids=lambda path: path.name)
def test_the_real_history_is_answered_as_counted_by_hand(file: Path) -> None:
    run(file)
    assert [answered_within(days) for days in (1, 3, 5, 15)] == [164, 441, 660, 1270]
    assert Petition.objects.count() == 1710
    run(file)
    assert Petition.objects.count() == Reply.objects.count() == Deadline.objects.count() == 1710
