"""The lists of petitions: the queue with its tabs, the filter over all that a person may see, and filters kept."""

from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, Value
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.fields import DayField, LineField, PickField
from directory.models import Unit
from directory.pages import Keyset, Page
from petitions.forms import NOT_ANSWERING, categories
from petitions.forms.base import by_kind, standards
from petitions.forms.leave import LEVELS
from petitions.models import CLOCK_NAMES, Approval, Deadline, Petition, SavedFilter
from petitions.process import OPEN, SUSPENDED, Stage
from petitions.progress import PROMISED
from petitions.queries import PetitionQuerySet
from petitions.tabs import (
    TABS,
    is_staff,
    midnight,
    most_urgent_first,
    overdue,
    show_own_clocks,
    show_waits,
    tabs_of,
)
from petitions.wording import group_label

MOST_COUNTED = 100  # of a tab; beyond that it says “99+”
MOST_SAVED = 20  # filters a person keeps
NEWEST_FIRST = ["-filed_at", "-id"]
CLOCK_STATES = {
    "yellow": _("即将到期"), "overdue": _("已逾期"), "suspended": _("已暂停"), "extended": _("延过期"),
    "helper": _("协办逾期"),
}  # fmt: skip
SORTS = {"": _("默认顺序"), "urgent": _("最急的在前"), "newest": _("最新的在前")}


