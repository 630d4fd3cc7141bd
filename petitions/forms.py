"""What each step asks. A form's fields are the arguments of its operation; page and API fill in the same ones."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from directory.fields import DayField, LineField, PickField, PicksField, UploadsField, WordsField
from directory.models import Unit, User
from petitions.models import Category, Evaluation, Petition, ServiceStandard
from petitions.parties import LEAD
from petitions.wording import DeclineReason, group_label

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

    def __init__(self, *args, petition: Petition, by: User, now: datetime, **options):
        super().__init__(*args, **options)
        self.petition, self.by, self.now = petition, by, now
        self.day = localdate(now)
        self.prepare()

    def prepare(self) -> None:
        """Offer what this person may choose here."""

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


class CorrectForm(StepForm):
    title = LineField(label=_("标题"), max_length=80)
    body = WordsField(label=_("内容"), max_length=5000, rows=8)

    def prepare(self) -> None:
        self.initial = {"title": self.petition.title, "body": self.petition.body} | self.initial


class WithdrawForm(StepForm):
    note = short(_("撤回原因"))
    pressed = yes_no(_("是否有人要求您撤回？"), help_text=_("如有人要求撤回，督查人员会收到提醒。"))


class DispatchForm(StepForm):
    """Prefilled from the category: its lead unit, co-organisers and standard hold unless the desk names others."""

    category = PickField(label=_("诉求类别"))
    lead = PickField(label=_("牵头单位"), required=False)
    co_organisers = PicksField(label=_("协办单位"), required=False, widget=forms.CheckboxSelectMultiple)
    standard = forms.ChoiceField(label=_("服务标准"), required=False)
    note = short(_("交办要求"), required=False)
    suggested_for = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)
    asides = frozenset({"suggested_for"})
    prefilled = ("category",)

    def prepare(self) -> None:
        offer_categories(self.fields["category"], self.now)
        self.redraw_on_change()
        category, units = self.suggested(), self.units()
        self.initial |= {"category": category, "suggested_for": category.code if category else ""}
        helpers = self.initial["co_organisers"] = self.helpers_of(category)
        self.fields["lead"].empty_label = self.left_to(category and category.lead_for(self.petition.enterprise).label)
        self.fields["lead"].offer(units, grouped=lambda unit: unit.get_kind_display())
        self.fields["co_organisers"].offer(sorted(units, key=lambda unit: unit not in helpers))
        self.fields["standard"].choices = [("", self.left_to(category and category.standard)), *standards(self.now)]

    def redraw_on_change(self) -> None:
        """Another category's units are suggested at once where scripts run, and by `clean` where they do not."""
        there = reverse("petitions:take_step", args=[self.petition.number, "dispatch"])
        asks = {"hx-get": there, "hx-trigger": "change", "hx-target": "#step", "hx-swap": "innerHTML"}
        self.fields["category"].widget.attrs |= asks
        self.fields["note"].widget.attrs["hx-preserve"] = "true"

    def left_to(self, choice: str | None) -> str:
        """The option that leaves a choice to the category."""
        return _now("按类别：%(choice)s") % {"choice": choice} if choice else _now("按类别确定")

    def suggested(self) -> Category | None:
        """The category the page was drawn for: named in its address, else the one the filer chose."""
        asked = self.fields["category"].rows.get(str(self.initial.get("category", "")))
        return asked or self.fields["category"].rows.get(self.petition.category.code if self.petition.category else "")

    def helpers_of(self, category: Category | None) -> list[Unit]:
        return category.co_organisers_for(self.petition.enterprise) if category else []

    def clean(self) -> dict[str, Any]:
        """What was left to the category is the category's, also when it was changed without the page being redrawn."""
        fields = super().clean()
        category = fields.get("category")
        if category is None:
            return fields
        fields["lead"] = fields.get("lead") or category.lead_for(self.petition.enterprise)
        fields["standard"] = fields.get("standard") or category.standard
        drawn_for = self.fields["category"].rows.get(fields.get("suggested_for"))
        if drawn_for != category and set(fields.get("co_organisers", ())) == set(self.helpers_of(drawn_for)):
            fields["co_organisers"] = self.helpers_of(category)
        return fields


