"""What is asked of whoever files a petition: a representative, or a cadre who heard of it."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from directory.fields import DayField, LineField, PickField, WordsField
from directory.models import Enterprise, User
from directory.parties import seats_of
from petitions.forms import KeyedForm, attachments, offer_categories
from petitions.forms.base import SEGMENTED
from petitions.models import Petition
from petitions.operations import OUTSIDE_CHANNELS

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
        self.mine = Petition.objects.visible_to(by, now).filter(enterprise__in=mine)
        self.fields["follows"] = LineField(required=False, max_length=24, widget=forms.HiddenInput)

    @property
    def followed(self) -> Petition | None:
        """The earlier petition of the same enterprise that this one follows, of those its filer may see."""
        number = self["follows"].value()
        return self.mine.filter(number=number[:24]).first() if number and "\0" not in number else None

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        said, fields["follows"] = fields.get("follows"), self.followed
        if said and not fields["follows"]:
            self.add_error(None, _("没有可以关联的诉求 %(number)s。") % {"number": said})
        enterprise = fields["enterprise"] = fields.get("enterprise") or self.only
        if enterprise and enterprise.pk in self.represents:
            fields["consent"] = ""
        elif enterprise and not fields.get("consent") and "consent" not in self.errors:
            self.add_error("consent", _("代企业提交须写明企业由谁、以何种方式同意。"))
        if enterprise and fields["follows"] and fields["follows"].enterprise_id != enterprise.pk:
            self.add_error("enterprise", _("只能关联同一企业的诉求。"))
        return fields


class RegisterForm(KeyedForm):
    """What came by letter, in person, on the web or by phone, registered by the desk for any enterprise."""

    enterprise = LineField(max_length=18, label=_("统一社会信用代码"), widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("来件渠道"), choices=[(one.value, one.label) for one in OUTSIDE_CHANNELS],
        widget=forms.RadioSelect(SEGMENTED),
    )  # fmt: skip
    outside_number = LineField(label=_("渠道登记编号"), max_length=60, help_text=_("信访、热线等系统里的编号。"))
    again = forms.BooleanField(label=_("确是另一件，仍要登记"), required=False)
    received_on = DayField(label=_("收到日期"), help_text=_("该渠道收到的日期；时限从登记时起算。"))
    title = LineField(label=_("标题"), max_length=80, help_text=_("一句话说明希望解决什么。"))
    body = WordsField(label=_("具体内容"), max_length=5000, rows=6, help_text=_("照来件内容填写；请勿填写身份证号。"))
    category = PickField(label=_("诉求类别"), required=False, empty_label=_("分拨时再定"))
    place = LineField(label=_("地点"), required=False, max_length=120)
    contact = LineField(label=_("联系人"), required=False, max_length=60)
    phone = LineField(label=_("联系电话"), required=False, max_length=30, validators=[ONE_PHONE])
    files = attachments()
    asides = frozenset({"again"})

    def __init__(self, *args, now: datetime, chosen: Enterprise | None = None, **options):
        super().__init__(*args, **options)
        self.day, self.chosen = localdate(now), chosen
        offer_categories(self.fields["category"], now)
        self.initial = {"received_on": self.day} | self.initial
        if chosen:
            self.initial |= {"enterprise": chosen.code, "contact": chosen.contact, "phone": chosen.phone}
        self.fields["received_on"].widget.attrs["max"] = self.day.isoformat()
        self.registered: Petition | None = None  # under this very number before

    def clean_enterprise(self) -> Enterprise:
        found = Enterprise.objects.filter(code=self.cleaned_data["enterprise"].upper())
        self.chosen = found.select_related("street").first()
        if self.chosen is None:
            raise ValidationError(_("没有这个统一社会信用代码的企业。"))
        return self.chosen

    def clean_received_on(self) -> date:
        day = self.cleaned_data["received_on"]
        if day > self.day:
            raise ValidationError(_("收到日期不能晚于今天。"))
        return day

    def clean(self) -> dict[str, Any]:
        """A number registered before is most likely the same letter; another one says so."""
        fields = super().clean()
        known = {name: fields[name] for name in ("channel", "outside_number") if name in fields}
        self.registered = Petition.objects.filter(**known).order_by("id").first() if len(known) == 2 else None
        if self.registered and self.registered.key != fields.get("key") and not fields.get("again"):
            words = _("该编号已登记为 %(number)s；如确是另一件，请勾选“仍要登记”。")
            self.add_error("outside_number", words % {"number": self.registered.number})
        return fields
