"""What a cadre fills in about a visit: twelve fields to touch, the rest folded away."""

import re
import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.fields import DayField, LineField, MomentField, UploadsField, UploadsInput, WordsField
from directory.models import Cadre, Enterprise
from directory.uploads import PICTURES
from visits.models import TRENDS, Difficulty, Mode, Visit
from visits.operations import problems
from visits.queries import VisitQuerySet

MORE = ("place", "met_phone", "companions", "policies", "notes", "risk")  # folded away beside the trends
MOST_COMPANIONS = 10
BETWEEN_NAMES = re.compile(r"[,，、;；\r\n]+")
LOOKUPS = {  # of the filter's parts
    "since": "visited_on__gte",
    "until": "visited_on__lte",
    "enterprise": "enterprise__code",
    "cadre": "host__code",
    "unit": "unit__code",
}
SEGMENTED = {"data-look": "segmented"}


class EnterpriseSelect(forms.Select):
    """Each option carries what the small filter beside it searches: name, pinyin initials, code."""

    def create_option(self, name, value, label, *args, **kwargs) -> dict:
        option = super().create_option(name, value, label, *args, **kwargs)
        if enterprise := getattr(value, "instance", None):
            option["attrs"]["data-search"] = f"{enterprise.name} {enterprise.pinyin} {enterprise.code}".lower()
        return option


class EnterpriseField(forms.ModelChoiceField):
    """One of the cadre's enterprises, named by its code, with the days it has been waiting."""

    def __init__(self, today: date, **options):
        self.today = today
        super().__init__(to_field_name="code", widget=EnterpriseSelect({"data-look": "select"}), **options)
        self.error_messages |= {
            "required": _("请选择走访企业。"),
            "invalid_choice": _("请从您的挂点企业中选择。"),
        }

    def label_from_instance(self, enterprise: Enterprise) -> str:
        last = enterprise.last_visited_on
        if last is None:
            return _now("%(name)s（尚未走访）") % {"name": enterprise.name}
        return _now("%(name)s（%(days)d 天未走访）") % {"name": enterprise.name, "days": (self.today - last).days}


