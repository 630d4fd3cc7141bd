"""Words in braces that a standard reply leaves open: which there are, and what is put in for them."""

import re
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NAMES = ("企业", "编号", "标题", "牵头单位", "经办人", "承诺日期", "今天")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def listed() -> str:
    """All of them, as they are written."""
    return _("、").join(f"{{{name}}}" for name in NAMES)


def check_variables(text: str) -> None:
    """Raise ValidationError on a variable nobody knows, and on a brace without its other half."""
    unknown = [name for name in IN_BRACES.findall(text) if name not in NAMES]
    if unknown:
        said = {"name": f"{{{unknown[0]}}}", "known": listed()}
        raise ValidationError(_("没有“%(name)s”这个变量；可以使用：%(known)s。") % said)
    if stray := re.search(r"[{}]", IN_BRACES.sub(lambda found: " " * len(found[0]), text)):
        said = {"brace": stray[0], "near": text[max(0, stray.start() - 5) : stray.start() + 6].replace("\n", " ")}
        raise ValidationError(_("“%(near)s”处的“%(brace)s”没有成对，变量须写在一对花括号里。") % said)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known put in; what is not stays in its braces, for the writer to see."""
    return IN_BRACES.sub(lambda found: values.get(found[1]) or found[0], text)


def left_open(text: str) -> list[str]:
    """The variables that nobody has filled in."""
    return [f"{{{name}}}" for name in IN_BRACES.findall(text) if name in NAMES]


def day_words(day: date | None) -> str:
    """A day as a Chinese text has it."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