class FilterForm(forms.Form):
    """Which petitions a list shows. Every part is optional; boards and cards link here with some of them set.

    q: part of title or enterprise name, or a number; show: a tab of the queue; dated: whether since and until mean
    filing or closing; missed: a clock that was or is overdue; late: overdue now. What only officials know of a
    petition, only they may filter by.
    """

    q = LineField(label=_("关键字"), required=False, max_length=60)
    stage = forms.ChoiceField(label=_("状态"), required=False)
    lead = PickField(label=_("牵头单位"), required=False, empty_label=_("全部单位"))
    group = forms.ChoiceField(label=_("诉求类别"), required=False)
    since = DayField(label=_("提交日期起"), required=False)
    until = DayField(label=_("提交日期止"), required=False)
    show = forms.ChoiceField(label=_("范围"), required=False)
    category = PickField(label=_("小类"), required=False, empty_label=_("全部小类"))
    clock = forms.ChoiceField(label=_("时限"), required=False, choices=[("", _("不限")), *CLOCK_STATES.items()])
    standard = forms.ChoiceField(label=_("服务标准"), required=False)
    channel = forms.ChoiceField(label=_("来源"), required=False)
    street = PickField(label=_("所在街道"), required=False, empty_label=_("全部街道"))
    supervised = forms.ChoiceField(label=_("督办"), required=False)
    sort = forms.ChoiceField(label=_("排列"), required=False, choices=list(SORTS.items()))
    mine = forms.BooleanField(label=_("由我经办"), required=False)
    urged = forms.BooleanField(label=_("被催办过"), required=False)
    dated = forms.ChoiceField(choices=[("filed", ""), ("closed", "")], required=False, widget=forms.HiddenInput)
    missed = forms.ChoiceField(choices=CLOCK_NAMES, required=False, widget=forms.HiddenInput)
    enterprise = LineField(max_length=18, required=False, widget=forms.HiddenInput)
    late = forms.BooleanField(label=_("已逾期"), required=False, widget=forms.HiddenInput)

    FIRST = ("q", "stage", "lead", "group", "since", "until")
    INSIDE = ("standard", "channel", "street", "supervised", "clock", "mine", "urged")  # the enterprise has none of it
    use_required_attribute = False

    def __init__(self, *args, now: datetime, user=None, **options):
        super().__init__(*args, **options)
        self.now, self.user = now, user
        self.is_outside = user is not None and not is_staff(user, now)
        if user is None or self.is_outside:
            self.fields["missed"].choices = [(name, words) for name, words in CLOCK_NAMES if name in PROMISED]
            for name in self.INSIDE:
                del self.fields[name]
        else:
            self.offer_inside()
        self.offer()

    def offer(self) -> None:
        self.fields["stage"].choices = [("", _("全部状态")), ("open", _("未办结")), *Stage.choices]
        self.units = list(Unit.objects.valid_on(localdate(self.now)).order_by("kind", "code"))
        answering = [unit for unit in self.units if unit.kind not in NOT_ANSWERING]
        self.fields["lead"].offer(answering, grouped=by_kind)
        if "street" in self.fields:
            self.fields["street"].offer([unit for unit in answering if unit.kind == Unit.Kind.STREET])
        kinds = categories(self.now)
        groups = dict.fromkeys((one.group, group_label(one)) for one in kinds)
        self.fields["group"].choices = [("", _("全部类别")), *groups]
        self.fields["category"].offer(kinds, label=lambda one: one.label, grouped=group_label)
        tabs = tabs_of(self.user, self.now) if self.user else {}
        shown = [(name, tab.words) for name, tab in tabs.items() if name != "all"]
        self.fields["show"].choices = [("", _("全部诉求")), *shown]

    def offer_inside(self) -> None:
        self.fields["standard"].choices = [("", _("全部标准")), *standards(self.now)]
        self.fields["channel"].choices = [("", _("全部来源")), *Petition.Channel.choices]
        levels = [(str(level), words) for level, words in LEVELS.items()]
        self.fields["supervised"].choices = [("", _("不限")), ("any", _("督办中")), *levels]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST[1:]]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name not in self.FIRST]

    @property
    def is_wide(self) -> bool:
        """Is any of the further conditions set?"""
        return any(self.data.get(bound.name) or bound.errors for bound in self.more_fields)

    @property
    def query(self) -> str:
        """What was asked, as the query of an address: only fields of this form, and only where all can be read."""
        if not self.is_valid():
            return ""
        asked = {name: "1" if value is True else self.data.get(name) for name, value in self.cleaned_data.items()}
        return urlencode([(name, asked[name]) for name in self.fields if asked[name]])

    def narrow(self, found: PetitionQuerySet) -> PetitionQuerySet:
        """Those that match; none where what was asked cannot be read."""
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        if asked["q"]:
            words = asked["q"]
            named = Q(title__icontains=words) | Q(number__icontains=words) | Q(enterprise__name__icontains=words)
            found = found.filter(named)
        if asked["missed"]:
            found = found.filter(pk__in=Deadline.objects.missed(asked["missed"], self.now).values("petition"))
        if asked["late"]:
            found = overdue(found, self.user, self.now) if self.is_outside else found.overdue(self.now)
        if asked["show"]:
            found = TABS[asked["show"]].rows(found, self.user, self.now)
        return self.by_clock(found, asked.get("clock")).filter(**self.lookups(asked))

    def by_clock(self, found: PetitionQuerySet, state: str | None) -> PetitionQuerySet:
        running = Deadline.objects.running()
        if state == "extended":
            return found.filter(pk__in=running.filter(extensions__gt=0).values("petition"))
        if state == "helper":
            late = running.filter(clock="co_organise", due_at__lt=self.now, paused_at=None)
            return found.filter(pk__in=late.values("petition"))
        if state == "suspended":
            return found.filter(stage=SUSPENDED)
        if state == "yellow":
            return found.filter(warn_at__lte=self.now, due_at__gte=self.now)
        return found.overdue(self.now) if state == "overdue" else found

    def lookups(self, asked: dict[str, Any]) -> dict[str, Any]:
        moment = f"{asked['dated'] or 'filed'}_at"
        level = asked.get("supervised")
        lookups = {
            "stage__in": OPEN if asked["stage"] == "open" else [asked["stage"]] if asked["stage"] else None,
            "lead": asked["lead"],
            "category__group": asked["group"],
            "category": asked["category"],
            "enterprise__code": asked["enterprise"],
            "enterprise__street": asked.get("street"),
            "standard__code": asked.get("standard"),
            "channel": asked.get("channel"),
            "handler": self.user if asked.get("mine") else None,
            "urge_count__gt": 0 if asked.get("urged") else None,
            "supervision_level__gt": 0 if level == "any" else None,
            "supervision_level": int(level) if level and level != "any" else None,
            f"{moment}__gte": midnight(asked["since"]),
            f"{moment}__lt": midnight(asked["until"], 1),
        }
        return {name: value for name, value in lookups.items() if value not in (None, "")}

    def listed(self, found: PetitionQuerySet) -> tuple[PetitionQuerySet, list]:
        """Those that match, and the order to list them in: a tab's by urgency, else the newest first."""
        found = self.narrow(found)
        asked = self.cleaned_data if self.is_valid() else {}
        if (asked.get("sort") or ("urgent" if asked.get("show") else "")) == "urgent":
            return most_urgent_first(found, self.user, self.now)
        return found, NEWEST_FIRST


