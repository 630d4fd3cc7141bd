"""Reading the CSV files that offices hand over: row by row, each with the line it starts on, and every fault named."""

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

Made = TypeVar("Made")
Record = TypeVar("Record", bound=models.Model)
ENCODINGS = ("utf-8-sig", "gb18030")
SHOWN = 50  # faults named one by one; of more only the number is said
CHUNK = 1 << 20


class Row(NamedTuple):
    """The cells of one row by column, without surrounding blanks, and the line of the file it starts on."""

    line: int
    cells: dict[str, str]


class BadRows(ValueError):
    """Every fault of a file, one sentence each; nothing of the file may be written."""

    def __init__(self, file: Path | str, faults: Iterable[str]):
        self.faults = list(faults)
        self.file = file
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        more = len(self.faults) - SHOWN
        rest = [_("……另有 %(n)d 处错误。") % {"n": more}] if more > 0 else []
        name = getattr(self.file, "name", self.file)
        return [f"{name}: {fault}" for fault in self.faults[:SHOWN]] + rest


def at_line(line: int, fault: str) -> str:
    return _("第 %(line)d 行：%(fault)s") % {"line": line, "fault": fault}


def encoding_of(file: Path) -> str:
    """UTF-8 (with or without its mark) or GB 18030, found without holding the file in memory."""
    for encoding in ENCODINGS:
        try:
            with file.open(encoding=encoding, newline="") as text:
                while text.read(CHUNK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadRows(file, [_("文件不是 UTF-8 或 GB 18030 编码的文本。")])


def read_rows(file: Path, columns: Iterable[str]) -> Iterator[Row | str]:
    """The rows of a CSV file with these columns, in any order, others ignored; a fault comes as its sentence instead.

    BadRows where the file cannot be read as a table at all. OSError where it cannot be opened.
    """
    with file.open(encoding=encoding_of(file), newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            require(file, header, columns)
            yield from _rows(reader, header)
        except csv.Error as error:
            yield at_line(reader.line_num, _("不是完整的 CSV（%(error)s）。") % {"error": error})


def require(file: Path, header: list[str], columns: Iterable[str]) -> None:
    missing = [name for name in columns if name not in header]
    if missing:
        raise BadRows(file, [at_line(1, _("缺少列 %(names)s。") % {"names": ", ".join(missing)})])
    if len(set(header)) < len(header):
        raise BadRows(file, [at_line(1, _("列名重复。"))])


def _rows(reader, header: list[str]) -> Iterator[Row | str]:
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _row(line, cells, header)
        line = reader.line_num + 1


def _row(line: int, cells: list[str], header: list[str]) -> Row | str:
    if len(cells) != len(header):
        wrong = _("应有 %(wanted)d 列，实有 %(found)d 列。") % {"wanted": len(header), "found": len(cells)}
        return at_line(line, wrong)
    if any("\0" in cell for cell in cells):
        return at_line(line, _("含有空字符（NUL）。"))
    return Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=True)))


def read_all(file: Path, columns: Iterable[str], make: Callable[[Row], Made]) -> list[Made]:
    """Every row made into something by `make`, which raises ValueError where it cannot; BadRows names every fault."""
    made, faults = [], []
    for row in read_rows(file, columns):
        if isinstance(row, str):
            faults.append(row)
            continue
        try:
            made.append(make(row))
        except ValueError as error:
            faults.append(at_line(row.line, str(error)))
    if faults:
        raise BadRows(file, faults)
    return made


def checked(record: Record) -> Record:
    """The unsaved record, if each of its own columns holds what it may; ValueError naming each that does not."""
    try:
        record.clean_fields()
    except ValidationError as wrong:
        fields = ((record._meta.get_field(name).verbose_name, told) for name, told in wrong.message_dict.items())
        raise ValueError(_("；").join(f"{label}{_('：')}{' '.join(told)}" for label, told in fields)) from wrong
    return record


def once(codes: set, code) -> None:
    """Note a code of the file; ValueError where it stood there before."""
    if code in codes:
        raise ValueError(_("代码“%(code)s”重复。") % {"code": code})
    codes.add(code)
