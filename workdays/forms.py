"""The form with which an administrator loads a notice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workdays.files import decoded
from workdays.notice import FIRST_YEAR, LAST_YEAR, NoticeError, parse_notice

LONGEST_TEXT = 20_000


class NoticeForm(forms.Form):
    """A notice pasted or uploaded; `cleaned_data["notice"]` is what was read."""

    text = forms.CharField(
        label=_("通知全文"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 100}),
        help_text=_("粘贴国务院办公厅通知全文，或 date,kind,reason 三列的 CSV。"),
    )
    file = forms.FileField(label=_("或上传文件"), required=False, help_text=_("TXT 或 CSV，UTF-8 或 GB 18030。"))
    year = forms.IntegerField(label=_("年份"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    accept_missing = forms.BooleanField(label=_("缺少法定节假日也载入"), required=False)

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            cleaned["text"] = self._text(cleaned)
            cleaned["notice"] = parse_notice(
                cleaned["text"], cleaned.get("year"), accept_missing=cleaned["accept_missing"]
            )
        except NoticeError as error:
            raise forms.ValidationError(list(error.lines())) from error
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return cleaned

    def _text(self, cleaned: dict) -> str:
        upload = cleaned.get("file")
        text = decoded(upload.read(4 * LONGEST_TEXT + 1)) if upload else cleaned["text"]
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise ValueError(_("请粘贴或上传通知全文（不超过 %(n)d 字）。") % {"n": LONGEST_TEXT})
        return text
