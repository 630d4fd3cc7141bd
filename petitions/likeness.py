"""How much a reply is like earlier ones, once names, numbers and dates are taken out of both: so that a reply in which
only those were changed is still known for what it is."""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

ALIKE = 90  # percent, from which on a reply is shown as nearly identical
# Digits and letters of numbers and codes, blanks and marks; days and counts in Chinese numerals.
CHANGING = re.compile(r"[0-9０-９A-Za-z_\W]+|[〇零一二三四五六七八九十百千万两]+(?=[年月日号天个件元米次项点])")


def essence(text: str, names: Iterable[str]) -> str:
    """The words that say something, without these names, numbers, dates, blanks and marks."""
    for name in sorted((name for name in names if len(name) > 1), key=len, reverse=True):
        text = text.replace(name, "")
    return CHANGING.sub("", text)


def nearest(essence_of_new: str, earlier: Mapping[int, str]) -> tuple[int, int] | None:
    """The key of the earlier essence most like the new one, and how much in percent; None where none is that much."""
    if not essence_of_new:
        return None
    found = process.extractOne(essence_of_new, earlier, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return (found[2], int(found[1])) if found else None
