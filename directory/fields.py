"""Form fields that every app's forms are made of: clean text, files, and rows chosen by their public code."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from directory.uploads import ALLOWED, check_upload

JOINERS = "\u200c\u200d"  # format characters that words and emoji are built with
BREAKS = "\n\t"
# Blanks, joiners and variation signs, and the letters of Hangul and Braille that look like blanks.
UNSEEN = re.compile(r"[\s\u200c\u200d\ufe00-\ufe0f\u115f\u1160\u3164\uffa0\u2800]*")
WIDEST_OFFSET = timedelta(hours=14)


def plain(text: str, kept: str = "") -> str:
    """The text without control and format characters, but for joiners and those `kept`; empty where nothing shows.

    NUL stays, for the validators to refuse. Raises a ValidationError on half a character (a lone surrogate).
    """
    try:
        text.encode()
    except UnicodeEncodeError as wrong:
        raise ValidationError(_("文字中有无法保存的字符，请删除后重试。"), "surrogate") from wrong
    kept += f"{JOINERS}\0"
    said = "".join(c for c in text if c in kept or unicodedata.category(c) not in ("Cc", "Cf"))
    return "" if UNSEEN.fullmatch(said) else said


class LineField(forms.CharField):
    """One line of text: no control characters, no breaks, single spaces."""

    def to_python(self, value):
        text = super().to_python(value)
        return " ".join(plain(str(text), BREAKS + "\r").split()) if text not in self.empty_values else text


class WordsField(forms.CharField):
    """Several lines of text, with line breaks counted as one character each."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 5, **options):
        super().__init__(**options)
        self.widget.attrs.update(rows=rows)
        self.widget.attrs.pop("cols", None)

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return text
        return plain(str(text).replace("\r\n", "\n").replace("\r", "\n"), BREAKS).strip()


class DayField(forms.DateField):
    """A day of this century."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput({"type": "date"}, "%Y-%m-%d"))
        super().__init__(**options)

    def to_python(self, value):
        day = super().to_python(value)
        if day and not 2000 <= day.year < 2100:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return day


class MomentField(forms.DateTimeField):
    """A moment of this century, at an offset that some clock on earth shows: what the database can keep and read."""

    def to_python(self, value):
        moment = super().to_python(value)
        if moment and not (2000 <= moment.year < 2100 and abs(moment.utcoffset()) <= WIDEST_OFFSET):
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return moment


class UploadsInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name) -> list:
        if hasattr(files, "getlist"):
            return files.getlist(name)
        sent = files.get(name) or []
        return sent if isinstance(sent, list) else [sent]

    def value_omitted_from_data(self, data, files, name) -> bool:
        return not self.value_from_datadict(data, files, name)


class UploadsField(forms.FileField):
    """Any number of checked uploads, up to what one record may hold; answers a list."""

    widget = UploadsInput

    def __init__(self, *, allowed: dict[str, str] = ALLOWED, **options):
        self.allowed = allowed
        super().__init__(**options)

    def widget_attrs(self, widget) -> dict:
        listed = ",".join(f".{extension}" for extension in self.allowed)
        return super().widget_attrs(widget) | {"multiple": True, "accept": listed, "data-look": "file"}

    def clean(self, value, initial=None) -> list:
        uploads = [one for one in value or [] if one not in self.empty_values]
        if not uploads and self.required:
            raise ValidationError(self.error_messages["required"], "required")
        most = settings.UPLOADS_PER_RECORD
        if len(uploads) > most:
            raise ValidationError(
                ngettext("最多上传 %(n)s 个文件。", "最多上传 %(n)s 个文件。", most) % {"n": most}, "many"
            )
        checked, wrong = [], []
        for upload in uploads:
            try:
                checked.append(check_upload(upload, self.allowed))
            except ValidationError as refusal:
                wrong.append(refusal)
        if wrong:
            raise ValidationError(wrong)
        return checked


class Picks:
    """Rows offered by their public code. Offered from memory, so that what is sent never reaches a query.

    A form calls `offer` when it is made; `grouped` puts the rows under headings.
    """

    rows: dict[str, object] = {}

    def offer(
        self, rows: Iterable, *, code: str = "code", label: Callable = str, grouped: Callable | None = None
    ) -> None:
        rows = list(rows)
        self.code = code
        self.rows = {str(getattr(row, code)): row for row in rows}
        options = [(grouped(row) if grouped else "", (str(getattr(row, code)), label(row))) for row in rows]
        groups: dict[str, list] = {}
        for group, option in options:
            groups.setdefault(group, []).append(option)
        self.choices = [*self.blank(), *(groups.items() if grouped else groups.get("", []))]

    def blank(self) -> list:
        return []

    def prepare_value(self, value):
        if isinstance(value, list | tuple | set):
            return [self.prepare_value(one) for one in value]
        return getattr(value, self.code, value) if value in self.rows.values() else value


class PickField(Picks, forms.ChoiceField):
    """One of the rows, or None where it may be left out."""

    def __init__(self, *, empty_label="", **options):
        self.empty_label = empty_label or _("请选择")
        super().__init__(**options)

    def blank(self) -> list:
        return [("", self.empty_label)]

    def clean(self, value):
        return self.rows.get(super().clean(value))


class PicksField(Picks, forms.MultipleChoiceField):
    """Any number of the rows, in the order offered."""

    def clean(self, value) -> list:
        chosen = set(super().clean(value))
        return [row for code, row in self.rows.items() if code in chosen]