class SaveFilterForm(forms.Form):
    """A list kept under a name. What is kept is what the filter understands of the address, and nothing else."""

    name = LineField(label=_("名称"), max_length=30)
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args, by, now: datetime, **options):
        super().__init__(*args, **options)
        self.by, self.now = by, now
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_query(self) -> str:
        query = FilterForm(QueryDict(self.cleaned_data["query"]), now=self.now, user=self.by).query
        most = SavedFilter._meta.get_field("query").max_length
        if not query:
            raise ValidationError(_now("请先设置筛选条件。"))
        if len(query) > most:
            raise ValidationError(_now("筛选条件过长，请减少后再保存。"))
        return query

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        kept = set(self.by.saved_filters.values_list("name", flat=True))
        if fields.get("name") in kept:
            self.add_error("name", _now("已有同名的筛选，请换一个名称。"))
        elif len(kept) >= MOST_SAVED:
            self.add_error(None, _now("最多保存 %(n)d 个筛选，请先删除不用的。") % {"n": MOST_SAVED})
        for fault in self.errors.pop("query", ()):  # it has no field that people see
            self.add_error(None, fault)
        return fields


class Queue:
    """The open petitions a person works on, most urgent first, under tabs."""

    def __init__(self, user, now: datetime, chosen: str = ""):
        visible = Petition.objects.visible_to(user, now).open()
        self.user, self.now = user, now
        self.tabs = tabs_of(user, now)
        self.rows = {name: tab.rows(visible, user, now) for name, tab in self.tabs.items()}
        self.chosen = chosen if chosen in self.tabs else "awaiting"

    @property
    def petitions(self) -> PetitionQuerySet:
        return self.rows[self.chosen].for_rows()

    @property
    def query(self) -> str:
        """The chosen tab as a filter of the list of all."""
        return "stage=open&sort=urgent" if self.chosen == "all" else f"show={self.chosen}"

    @property
    def says_who_is_waited_for(self) -> bool:
        return self.chosen == "waiting" and is_staff(self.user, self.now)

    def page(self, cursor: str) -> Page:
        """One page of the chosen tab."""
        petitions = self.petitions
        if self.says_who_is_waited_for:
            proposed = Prefetch("approvals", Approval.objects.filter(decided_at=None))
            petitions = petitions.prefetch_related("co_organisations__unit", proposed)
        page = Keyset(*most_urgent_first(petitions, self.user, self.now)).page(cursor)
        show_own_clocks(page.rows, self.user, self.now)
        if self.says_who_is_waited_for:
            show_waits(page.rows)
        return page

    def counts(self) -> Counter[str]:
        """How many each tab holds, up to `MOST_COUNTED`, in one query that never walks the whole table."""
        parts = [
            rows.order_by().annotate(tab=Value(name)).values_list("tab")[:MOST_COUNTED]
            for name, rows in self.rows.items()
            if name != "all"
        ]
        return Counter(name for (name,) in parts[0].union(*parts[1:], all=True))

    def numbered(self) -> list[dict]:
        """The tabs with how many each holds."""
        counts = self.counts()
        return [
            {"name": name, "label": tab.words, "url": f"?show={name}", "active": name == self.chosen,
             "count": None if name == "all" else at_most(counts[name]),
             "tone": tab.tone if counts[name] else "gray"}
            for name, tab in self.tabs.items()
        ]  # fmt: skip


def at_most(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