class VisitForm(forms.ModelForm):
    """A visit of this cadre, as of `now`. Valid exactly where `operations.log_visit` will store it."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    made_at = MomentField(widget=forms.HiddenInput, required=False)
    companions = LineField(
        label=_("同行人员"), required=False, max_length=400,
        help_text=_("干部填编号或姓名，其他人填姓名，用逗号分开。"),
    )  # fmt: skip
    photos = UploadsField(
        label=_("现场照片"), required=False, allowed=PICTURES, widget=UploadsInput({"data-look": "file"}),
        help_text=_("自愿上传，不作考核依据；位置信息会被去除。"),
    )  # fmt: skip

    class Meta:
        model = Visit
        fields = (
            "visited_on", "mode", "started_at", "ended_at", "place", "met", "met_phone", "purpose", *TRENDS, "policies",
            "difficulty", "answer", "promise", "promised_on", "risk", "notes", "made_at",
        )  # fmt: skip
        field_classes = {
            **dict.fromkeys(("visited_on", "promised_on"), DayField),
            **dict.fromkeys(("place", "met", "met_phone", "promise"), LineField),
            **dict.fromkeys(("policies", "answer", "risk", "notes"), WordsField),
        }
        widgets = {
            **{name: forms.DateInput({"type": "date"}, "%Y-%m-%d") for name in ("visited_on", "promised_on")},
            **{name: forms.TimeInput({"type": "time"}, "%H:%M") for name in ("started_at", "ended_at")},
            **{name: forms.RadioSelect(SEGMENTED) for name in ("mode", "difficulty", *TRENDS)},
            "met_phone": forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args, host: Cadre, now: datetime, **kwargs):
        self.host, self.now, today = host, now, localdate(now)
        first = {"uid": uuid.uuid4, "visited_on": today, "mode": Mode.ON_SITE, "difficulty": Difficulty.NONE}
        kwargs["initial"] = first | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields = {"enterprise": self._enterprise_field(today)} | self.fields
        self.fields["visited_on"].widget.attrs["max"] = today.isoformat()
        for name in ("mode", "difficulty", *TRENDS):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        self.fields["met"].error_messages["required"] = _("请填写见到了谁。")
        self.use_required_attribute = False  # errors are ours, at the field, in the reader's language

    def _enterprise_field(self, today: date) -> EnterpriseField:
        """Offers today's enterprises, longest unvisited first; accepts former ones too, for records that come late."""
        ever = Enterprise.objects.filter(pk__in=self.host.assignments.values("enterprise"))
        field = EnterpriseField(today, queryset=ever, label=_("走访企业"), empty_label=_("请选择企业"))
        mine = Enterprise.objects.cared_for_by(self.host, today)
        mine = mine.order_by(F("last_visited_on").asc(nulls_first=True), "pinyin")
        offered = EnterpriseField(today, queryset=mine, empty_label=field.empty_label)
        field.widget.choices = offered.choices
        return field

    def clean_companions(self) -> list[Cadre | str]:
        """Cadres by code or by a name only one of them has; anybody else by name."""
        words = dict.fromkeys(word.strip() for word in BETWEEN_NAMES.split(self.cleaned_data["companions"]))
        words.pop("", None)
        if len(words) > MOST_COMPANIONS or any(len(word) > 60 for word in words):
            raise ValidationError(_now("最多填写 %(most)d 人，每人不超过 60 字。") % {"most": MOST_COMPANIONS})
        cadres = self._cadres_called(list(words))
        if unclear := next((word for word in words if len(cadres.get(word, ())) > 1), ""):
            raise ValidationError(_now("有多位干部叫“%(name)s”，请填写干部编号。") % {"name": unclear})
        found = dict.fromkeys(cadres[word][0] if word in cadres else word for word in words)
        return [who for who in found if who != self.host]

    def _cadres_called(self, words: list[str]) -> dict[str, list[Cadre]]:
        if not words:
            return {}
        named = Q(code__in=[word.upper() for word in words]) | Q(user__name__in=words)
        called: dict[str, list[Cadre]] = {}
        for cadre in Cadre.objects.valid_on(localdate(self.now)).filter(named).select_related("user"):
            for word in words:
                if word.upper() == cadre.code or word == cadre.user.name:
                    called.setdefault(word, []).append(cadre)
        return called

    def clean(self) -> dict[str, Any]:
        """What the operation would refuse is said here, at its field."""
        fields = self.cleaned_data
        wrong = problems(self.host, fields.get("enterprise"), fields, self.now)
        for name, words in wrong.items():
            if name not in self.errors:
                self.add_error(name, words)
        return fields

    @property
    def trend_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in TRENDS]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]

    @property
    def opens_trends(self) -> bool:
        """Something was said there already, so it is not folded away again."""
        return self.is_bound and any(self[name].value() for name in TRENDS)

    @property
    def opens_more(self) -> bool:
        return self.is_bound and any(name in self.changed_data or self[name].errors for name in MORE)

    def arguments(self) -> dict[str, Any]:
        """For `log_visit`, beside host, by and now."""
        fields = dict(self.cleaned_data)
        return {"uid": fields.pop("uid"), "enterprise": fields.pop("enterprise"), "fields": fields}


class FilterForm(forms.Form):
    """Which visits a list shows. Every part is optional; boards and cards link here with some of them set."""

    q = LineField(label=_("企业或编号"), required=False, max_length=60)
    since = DayField(label=_("从"), required=False)
    until = DayField(label=_("到"), required=False)
    enterprise = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    cadre = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    unit = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    counted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def narrow(self, visits: VisitQuerySet) -> VisitQuerySet:
        """Those visits that match; all of them where nothing usable was asked."""
        asked = {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}
        if words := asked.pop("q", ""):
            named = Enterprise.objects.named_like(words).values("pk")
            visits = visits.filter(Q(enterprise__in=named) | Q(number=words.upper()))
        if asked.pop("counted", False):
            visits = visits.counted()
        return visits.filter(**{LOOKUPS[name]: value for name, value in asked.items()})

    def names_others(self) -> bool:
        """Whether a link asks for a certain cadre, unit or enterprise, so that a cadre's own list is not meant."""
        return any(self.data.get(name) for name in ("cadre", "unit", "enterprise"))
