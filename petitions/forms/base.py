"""What the forms of all steps share."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from directory.fields import PickField, UploadsField, WordsField
from directory.models import Unit, User
from petitions.models import Category, Petition, ServiceStandard
from petitions.parties import LEAD
from petitions.variables import left_open
from petitions.wording import group_label

YES_NO = [("yes", _("是")), ("no", _("否"))]
SEGMENTED = {"data-look": "segmented"}
SATISFACTION = [(1, _("很不满意")), (2, _("不满意")), (3, _("一般")), (4, _("满意")), (5, _("很满意"))]
NOT_ANSWERING = (Unit.Kind.DESK, Unit.Kind.CALL_BACK, Unit.Kind.SUPERVISION)


def short(label: str, hint: str = "", *, required: bool = True, most: int = 500, rows: int = 3) -> WordsField:
    return WordsField(label=label, help_text=hint, required=required, max_length=most, rows=rows)


def attachments() -> UploadsField:
    hint = _("图片、PDF、Word、Excel、PPT 或文本，每个不超过 {most} MB；图片中的位置信息会被去除。")
    hint = format_lazy(hint, most=settings.UPLOAD_MAX_BYTES // 2**20)
    return UploadsField(label=_("附件"), required=False, help_text=hint)


def yes_no(label: str, **options) -> forms.TypedChoiceField:
    """Yes or no, said rather than left unticked; answers a bool."""
    widget = forms.RadioSelect(SEGMENTED)
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=lambda said: said == "yes", widget=widget, **options
    )


def categories(now: datetime) -> list[Category]:
    return list(Category.objects.valid_on(localdate(now)).select_related("lead").order_by("code"))


def offer_categories(field: PickField, now: datetime) -> None:
    field.offer(categories(now), label=lambda one: one.label, grouped=group_label)


class KeyedForm(forms.Form):
    """Carries the key that makes a submission sent twice happen once."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    asides: frozenset[str] = frozenset()  # fields that help to fill in the others
    made: frozenset[str] = frozenset()  # arguments that `clean` makes of several fields

    use_required_attribute = False  # what is missing is said by us, in the reader's language

    def clean(self) -> dict[str, Any]:
        if "key" in self.errors:
            self.add_error(None, _("页面已过期，请刷新后重新填写。"))
        return self.cleaned_data

    def clean_key(self):
        return self.cleaned_data["key"] or uuid4()

    @property
    def arguments(self) -> dict[str, Any]:
        """For the operation, beside petition, by and now."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.asides}

    def refuse(self, wrong: ValidationError) -> None:
        """Show what the operation objected to, at its field where the form has it."""
        errors = wrong.message_dict if hasattr(wrong, "error_dict") else {None: wrong.messages}
        for name, words in errors.items():
            self.add_error(name if name in self.fields else None, words)


class StepForm(KeyedForm):
    """A step of one petition, by one person."""

    prefilled: tuple[str, ...] = ()  # may be given in the address of the form
    layout = "components/form.html"

    def __init__(self, *args, petition: Petition, by: User, now: datetime, **options):
        super().__init__(*args, **options)
        self.petition, self.by, self.now = petition, by, now
        self.day = localdate(now)
        self.prepare()

    def prepare(self) -> None:
        """Offer what this person may choose here."""

    def clean(self) -> dict[str, Any]:
        """A variable of a standard reply that was left open is not sent."""
        fields = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, WordsField) and (left := left_open(fields.get(name) or "")):
                self.add_error(name, _now("请先填写%(name)s。") % {"name": left[0]})
        return fields

    def clean_files(self) -> list:
        """What this step adds must fit beside what the petition already holds."""
        added = self.cleaned_data["files"]
        most = settings.UPLOADS_PER_RECORD
        if added and self.petition.attachments.count() + len(added) > most:
            raise ValidationError(
                ngettext("每件诉求最多 %(n)s 个附件。", "每件诉求最多 %(n)s 个附件。", most) % {"n": most}
            )
        return added

    def units(self) -> list[Unit]:
        """The units that may answer petitions, bureaus first."""
        return list(Unit.objects.valid_on(self.day).exclude(kind__in=NOT_ANSWERING).order_by("kind", "code"))

    def other_units(self) -> list[Unit]:
        """The same without the lead unit."""
        return [unit for unit in self.units() if unit.pk != self.petition.lead_id]

    def own_people(self):
        """Those of the lead unit, who may handle it."""
        return LEAD.people(self.petition, self.day).order_by("name")


class DecidingForm(StepForm):
    """Decides what somebody else wrote; another version of that than the reader has `seen` is not decided unseen."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    asides = frozenset({"seen"})
    changed = _("等待决定的内容已有变化，请查看最新内容后再决定。")

    def prepare(self) -> None:
        self.initial["seen"] = self.stands

    @property
    def stands(self) -> str:
        """Names what waits for a decision now."""
        waiting = self.petition.proposal
        return waiting.asked_at.isoformat() if waiting else ""

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        if fields.get("seen") and self.stands and fields["seen"] != self.stands:
            self.add_error(None, self.changed)
            self.data = self.data.copy()
            self.data["seen"] = self.stands  # the form that is shown again is about what is there now
        return fields


class SigningForm(DecidingForm):
    """The same of a reply that waits for its signature."""

    @property
    def stands(self) -> str:
        draft = self.petition.draft
        return draft.at.isoformat() if draft else ""


def by_kind(unit: Unit) -> str:
    """The heading a unit stands under."""
    return unit.get_kind_display()


def standards(now: datetime) -> list[tuple[str, str]]:
    """The service standards in force, by code."""
    rows = ServiceStandard.objects.filter(valid_from__lte=localdate(now))
    return [(row.code, str(row)) for row in rows.order_by("code", "-valid_from").distinct("code")]
