"""What is asked of whoever files a petition: a representative, or a cadre who heard of it."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from directory.fields import LineField, PickField, WordsField
from directory.models import Enterprise, User
from directory.parties import seats_of
from petitions.forms import KeyedForm, attachments, offer_categories

ONE_PHONE = RegexValidator(r"^[0-9+()（）转 -]{5,30}$", _("电话号码只能由数字和 + - ( ) 组成。"))


class ConcernForm(forms.Form):
    """What an enterprise asks for: as heard by its cadre on a visit, or as part of `FileForm`."""

    title = LineField(label=_("标题"), max_length=80, help_text=_("一句话说明希望解决什么。"))
    body = WordsField(
        label=_("具体内容"), max_length=5000, rows=6, help_text=_("写明时间、影响和希望的解决办法；请勿填写身份证号。")
    )
    category = PickField(label=_("诉求类别"), required=False, empty_label=_("不确定，由分拨员选择"))
    place = LineField(label=_("地点"), required=False, max_length=120)
    contact = LineField(label=_("联系人"), required=False, max_length=60)
    phone = LineField(label=_("联系电话"), required=False, max_length=30, validators=[ONE_PHONE])
    consent = LineField(
        label=_("企业同意"), max_length=200, help_text=_("代企业提交时填写：企业由谁、以何种方式同意。")
    )

    use_required_attribute = False

    def __init__(self, *args, now: datetime, **options):
        super().__init__(*args, **options)
        offer_categories(self.fields["category"], now)


class FileForm(KeyedForm, ConcernForm):
    """A petition of an enterprise that this person speaks for or looks after."""

    enterprise = PickField(label=_("企业"))
    files = attachments()
    field_order = ("enterprise", "title", "body", "category", "place", "contact", "phone", "consent", "files")

    def __init__(self, *args, by: User, now: datetime, **options):
        super().__init__(*args, now=now, **options)
        seats = seats_of(by, localdate(now))
        self.represents = seats.represents
        mine = list(Enterprise.objects.filter(pk__in=seats.represents | seats.cares_for).select_related("street"))
        self.fields["enterprise"].offer(mine)
        self.only = mine[0] if len(mine) == 1 else None
        if self.only:
            self.fields["enterprise"].widget = forms.HiddenInput()
            self.fields["enterprise"].required = False
            said = {"enterprise": self.only.code, "contact": self.only.contact, "phone": self.only.phone}
            self.initial = said | self.initial
        if not seats.cares_for - seats.represents:
            del self.fields["consent"]
        else:
            self.fields["consent"].required = not seats.represents

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        enterprise = fields["enterprise"] = fields.get("enterprise") or self.only
        if enterprise and enterprise.pk in self.represents:
            fields["consent"] = ""
        elif enterprise and not fields.get("consent") and "consent" not in self.errors:
            self.add_error("consent", _("代企业提交须写明企业由谁、以何种方式同意。"))
        return fields
