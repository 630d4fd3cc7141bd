"""Reading the State Council's yearly notice on holidays, as its plain text or as a table date,kind,reason. Pure.

1. The year stands in the title ("2026年部分节假日"), or is given.
2. A date or a range is read up to the verb behind it: 放假 (off) or 上班 (worked). Advice (鼓励…) binds nobody.
3. Every weekday and every number of days the text states must fit the calendar: a wrong year or a slip is found.
4. The days off must cover the holidays by law, so that half a notice never passes for a whole one.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from workdays.noticetext import ITEM, LONGEST, plain, read_line
from workdays.sources import statutory_holidays
from workdays.worktime import Day

TITLE = re.compile(r"(\d{4})年部分节假日")
SIGNED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
KINDS = {"off": False, "放假": False, "working": True, "上班": True}
FIRST_YEAR, LAST_YEAR = 1949, 2200


class NoticeError(ValueError):
    """What is wrong, line by line: (number or 0 for the whole, message)."""

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> Iterator[str]:
        for number, message in self.problems:
            yield _("第 %(number)d 行：%(message)s") % {"number": number, "message": message} if number else message


@dataclass(frozen=True)
class Notice:
    """A year's schedule as announced; `unread` are lines naming dates without saying what happens on them."""

    year: int
    days: tuple[Day, ...]
    text: str
    unread: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class NoticeChanges:
    """What loading does: days new, changed and dropped since the last load, and local closures kept as they are."""

    added: tuple[Day, ...] = ()
    changed: tuple[Day, ...] = ()
    dropped: tuple[Day, ...] = ()
    kept: tuple[Day, ...] = ()

    @property
    def moved(self) -> bool:
        return bool(self.added or self.changed or self.dropped)


@dataclass
class _Reading:
    """What was read so far, and what does not hold."""

    year: int
    days: dict[date, tuple[int, Day]] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)

    def take(self, number: int, read: Iterable[tuple[date, bool]], reason: str) -> None:
        for on, working in read:
            self.put(number, on, working, reason)

    def put(self, number: int, on: date, working: bool, reason: str) -> None:
        if not date(self.year - 1, 12, 1) <= on <= date(self.year + 1, 1, LONGEST):
            raise ValueError(_("%(date)s 不属于 %(year)d 年的安排。") % {"date": on, "year": self.year})
        line, before = self.days.get(on, (0, None))
        if before and before.working != working:
            raise ValueError(_("%(date)s 既放假又上班（另见第 %(other)d 行）。") % {"date": on, "other": line})
        self.days[on] = (number, Day(on, working, reason, f"国务院办公厅关于{self.year}年部分节假日安排的通知"))

    def finish(self, text: str, accept_missing: bool) -> Notice:
        if not self.problems and not accept_missing:
            self.problems += self._missing()
        if self.problems:
            raise NoticeError(self.problems)
        return Notice(self.year, tuple(sorted(day for _line, day in self.days.values())), text, tuple(self.unread))

    def _missing(self) -> Iterator[tuple[int, str]]:
        holidays = statutory_holidays(self.year, substitutes=False)
        off = {on for on, (_line, day) in self.days.items() if not day.working}
        weekend = {on for on in holidays if on.weekday() > 4 and on not in self.days}
        missing = sorted(holidays - off - weekend)
        if missing:
            dates = _("、").join(day.isoformat() for day in missing)
            yield 0, _("缺少法定节假日：%(dates)s。通知可能不完整。") % {"dates": dates}


def parse_notice(text: str, year: int | None = None, *, accept_missing: bool = False) -> Notice:
    """The schedule in `text`, a notice or a table; NoticeError names every line that does not hold."""
    text = text.lstrip("\ufeff").replace("\0", "").replace("\r\n", "\n").strip()
    table = text.lower().replace(" ", "").startswith("date,kind")
    reading = _read_table(text, year) if table else _read_text(text, year)
    return reading.finish(text, accept_missing)


def _reading(year: int) -> _Reading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoticeError([(0, _("年份 %(year)d 不在可用范围内。") % {"year": year})])
    return _Reading(year)


def _read_text(text: str, year: int | None) -> _Reading:
    lines = [plain(line) for line in text.split("\n")]
    found = TITLE.search("".join(lines))
    if year is None and found is None:
        raise NoticeError([(0, _("没有找到“××××年部分节假日”字样：请另行给出年份。"))])
    reading = _reading(year or int(found[1]))
    reason = ""
    for number, line in enumerate(lines, 1):
        item = ITEM.match(line)
        reason = item[1] if item else reason
        try:
            read = read_line(line, reading.year)
            reading.take(number, read.days, reason)
            if item and not read.days:
                raise ValueError(_("没有读到放假或上班的日期。"))
        except ValueError as error:
            reading.problems.append((number, str(error)))
        else:
            if read.unread and not SIGNED.fullmatch(line):
                reading.unread.append((number, line))
    return reading


def _read_table(text: str, year: int | None) -> _Reading:
    rows, problems = _rows(text)
    if not rows:
        raise NoticeError(problems or [(0, _("表中没有数据行。"))])
    reading = _reading(year or Counter(on.year for _number, on, _working, _reason in rows).most_common(1)[0][0])
    reading.problems += problems
    for number, on, working, reason in rows:
        try:
            reading.put(number, on, working, reason)
        except ValueError as error:
            reading.problems.append((number, str(error)))
    return reading


def _rows(text: str) -> tuple[list[tuple[int, date, bool, str]], list[tuple[int, str]]]:
    rows, problems = [], []
    for number, line in list(enumerate(text.split("\n"), 1))[1:]:
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], strict=True), [])]
            if any(cells):
                rows.append((number, *_row(cells)))
        except (ValueError, csv.Error) as error:
            problems.append((number, str(error)))
    return rows, problems


def _row(cells: list[str]) -> tuple[date, bool, str]:
    on, kind, reason = (*cells, "", "", "")[:3]
    if kind.lower() not in KINDS:
        raise ValueError(_("kind 须为 off（放假）或 working（上班），不能是“%(kind)s”。") % {"kind": kind[:20]})
    try:
        return date.fromisoformat(on), KINDS[kind.lower()], reason[:200]
    except ValueError as error:
        raise ValueError(_("日期须写作 2027-01-31 的形式，不能是“%(date)s”。") % {"date": on[:20]}) from error
