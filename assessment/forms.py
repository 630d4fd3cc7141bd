"""What a board is asked for: days, unit, street, category. It all stands in the address, which can be sent on."""

from datetime import datetime

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from assessment.cohorts import Scope
from assessment.parties import Reach
from assessment.periods import LONGEST, Period, named
from assessment.queries import latest_period
from directory.fields import DayField, PickField
from directory.models import Unit
from petitions.models import Category


class ScopeForm(forms.Form):
    """`period` names a span of days; without it `from` and `to` count, both included."""

    period = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    unit = PickField(label=_("单位"), required=False, empty_label=_("全部单位"))
    street = PickField(label=_("街道"), required=False, empty_label=_("全部街道"))
    group = forms.ChoiceField(label=_("诉求大类"), required=False)

    def __init__(self, data, *, reach: Reach, now: datetime):
        super().__init__(data)
        self.now, self.reach = now, reach
        self.named = named(localdate(now))
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.groups = dict(Category.objects.order_by("code").values_list("group", "group_en"))
        words = {"from": _("起始日期"), "to": _("截止日期")}
        days = {name: DayField(label=label, required=False) for name, label in words.items()}
        self.fields = days | self.fields
        self._offer()

    def _offer(self) -> None:
        """A head is offered the own units only, and always one of them."""
        mine = [unit for unit in self.units.values() if self.reach.everywhere or unit.pk in self.reach.units]
        if not self.reach.everywhere:
            self.fields["unit"].empty_label = mine[0].label
        self.fields["unit"].offer(mine, label=lambda unit: unit.label)
        streets = [unit for unit in self.units.values() if unit.kind == Unit.Kind.STREET]
        self.fields["street"].offer(streets, label=lambda unit: unit.label)
        groups = [(group, self.group_label(group)) for group in self.groups]
        self.fields["group"].choices = [("", _("全部大类")), *groups]
        self.mine = mine

    def group_label(self, group: str) -> str:
        return Category(name=group, name_en=self.groups.get(group, "")).label

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors:
            cleaned["days"] = self._days(cleaned)
        return cleaned

    def _days(self, cleaned: dict) -> Period | None:
        first, last = cleaned.get("from"), cleaned.get("to")
        if cleaned["period"] in self.named:
            return self.named[cleaned["period"]][1]
        if not first and not last:
            return latest_period(self.now)
        if not first:
            return self.add_error("from", _("请填写起始日期。"))
        period = Period(first, last or localdate(self.now))
        if period.last < period.first:
            self.add_error("to", _("截止日期早于起始日期。"))
        elif period.last - period.first > LONGEST:
            self.add_error("to", _("一次最多统计 30 年。"))
        return period

    def scope(self) -> Scope:
        """Of a valid form."""
        chosen = self.cleaned_data
        unit = chosen["unit"] or (None if self.reach.everywhere else self.mine[0])
        return Scope(chosen["days"], self.now, unit, chosen["street"], chosen["group"])

    def filled(self, scope: Scope) -> "ScopeForm":
        """Showing the days and the unit that were taken where none were given."""
        days = {"from": scope.period.first.isoformat(), "to": scope.period.last.isoformat()}
        self.data = self.data.dict() | days | ({"unit": scope.unit.code} if scope.unit else {})
        return self
