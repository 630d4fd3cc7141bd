"""Reading one line of a notice: which dates it sets free and which it makes people work. Pure."""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

ITEM = re.compile(r"[一二三四五六七八九十]+、([^:]{1,20}):")
TOKEN = re.compile(
    r"(?P<to>至|到|—+|-|~)?(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?:\((?P<note>[^)]*)\))?"
    r"|(?P<verb>放假|上班)|共(?P<count>\d+)天|(?P<stop>[。;]|鼓励[^。]*)"
)
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
WEEKDAYS = "一二三四五六日"
LONGEST = 31  # days of one holiday


class Line(NamedTuple):
    """(date, worked?) in the order written; whether dates are named without a word on what happens on them."""

    days: list[tuple[date, bool]]
    unread: bool


def plain(line: str) -> str:
    """Full-width digits and brackets as plain ones, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", line))


def read_line(line: str, year: int) -> Line:
    """What a plain line of that year's notice says; ValueError where weekdays, ranges or numbers of days do not fit."""
    days: list[tuple[date, bool]] = []
    waiting: list[date] = []
    last, off, end, unread = None, 0, 0, False
    for token in TOKEN.finditer(line):
        if token["day"]:
            waiting += _dates(token, year, last, runs_on=bool(waiting) and token.start() == end)
            last, end = waiting[-1], token.end()
        elif token["verb"]:
            working = token["verb"] == "上班"
            days += [(on, working) for on in waiting]
            off, waiting = off if working or not waiting else len(waiting), []
        elif token["count"]:
            _check_count(int(token["count"]), off)
        else:
            unread, waiting = unread or bool(waiting), []
    return Line(days, unread or bool(waiting))


def _dates(token: re.Match, year: int, before: date | None, *, runs_on: bool) -> list[date]:
    """The date written in the token; behind 至 the days that lead from the date before to it."""
    on = _date(token, year, before)
    stated = WEEKDAY.findall(token["note"] or "")
    if len(stated) == 1 and WEEKDAYS[on.weekday()] != stated[0].replace("天", "日"):
        raise ValueError(_("%(date)s 不是星期%(weekday)s。") % {"date": on, "weekday": stated[0]})
    if not (token["to"] and runs_on):
        return [on]
    if not 0 < (on - before).days <= LONGEST:
        raise ValueError(_("从 %(first)s 到 %(last)s 的日期范围不成立。") % {"first": before, "last": on})
    return [before + timedelta(days=n) for n in range(1, (on - before).days + 1)]


def _date(token: re.Match, year: int, before: date | None) -> date:
    if not token["month"] and before is None:
        raise ValueError(_("“%(text)s”缺少月份。") % {"text": token[0]})
    month = int(token["month"]) if token["month"] else before.month
    year = int(token["year"] or (year if token["month"] else before.year))
    try:
        return date(year, month, int(token["day"]))
    except ValueError as error:
        raise ValueError(_("没有这一天：%(text)s。") % {"text": token[0]}) from error


def _check_count(stated: int, off: int) -> None:
    if off and stated != off:
        raise ValueError(_("写明共 %(stated)d 天，日期却有 %(off)d 天。") % {"stated": stated, "off": off})
