"""A list as a spreadsheet: the rows and columns its reader may see, written as they are read, never all in memory."""

import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.timezone import localdate, localtime, make_naive
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from directory.pages import Keyset
from petitions.models import CoOrganisation, Deadline, Petition
from petitions.page import CALLERS
from petitions.queries import PetitionQuerySet
from petitions.tabs import clock_name, is_staff, show_own_clocks
from petitions.wording import group_label

MOST = 50_000
CHUNK = 500
# What a spreadsheet takes for the beginning of a formula, in either width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Reader(NamedTuple):
    """For whom it is written."""

    user: Any
    now: datetime

    def may_ring(self, petition: Petition) -> bool:
        return any(party.includes(self.user, petition, localdate(self.now)) for party in CALLERS)


class Column(NamedTuple):
    head: str
    cell: Callable[[Petition, Reader], Any]
    width: int = 12
    inside: bool = False  # of officials only


def _label(name: str) -> Callable[[Petition, Reader], str]:
    return lambda row, reader: getattr(getattr(row, name), "label", "")


def _words(name: str) -> dict[str, Any]:
    """The wording of each value, translated when it is written; Django's own way makes this list anew for each cell."""
    return dict(Petition._meta.get_field(name).flatchoices)


def _shown(name: str) -> Callable[[Petition, Reader], str]:
    words = _words(name)
    return lambda row, reader: str(words.get(getattr(row, name), ""))


def _plain(name: str) -> Callable[[Petition, Reader], Any]:
    return lambda row, reader: getattr(row, name)


def _phone(row: Petition, reader: Reader) -> str:
    """As the page shows it: in full for those who may need to ring."""
    phone = row.phone
    return phone if len(phone) < 8 or reader.may_ring(row) else f"{phone[:3]}****{phone[-4:]}"


def _own(row: Petition) -> Any:
    return getattr(row, "own_clock", row)


def _clock_state(row: Petition, reader: Reader) -> str:
    clock = _own(row)
    if clock.due_at is None:
        return ""
    if clock.due_at < reader.now:
        return _now("已逾期")
    return _now("即将到期") if clock.warn_at and clock.warn_at <= reader.now else _now("未到期")


def _days(row: Petition, reader: Reader) -> int | None:
    """The gross clock: days since filing, until it was closed."""
    ended = row.closed_at or (reader.now if row.is_open else None)
    return (ended - row.filed_at).days if ended else None


def _helpers(row: Petition, reader: Reader) -> str:
    """Each co-organiser and how it stands: answered, waived, late by its own clock."""
    return _now("、").join(f"{one.unit.label}（{state}）" for one, state in row.helpers)


COLUMNS = (
    Column(_("编号"), _plain("number"), 20),
    Column(_("标题"), _plain("title"), 40),
    Column(_("企业"), lambda row, reader: row.enterprise.name, 28),
    Column(_("统一社会信用代码"), lambda row, reader: row.enterprise.code, 22, inside=True),
    Column(_("所在街道"), lambda row, reader: row.enterprise.street.label, inside=True),
    Column(_("诉求类别"), lambda row, reader: group_label(row.category) if row.category else "", 16),
    Column(_("小类"), _label("category"), 18),
    Column(_("牵头单位"), _label("lead"), 18),
    Column(_("经办人"), lambda row, reader: str(row.handler or "")),
    Column(_("协办单位"), _helpers, 30, inside=True),
    Column(_("状态"), _shown("stage")),
    Column(_("服务标准"), lambda row, reader: str(row.standard), inside=True),
    Column(_("来源"), _shown("channel"), inside=True),
    Column(_("外部编号"), _plain("outside_number"), inside=True),
    Column(_("提交时间"), _plain("filed_at"), 17),
    Column(_("分拨时间"), _plain("dispatched_at"), 17, inside=True),
    Column(_("受理时间"), _plain("accepted_at"), 17),
    Column(_("首次反馈时间"), _plain("answered_at"), 17),
    Column(_("办结时间"), _plain("closed_at"), 17),
    Column(_("当前时限"), lambda row, reader: str(clock_name(row))),
    Column(_("到期时间"), lambda row, reader: _own(row).due_at, 17),
    Column(_("时限状态"), _clock_state),
    Column(_("提交至今天数"), _days),
    Column(_("结论"), _shown("conclusion")),
    Column(_("承诺日期"), _plain("promised_on")),
    Column(_("催办次数"), _plain("urge_count"), inside=True),
    Column(_("重办次数"), _plain("rework_count"), inside=True),
    Column(_("督办等级"), _plain("supervision_level"), inside=True),
    Column(_("联系人"), _plain("contact"), inside=True),
    Column(_("联系电话"), _phone, 16, inside=True),
)


