"""How long something may take: a number and a unit, written as text (`3wd`, `2wh`, `7d`, `3mo`, `24h`, `30min`)."""

import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

WORKING_DAYS, WORKING_HOURS, DAYS, MONTHS, HOURS, MINUTES = "wd", "wh", "d", "mo", "h", "min"
UNITS = (WORKING_DAYS, WORKING_HOURS, DAYS, MONTHS, HOURS, MINUTES)
LARGEST = 9999


@dataclass(frozen=True, slots=True)
class Limit:
    """`n` working days (wd), working hours (wh), calendar days (d) or months (mo), or, round the clock, h or min."""

    n: int
    unit: str

    PATTERN: ClassVar = re.compile(rf"([0-9]{{1,6}})\s*({'|'.join(UNITS)})")

    def __post_init__(self) -> None:
        if self.unit not in UNITS or not 1 <= self.n <= LARGEST:
            raise ValueError(
                _("期限的数值须在 1 至 %(largest)d 之间，单位须为 wd、wh、d、mo、h、min 之一。") % {"largest": LARGEST}
            )

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """The limit written in `text`; ValueError, in the reader's language, where it is none."""
        match = cls.PATTERN.fullmatch(text.strip().lower())
        if match is None:
            message = _("无法识别期限“%(text)s”：请写数字加单位，如 3wd、2wh、7d、3mo、24h、30min。")
            raise ValueError(message % {"text": text.strip()[:40]})
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        return f"{self.n}{self.unit}"

    @property
    def elapsed(self) -> bool:
        """True where the limit runs round the clock, whatever day it is."""
        return self.unit in (HOURS, MINUTES)
