"""What the desk and the ruling panel fill in."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.fields import LineField, PickField, PicksField
from directory.models import Unit
from petitions.forms.base import DecidingForm, StepForm, attachments, by_kind, offer_categories, short, standards
from petitions.models import Category, Petition
from petitions.operations import OUTSIDE_CHANNELS
from petitions.process import ENDS
from petitions.wording import DeclineReason


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
        self.fields["lead"].offer(units, grouped=by_kind)
        self.fields["co_organisers"].offer(sorted(units, key=lambda unit: unit not in helpers))
        left = self.left_to(category and standard_for(self.petition, category))
        self.fields["standard"].choices = [("", left), *standards(self.now)]

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
        fields["standard"] = fields.get("standard") or standard_for(self.petition, category)
        drawn_for = self.fields["category"].rows.get(fields.get("suggested_for"))
        if drawn_for != category and set(fields.get("co_organisers", ())) == set(self.helpers_of(drawn_for)):
            fields["co_organisers"] = self.helpers_of(category)
        return fields


def standard_for(petition: Petition, category: Category) -> str:
    """What came as a letter or a call keeps the standard of those; else the category's holds."""
    return petition.standard.code if petition.channel in OUTSIDE_CHANNELS else category.standard


class ClarifyForm(StepForm):
    note = short(_("还缺什么"), _("逐项写明缺少的材料或情况；每件诉求只能要求补正一次。"), most=2000, rows=5)


class ProposeDeclineForm(StepForm):
    reason = forms.ChoiceField(label=_("理由"), choices=DeclineReason, widget=forms.RadioSelect)
    guidance = short(_("告知企业的去向"), _("写明企业应向哪里、以什么方式提出。"))


class DeclineForm(DecidingForm):
    """The second person only agrees."""


class KeepForm(DecidingForm):
    note = short(_("驳回理由"))


class MergeForm(StepForm):
    """Into another open petition of the same enterprise, named by its number."""

    master = PickField(label=_("并入"), empty_label=_("请选择同一企业的另一件诉求"))
    note = short(_("并单理由"), _("企业会看到。"))

    def prepare(self) -> None:
        others = Petition.objects.filter(enterprise=self.petition.enterprise_id).exclude(stage__in=ENDS)
        rows = others.exclude(pk=self.petition.pk).newest_first()[:50]
        self.fields["master"].offer(rows, code="number", label=str)


class SplitForm(StepForm):
    note = short(_("拆单理由"), _("拆单后重新等待分拨；企业会看到理由。"))


class TransferForm(StepForm):
    transferred_to = LineField(label=_("转往单位"), max_length=100)
    receipt_number = LineField(label=_("外部回执编号"), max_length=60)
    note = short(_("转出说明"), _("企业会看到转往何处、凭什么编号查询。"))
    files = attachments()


class ReclassifyForm(StepForm):
    category = PickField(label=_("诉求类别"))
    standard = forms.ChoiceField(label=_("服务标准"), help_text=_("放宽的时限从原起点计算，收紧的从现在计算。"))
    note = short(_("调整理由"), _("企业会看到。"))

    def prepare(self) -> None:
        offer_categories(self.fields["category"], self.now)
        self.fields["standard"].choices = standards(self.now)
        category = self.fields["category"].rows.get(self.petition.category.code if self.petition.category else "")
        self.initial = {"category": category, "standard": self.petition.standard.code} | self.initial


class RedispatchForm(StepForm):
    """Prefilled with the unit that the one before named."""

    lead = PickField(label=_("牵头单位"))
    co_organisers = PicksField(label=_("协办单位"), required=False, widget=forms.CheckboxSelectMultiple)
    note = short(_("改派理由"), _("企业会看到。"))

    def prepare(self) -> None:
        self.fields["lead"].offer(self.other_units(), grouped=by_kind)
        self.fields["co_organisers"].offer(self.other_units())
        self.initial.setdefault("lead", proposed_unit(self))


class UpholdForm(StepForm):
    note = short(_("驳回理由"), _("写明为什么由该单位办理。"))


class RuleForm(StepForm):
    lead = PickField(label=_("裁定由谁牵头"))
    note = short(_("裁定理由"), _("裁定是最终的，不能再次退单；企业会看到理由。"), most=2000, rows=5)

    def prepare(self) -> None:
        self.fields["lead"].offer(self.units(), grouped=by_kind)
        self.initial.setdefault("lead", proposed_unit(self))


def proposed_unit(form: StepForm) -> Unit | None:
    """The unit that the last contest named."""
    event = form.petition.events.filter(step__in=("contest", "appeal")).last()
    return form.fields["lead"].rows.get(event.facts.get("proposed", "")) if event else None
