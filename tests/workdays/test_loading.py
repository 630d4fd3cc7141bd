"""Loading the yearly notice: by command and in the administration, all of it or nothing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.workdays.moments import at, due
from tests.workdays.notices import NOTICE_2027, TABLE_2027
from workdays.models import DayException, Source, Year
from workdays.notice import Notice, parse_notice
from workdays.operations import load_notice
from workdays.queries import current_calendar
from workdays.worktime import Day

pytestmark = pytest.mark.django_db

NOW = at("2026-11-05T10:00")


@pytest.fixture
def office(client, root):
    """The system administrator's browser."""
    client.force_login(root)
    return client


def file(tmp_path, text: str, encoding: str = "utf-8") -> str:
    path = tmp_path / "notice.txt"
    path.write_bytes(text.encode(encoding))
    return str(path)


def test_a_provisional_due_moment_is_computed_anew_once_the_notice_is_loaded():
    before = due("2027-01-29T10:00", "1wd", current_calendar())
    load_notice(parse_notice(NOTICE_2027), "ada", NOW)
    assert (before, due("2027-01-29T10:00", "1wd", current_calendar())) == (
        at("2027-02-01T18:00"),
        at("2027-01-31T18:00"),
    )
    assert not current_calendar().year(2027).provisional


def test_loading_records_who_when_and_the_whole_text():
    load_notice(parse_notice(NOTICE_2027), "ada", NOW)
    year = Year.objects.get()
    assert (year.year, year.known, year.loaded_at, year.notice) == (2027, True, NOW, NOTICE_2027.strip())
    assert set(DayException.objects.values_list("source", "created_by")) == {(Source.NOTICE, "ada")}


def test_loading_again_changes_nothing():
    first = load_notice(parse_notice(NOTICE_2027), "ada", NOW)
    again = load_notice(parse_notice(NOTICE_2027), "bob", NOW + timedelta(days=1))
    assert (len(first.added), again.moved, DayException.objects.count()) == (30, False, 30)
    assert (Year.objects.get().loaded_at, DayException.objects.filter(created_by="bob").count()) == (NOW, 0)


def test_a_corrected_notice_replaces_the_first_and_spares_closures():
    load_notice(parse_notice(NOTICE_2027), "ada", NOW)
    DayException.objects.create(date=date(2027, 5, 8), reason="台风", authority="市三防指挥部")
    corrected = NOTICE_2027.replace("5日（星期三）放假调休，共5天", "4日放假调休，共4天").replace(
        "2月20日（周六）", "2月21日"
    )
    changes = load_notice(parse_notice(corrected), "ada", NOW)
    found = [[str(day.on) for day in days] for days in (changes.added, changes.changed, changes.dropped, changes.kept)]
    assert found == [["2027-02-21"], [], ["2027-02-20", "2027-05-05"], ["2027-05-08"]]
    assert [current_calendar().is_working(date(2027, *day)) for day in ((2, 20), (2, 21), (5, 5), (5, 8))] == [
        False,
        True,
        True,
        False,
    ]


def test_a_notice_without_any_working_day_is_refused():
    every = tuple(Day(date(2027, 1, 1) + timedelta(days=n), False, "x", "x") for n in range(365))
    with pytest.raises(ValidationError, match="2027 年将没有任何工作日"):
        load_notice(Notice(2027, every, "…"), "ada", NOW)
    assert Year.objects.count() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_command_loads_text_and_table_in_the_encodings_offices_use(tmp_path, capsys, encoding):
    call_command("load_notice", file(tmp_path, NOTICE_2027, encoding))
    call_command("load_notice", file(tmp_path, TABLE_2027, encoding))
    assert capsys.readouterr().out.splitlines()[-1] == "2027 年安排已载入。"
    assert DayException.objects.count() == 16


def test_a_dry_run_says_what_would_change_and_writes_nothing(tmp_path, capsys):
    call_command("load_notice", file(tmp_path, NOTICE_2027), "--dry-run")
    lines = capsys.readouterr().out.splitlines()
    assert (len(lines), lines[3], lines[-1]) == (31, "新增 2027-01-31 星期日 上班 春节", "试运行：没有写入。")
    assert (DayException.objects.count(), Year.objects.count()) == (0, 0)


def test_a_bad_line_stops_the_whole_and_is_named(tmp_path):
    with pytest.raises(CommandError, match="第 8 行：2027-06-09 不是星期二。"):
        call_command("load_notice", file(tmp_path, NOTICE_2027.replace("6月9日（周三）", "6月9日（周二）")))
    assert (DayException.objects.count(), Year.objects.count()) == (0, 0)


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("load_notice", str(tmp_path / "nowhere"))
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xff\xff")
    with pytest.raises(CommandError, match="GB 18030"):
        call_command("load_notice", str(tmp_path / "picture"))


def test_an_administrator_sees_the_changes_before_confirming_them(office):
    page, sent = reverse("admin:workdays_year_add"), {"text": NOTICE_2027}
    preview = office.post(page, sent | {"preview": ""})
    before = Year.objects.count()
    done = office.post(page, sent | {"confirm": ""})
    assert ("新增 2027-01-31 星期日 上班 春节" in preview.content.decode(), before) == (True, 0)
    assert (done.status_code, Year.objects.count(), DayException.objects.count()) == (302, 1, 30)


@pytest.mark.parametrize("text", ["", "一、元旦：1月1日放假。", NOTICE_2027.replace("共3天", "共9天"), "x" * 30_000])
def test_an_administrator_is_told_what_is_wrong_with_the_text(office, text):
    page = office.post(reverse("admin:workdays_year_add"), {"text": text, "confirm": ""})
    assert (page.status_code, "errorlist" in page.content.decode(), Year.objects.count()) == (200, True, 0)


def test_a_local_closure_is_entered_with_its_authority_and_keeps_who_did_it(office, root):
    sent = {"date": "2026-06-12", "reason": "台风", "authority": "市三防指挥部"}
    done = office.post(reverse("admin:workdays_dayexception_add"), sent)
    row = DayException.objects.get()
    assert (done.status_code, row.source, row.working, row.created_by) == (
        302,
        Source.CLOSURE,
        False,
        root.username,
    )


def test_days_of_a_notice_are_shown_and_not_edited(office):
    load_notice(parse_notice(NOTICE_2027), "ada", NOW)
    row = DayException.objects.earliest("date")
    pages = [reverse(f"admin:workdays_dayexception_{name}", args=[row.pk]) for name in ("change", "delete")]
    assert [office.get(page).status_code for page in pages] == [200, 403]
    assert office.post(pages[0], {"date": "2027-01-01"}).status_code == 403
