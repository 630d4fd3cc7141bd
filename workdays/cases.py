"""A file of cases: start, limit and perhaps a pause in, due moments out. Pure."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from workdays.calendar import Calendar, Due
from workdays.limits import Limit

REQUIRED = ("start", "limit")
OPTIONAL = ("suspended", "resumed")
YEARS = range(1900, 2400)


class CaseError(ValueError):
    """Every row that cannot be computed, with its line and the reason."""


def moment(text: str, calendar: Calendar) -> datetime:
    """An ISO 8601 moment; local time where it names no offset. ValueError where it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(
            _("无法识别时间“%(text)s”：请写作 2026-02-13T10:00。") % {"text": text.strip()[:40]}
        ) from error
    if found.year not in YEARS:
        raise ValueError(_("年份 %(year)d 不在可用范围内。") % {"year": found.year})
    return found if found.tzinfo else found.replace(tzinfo=calendar.zone)


def due_moments(text: str, calendar: Calendar) -> list[Due]:
    """One due moment per row of the CSV `text`; CaseError, naming every bad line, where one cannot be computed."""
    found: list[Due] = []
    problems: list[str] = []
    for number, row in _rows(text):
        try:
            found.append(_due(row, calendar))
        except ValueError as error:
            problems.append(_("第 %(number)d 行：%(message)s") % {"number": number, "message": error})
    if problems:
        raise CaseError("\n".join(problems))
    return found


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            raise CaseError(_("第 1 行：缺少列 %(names)s。") % {"names": ", ".join(missing)})
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        raise CaseError(_("第 %(number)d 行：%(message)s") % {"number": reader.line_num, "message": error}) from error


def _due(row: dict[str, str], calendar: Calendar) -> Due:
    for name in REQUIRED:
        if not row.get(name):
            raise ValueError(_("%(name)s 为空。") % {"name": name})
    start, limit = moment(row["start"], calendar), Limit.parse(row["limit"])
    suspended, resumed = (moment(row[name], calendar) if row.get(name) else None for name in OPTIONAL)
    if suspended is None and resumed is None:
        return calendar.due(start, limit)
    if suspended is None or resumed is None:
        raise ValueError(_("suspended 与 resumed 须同时填写：尚未恢复的事项没有到期时间。"))
    if suspended < start:
        raise ValueError(_("挂起时间早于开始时间。"))
    return calendar.replay(start, limit, [(suspended, resumed)])
