"""A list as a file: the rows its reader may see, nothing a spreadsheet would run, memory that does not grow."""

import csv
import io
import tracemalloc
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from petitions import operations
from petitions.export import COLUMNS, MOST, Reader, csv_parts, lines, safe, xlsx_file
from petitions.models import Petition
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.usefixtures("catalogue")
HOUR = timedelta(hours=1)
EXPORT = "/petitions/all/export/"
PHONE = "13900001111"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def petition(lan, lantern, mei, wen, now) -> Petition:
    asked = filed(lan, lantern, now - 3 * HOUR, phone=PHONE, contact="兰经理")
    return operations.accept(dispatched(asked, mei, now - 2 * HOUR, helpers=("JTJ",)), wen, now - HOUR)


def table(client, user, query: str = "", form: str = "csv") -> list[dict]:
    client.force_login(user)
    answer = client.get(f"{EXPORT}?{query}&format={form}")
    body = b"".join(answer.streaming_content)
    if form == "csv":
        assert body.startswith("\ufeff".encode())
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    else:
        rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


class TestRows:
    def test_are_those_the_reader_may_see_and_asked_for(self, client, petition, lan, lantern, wen, mei, stranger, now):
        filed(lan, lantern, now, "新来的")
        titles = {
            (user.username, query): [row["标题"] for row in table(client, user, query)]
            for user in (lan, wen, mei, stranger) for query in ("", "stage=filed", "show=unit", "since=gestern")
        }  # fmt: skip
        one, two = ["厂区门口积水"], ["新来的"]
        assert titles == {
            ("lan", ""): two + one, ("lan", "stage=filed"): two, ("lan", "show=unit"): [], ("lan", "since=gestern"): [],
            ("wen", ""): one, ("wen", "stage=filed"): [], ("wen", "show=unit"): one, ("wen", "since=gestern"): [],
            ("mei", ""): two + one, ("mei", "stage=filed"): two, ("mei", "show=unit"): [], ("mei", "since=gestern"): [],
            ("stranger", ""): [], ("stranger", "stage=filed"): [], ("stranger", "show=unit"): [],
            ("stranger", "since=gestern"): [],
        }  # fmt: skip

    def test_say_the_same_in_both_formats(self, client, petition, mei):
        (plain,), (sheet,) = table(client, mei), table(client, mei, form="xlsx")
        local = timezone.localtime(petition.filed_at)
        assert plain["提交时间"] == f"{local:%Y-%m-%d %H:%M}"
        assert sheet["提交时间"] == local.replace(tzinfo=None, microsecond=0)
        same = ("编号", "标题", "牵头单位", "经办人", "状态", "协办单位", "联系电话", "当前时限")
        assert [plain[name] for name in same] == [sheet[name] for name in same]
        assert plain["协办单位"] == "市交通运输局宝安管理局（未答复）"

    def test_a_helper_reads_its_own_clock(self, client, petition, rui, wen):
        assert table(client, rui)[0]["当前时限"] == "协办"
        assert table(client, wen)[0]["当前时限"] == "反馈"

    def test_are_cut_with_a_sentence(self, lan, lantern, mei, now):
        for n in range(4):
            filed(lan, lantern, now - n * HOUR, str(n))
        found, order = Petition.objects.visible_to(mei, now), ["-filed_at", "-id"]
        for most, left in ((3, 3), (4, 4), (5, 4)):
            rows = list(lines(found, order, Reader(mei, now), most=most))[1:]
            cut = [f"只导出前 {most} 条，请缩小筛选条件后分次导出。"] if most < 4 else None
            assert [row[1] for row in rows[:left]] == [str(n) for n in range(left)]
            assert rows[left:] == ([cut] if cut else [])


class TestWhoReadsWhat:
    def test_the_telephone_is_masked_as_on_the_page(self, client, petition, mei, wen, ada, shen):
        seen = {user.username: table(client, user)[0]["联系电话"] for user in (mei, wen, ada, shen)}
        assert seen == {"mei": PHONE, "wen": PHONE, "ada": "139****1111", "shen": "139****1111"}

    def test_the_enterprise_has_no_internal_column(self, client, petition, lan, mei):
        heads = set(table(client, lan)[0])
        inside = {str(column.head) for column in COLUMNS if column.inside}
        assert heads.isdisjoint(inside)
        assert heads | inside == set(table(client, mei)[0])

    def test_the_enterprise_reads_no_internal_clock(self, client, lan, lantern, mei, wen, now):
        one = operations.accept(dispatched(filed(lan, lantern, now - HOUR), mei, now - HOUR, standard="P3"), wen, now)
        operations.submit(one, wen, now, conclusion="solved", body="已修好", basis="条例")
        assert (table(client, lan)[0]["当前时限"], table(client, mei)[0]["当前时限"]) == ("反馈", "审签")


class TestFormulas:
    @pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
    def test_are_told_to_be_text(self, lead):
        assert safe(f"{lead}cmd|' /C calc'!A0") == f"'{lead}cmd|' /C calc'!A0"

    def test_what_is_none_stays(self):
        assert [safe(one) for one in ("厂区=门口", "", 5, -5, None)] == ["厂区=门口", "", 5, -5, None]

    def test_not_even_behind_signs_that_are_dropped(self):
        assert safe("\x00\x01=1+1") == "'=1+1"

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_in_the_file(self, client, lan, lantern, mei, now, form):
        filed(lan, lantern, now, '=HYPERLINK("http://evil.example","x")', contact="+86", phone="@SUM(1+1)*9")
        (row,) = table(client, mei, form=form)
        assert row["标题"] == '\'=HYPERLINK("http://evil.example","x")'
        assert (row["联系人"], row["联系电话"]) == ("'+86", "'@SUM(1+1)*9")


class TestCost:
    def test_is_logged(self, client, petition, mei, caplog):
        with caplog.at_level("INFO", logger="petitions.export"):
            table(client, mei, "stage=open&evil=1")
        assert [record.getMessage() for record in caplog.records] == ["export by mei: 1 rows of “stage=open”"]

    def test_memory_does_not_grow_with_the_rows(self, petition, lan, lantern, mei, now):
        peaks = []
        for size in (1_500, 6_000):
            copy_of(petition, size)
            tracemalloc.start()
            found = Petition.objects.visible_to(mei, now)
            length = sum(len(part) for part in csv_parts(lines(found, ["-filed_at", "-id"], Reader(mei, now))))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert length > 100 * size
        assert peaks[1] < 1.2 * peaks[0]

    def test_a_workbook_lies_on_disk(self, petition, mei, now):
        reader = Reader(mei, now)
        with xlsx_file(lines(Petition.objects.visible_to(mei, now), ["id"], reader), reader) as file:
            assert file.read(2) == b"PK"
        assert MOST == 50_000


def copy_of(petition: Petition, size: int) -> None:
    """So many petitions like it, as plain rows."""
    many = [
        Petition(
            number=f"QS20230614-{n:06d}", enterprise=petition.enterprise, title=f"诉求 {n}", body="…", stage="filed",
            standard=petition.standard, filed_at=petition.filed_at - timedelta(minutes=n), category=petition.category,
        )
        for n in range(Petition.objects.count(), size)
    ]  # fmt: skip
    Petition.objects.bulk_create(many)
