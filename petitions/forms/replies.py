"""What a unit's head fills in to keep a standard reply."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.fields import LineField, PickField, WordsField
from directory.models import Unit
from petitions.forms.base import offer_categories
from petitions.models import StandardReply
from petitions.parties import CO_ORGANISER, LEAD, LEAD_HEAD
from petitions.process import STEPS
from petitions.standard_replies import STEPS_WITH_REPLIES
from petitions.variables import check_variables, listed

OF_UNITS = [
    (step, STEPS[step].label) for step in STEPS_WITH_REPLIES if {LEAD, LEAD_HEAD, CO_ORGANISER} & {*STEPS[step].by}
]


class KeepReplyForm(forms.Form):
    """row: the one to be changed, else a new one."""

    unit = PickField(label=_("单位"))
    title = LineField(label=_("名称"), max_length=60)
    step = forms.ChoiceField(label=_("用于"), choices=OF_UNITS)
    category = PickField(label=_("诉求类别"), required=False, empty_label=_("各类诉求通用"))
    body = WordsField(label=_("内容"), max_length=5000, rows=6, validators=[check_variables])

    use_required_attribute = False

    def __init__(self, *args, units: list[Unit], now: datetime, row: StandardReply | None = None, **options):
        super().__init__(*args, **options)
        self.day, self.row = localdate(now), row
        self.fields["unit"].offer(units)
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial["unit"] = units[0].code
        self.initial["step"] = "reply"
        offer_categories(self.fields["category"], now)
        self.fields["body"].help_text = format_lazy(_("可以使用的变量：{known}。"), known=listed())
        if row:
            kept = {"title": row.title, "step": row.step, "body": row.body, "unit": row.unit.code}
            self.initial |= kept | {"category": row.category and row.category.code}

    def clean(self) -> dict[str, Any]:
        """A title names one reply of a unit's step."""
        fields = super().clean()
        if not self.errors:
            named = {name: fields[name] for name in ("unit", "step", "title")}
            others = StandardReply.objects.valid_on(self.day).filter(**named).exclude(pk=self.row and self.row.pk)
            if others.exists():
                self.add_error("title", _now("本单位在这一步已有同名的标准答复。"))
        return fields