def standards(now: datetime) -> list[tuple[str, str]]:
    """The service standards in force, by code."""
    rows = (
        ServiceStandard.objects.filter(valid_from__lte=localdate(now)).order_by("code", "-valid_from").distinct("code")
    )
    return [(row.code, str(row)) for row in rows]


class ProposeDeclineForm(StepForm):
    reason = forms.ChoiceField(label=_("理由"), choices=DeclineReason, widget=forms.RadioSelect)
    guidance = short(_("告知企业的去向"), _("写明企业应向哪里、以什么方式提出。"))


class DeclineForm(StepForm):
    """The second person only agrees."""


class KeepForm(StepForm):
    note = short(_("驳回理由"))


class AcceptForm(StepForm):
    handler = PickField(label=_("经办人"), required=False)
    note = short(_("给企业的话"), required=False)

    def prepare(self) -> None:
        people = LEAD.people(self.petition, self.day).order_by("name")
        self.fields["handler"].empty_label = _now("本人")
        self.fields["handler"].offer(people, code="username")
        self.initial.setdefault("handler", self.by.username)


class ConsultForm(StepForm):
    units = PicksField(label=_("协办单位"), widget=forms.CheckboxSelectMultiple)
    question = WordsField(label=_("协办事项"), help_text=_("写明需要对方核实或提供什么。"), max_length=2000, rows=4)

    def prepare(self) -> None:
        self.fields["units"].offer(unit for unit in self.units() if unit.pk != self.petition.lead_id)


class AdviseForm(StepForm):
    answer = WordsField(label=_("协办意见"), max_length=5000, rows=6)
    files = attachments()


class InterimForm(StepForm):
    body = WordsField(label=_("办理情况和计划"), max_length=5000, rows=6)
    promised_on = DayField(label=_("承诺日期"), help_text=_("在这一天之前给出最终答复。"))
    files = attachments()

    def prepare(self) -> None:
        self.fields["promised_on"].widget.attrs["min"] = self.day.isoformat()


class ReplyForm(StepForm):
    conclusion = forms.ChoiceField(
        label=_("结论"), choices=Petition.Conclusion, widget=forms.RadioSelect(SEGMENTED)
    )  # fmt: skip
    body = WordsField(label=_("答复内容"), max_length=5000, rows=8)
    basis = short(_("依据"), _("法规、政策文件的名称和条款。"), rows=2)
    waiver = LineField(label=_("不再等待协办单位的理由"), required=False, max_length=200)
    files = attachments()

    def prepare(self) -> None:
        """The waiver is asked for only where a co-organiser is still awaited."""
        waiting = [one.unit.label for one in self.petition.co_organisations.all() if not one.is_settled]
        if not waiting:
            del self.fields["waiver"]
        else:
            self.fields["waiver"].help_text = _now("%(units)s尚未答复；如不再等待，请写明理由。") % {
                "units": _now("、").join(waiting)
            }


class EvaluateForm(StepForm):
    solved = forms.ChoiceField(label=_("问题是否解决"), choices=Evaluation.Solved, widget=forms.RadioSelect(SEGMENTED))
    contacted = yes_no(_("承办单位是否联系过您"))
    satisfaction = forms.TypedChoiceField(
        label=_("满意度"), choices=SATISFACTION, coerce=int, widget=forms.RadioSelect({"data-look": "rating"})
    )
    comment = short(_("意见"), _("未解决或不满意的，请写明还差什么。"), required=False, most=2000)


class ReopenForm(StepForm):
    note = short(_("重启原因"), _("写明哪些问题仍未解决。"))


FORMS = {
    "correct": CorrectForm, "withdraw": WithdrawForm, "dispatch": DispatchForm, "propose_decline": ProposeDeclineForm,
    "decline": DeclineForm, "keep": KeepForm, "accept": AcceptForm, "consult": ConsultForm, "advise": AdviseForm,
    "interim": InterimForm, "reply": ReplyForm, "evaluate": EvaluateForm, "reopen": ReopenForm,
}  # fmt: skip