def columns_of(reader: Reader) -> list[Column]:
    """The columns for that reader; the enterprise has only what concerns it."""
    staff = is_staff(reader.user, reader.now)
    return [column for column in COLUMNS if staff or not column.inside]


def lines(found: PetitionQuerySet, order: Sequence, reader: Reader, most: int = MOST) -> Iterator[list]:
    """The heads, then a line each, read in chunks that begin after the last row of the one before; where there are
    more than `most`, a last line that says so."""
    columns = columns_of(reader)
    yield [str(column.head) for column in columns]
    written, cursor, staff = 0, "", is_staff(*reader)
    chunks = Keyset(found.for_rows().defer("body"), order, size=min(CHUNK, most))
    while True:
        page = chunks.page(cursor)
        show_own_clocks(page.rows, *reader)
        if staff:
            show_helpers(page.rows, reader.now)
        for row in page.rows[: most - written]:
            yield [column.cell(row, reader) for column in columns]
        written += len(page.rows)
        cursor = page.next_cursor
        if not cursor and written <= most:
            return
        if written >= most:
            yield [_now("只导出前 %(n)d 条，请缩小筛选条件后分次导出。") % {"n": most}]
            return


def show_helpers(rows: Iterable[Petition], now: datetime) -> None:
    """Give each row its co-organisers with their state. Not prefetched: rows that know each other in circles would lie
    in memory until they are looked for."""
    found = {row.pk: row for row in rows}
    for row in rows:
        row.helpers = []
    late = Deadline.objects.running().filter(petition__in=found, clock="co_organise", paused_at=None, due_at__lt=now)
    overdue = set(late.values_list("petition", "unit"))
    for one in CoOrganisation.objects.filter(petition__in=found).select_related("unit").order_by("id"):
        state = _now("已答复") if one.answered_at else _now("免予等待") if one.is_settled else _now("未答复")
        late = (one.petition_id, one.unit_id) in overdue
        found[one.petition_id].helpers.append((one, _now("逾期") if late else state))


# --- Writing ------------------------------------------------------------------------------------------------------


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula and every file can hold."""
    if not isinstance(value, str):
        return value
    text = UNWRITABLE.sub("", value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return "" if value is None else str(safe(value))


def as_cell(value: Any) -> Any:
    return make_naive(value).replace(microsecond=0) if isinstance(value, datetime) else safe(value)


class _Echo:
    """What a csv writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def csv_parts(rows: Iterator[list]) -> Iterator[bytes]:
    """UTF-8 with the mark by which Excel knows it."""
    writer = csv.writer(_Echo())
    yield "\ufeff".encode()
    for row in rows:
        yield writer.writerow([as_text(value) for value in row]).encode()


def xlsx_file(rows: Iterator[list], reader: Reader):
    """A temporary file, removed when closed; openpyxl writes its rows to disk as they come."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_now("诉求"))
    for n, column in enumerate(columns_of(reader), 1):
        sheet.column_dimensions[get_column_letter(n)].width = column.width
    sheet.freeze_panes = "C2"
    heads = [WriteOnlyCell(sheet, safe(head)) for head in next(rows)]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([as_cell(value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    book.save(file)
    file.seek(0)
    return file
