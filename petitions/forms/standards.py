"""The form of a service standard in the back office."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from petitions.models import Petition, ServiceStandard
from workdays.limits import WORKING_DAYS, Limit

IN_WORKING_DAYS = ("extend", "suspension", "milestone")  # asked for by a number of working days or by a day


class ServiceStandardForm(forms.ModelForm):
    """A version is never dated back over tickets that rest on its code, and says its limits in units that fit."""

    class Meta:
        model = ServiceStandard
        fields = ("code", "valid_from", "name", "name_en", *ServiceStandard.LIMITS, *ServiceStandard.RULES)

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()

    def clean(self):
        cleaned = super().clean()
        self._check_first_day(cleaned.get("code"), cleaned.get("valid_from"))
        for name in IN_WORKING_DAYS:
            if (text := cleaned.get(name)) and Limit.parse(text).unit != WORKING_DAYS:
                self.add_error(name, _("请以工作日填写，如 5wd。"))
        return cleaned

    def digest(self) -> str:
        """What was filled in, for the press that saves exactly what was previewed."""
        filled = sorted((name, str(value)) for name, value in self.cleaned_data.items())
        return salted_hmac("petitions.standards", repr(filled)).hexdigest()

    def _check_first_day(self, code: str | None, first) -> None:
        today = timezone.localdate()
        if not code or not first or first >= today or "valid_from" not in self.changed_data:
            return
        if Petition.objects.filter(standard__code=code).exists():
            raise ValidationError(
                {"valid_from": _("已有诉求使用代码 %(code)s，生效日期不能早于今天。") % {"code": code}}
            )
