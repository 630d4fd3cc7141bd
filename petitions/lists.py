"""The lists of petitions: the queue with its tabs, and the filter over all that a person may see."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q, Value
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from directory.fields import DayField, LineField, PickField
from directory.models import Unit
from directory.parties import seats_of
from petitions.forms import NOT_ANSWERING, categories
from petitions.models import CLOCK_NAMES, Deadline, Petition
from petitions.parties import CO_ORGANISER, LEAD
from petitions.process import OPEN, Stage
from petitions.queries import PetitionQuerySet
from petitions.wording import group_label

MOST_COUNTED = 100  # of a tab; beyond that it says “99+”


def midnight(day: date | None, later: int = 0) -> datetime | None:
    """The moment that day begins, or a few days later."""
    return make_aware(datetime.combine(day + timedelta(days=later), time())) if day else None


class FilterForm(forms.Form):
    """Which petitions a list shows. Every part is optional; boards and cards link here with some of them set.

    q: part of title or enterprise name, or a number; dated: whether since and until mean filing or closing;
    missed: a clock that was or is overdue; late: overdue now.
    """

    q = LineField(label=_("关键字"), required=False, max_length=60)
    stage = forms.ChoiceField(label=_("状态"), required=False)
    lead = PickField(label=_("牵头单位"), required=False, empty_label=_("全部单位"))
    group = forms.ChoiceField(label=_("诉求类别"), required=False)
    since = DayField(label=_("提交日期起"), required=False)
    until = DayField(label=_("提交日期止"), required=False)
    dated = forms.ChoiceField(choices=[("filed", ""), ("closed", "")], required=False, widget=forms.HiddenInput)
    missed = forms.ChoiceField(choices=CLOCK_NAMES, required=False, widget=forms.HiddenInput)
    enterprise = LineField(max_length=18, required=False, widget=forms.HiddenInput)
    late = forms.BooleanField(label=_("已逾期"), required=False, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args, now: datetime, **options):
        super().__init__(*args, **options)
        self.now = now
        self.fields["stage"].choices = [("", _("全部状态")), ("open", _("未办结")), *Stage.choices]
        self.fields["lead"].offer(Unit.objects.valid_on(localdate(now)).exclude(kind__in=NOT_ANSWERING))
        groups = dict.fromkeys((one.group, group_label(one)) for one in categories(now))
        self.fields["group"].choices = [("", _("全部类别")), *groups]

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
            found = found.overdue(self.now)
        return found.filter(**self.lookups(asked))

    def lookups(self, asked: dict[str, Any]) -> dict[str, Any]:
        moment = f"{asked['dated'] or 'filed'}_at"
        lookups = {
            "stage__in": OPEN if asked["stage"] == "open" else [asked["stage"]] if asked["stage"] else None,
            "lead": asked["lead"],
            "category__group": asked["group"],
            "enterprise__code": asked["enterprise"],
            f"{moment}__gte": midnight(asked["since"]),
            f"{moment}__lt": midnight(asked["until"], 1),
        }
        return {name: value for name, value in lookups.items() if value}


class Tab(NamedTuple):
    """One view of the queue. counts: what of it is shown as a number on top, in that colour."""

    words: str
    rows: Callable[..., PetitionQuerySet]  # of (visible open petitions, user, now)
    seats: frozenset[str] | None = None  # None: everybody
    tone: str = "gray"
    icon: str = "inbox"
    note: str = ""


def _of_my_unit(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    day = localdate(now)
    return found.filter(LEAD.rows(user, day) | CO_ORGANISER.rows(user, day))


def _due_today(found: PetitionQuerySet, user, now: datetime) -> PetitionQuerySet:
    return found.filter(due_at__gte=now, due_at__lt=midnight(localdate(now), 1))


UNIT_STAFF = frozenset({"member", "head"})
TABS = {
    "awaiting": Tab(
        _("待我办"), lambda found, user, now: found.awaiting(user, now), None, "blue", "inbox", _("等我走下一步")
    ),
    "unit": Tab(_("本单位"), _of_my_unit, UNIT_STAFF, "azure", "building", _("牵头和协办")),
    "rating": Tab(
        _("待评价"), lambda found, user, now: found.filter(stage=Stage.REPLIED), frozenset({"call-back"}),
        "purple", "star", _("可电话回访"),
    ),
    "today": Tab(_("今日到期"), _due_today, None, "orange", "hourglass", _("请优先处理")),
    "overdue": Tab(
        _("已逾期"), lambda found, user, now: found.overdue(now), None, "red", "clock-exclamation", _("须立即办理")
    ),
    "all": Tab(_("全部未办结"), lambda found, user, now: found),
}  # fmt: skip


class Queue:
    """The open petitions a person works on, most urgent first, under tabs."""

    def __init__(self, user, now: datetime, chosen: str = ""):
        roles = seats_of(user, localdate(now)).roles
        visible = Petition.objects.visible_to(user, now).open()
        self.tabs = {name: tab for name, tab in TABS.items() if tab.seats is None or tab.seats & roles}
        self.rows = {name: tab.rows(visible, user, now) for name, tab in self.tabs.items()}
        self.chosen = chosen if chosen in self.tabs else "awaiting"

    @property
    def petitions(self) -> PetitionQuerySet:
        return self.rows[self.chosen].for_rows()

    def counts(self) -> Counter[str]:
        """How many each tab holds, up to `MOST_COUNTED`, in one query that never walks the whole table."""
        parts = [
            rows.order_by().annotate(tab=Value(name)).values_list("tab")[:MOST_COUNTED]
            for name, rows in self.rows.items()
            if name != "all"
        ]
        return Counter(name for (name,) in parts[0].union(*parts[1:], all=True))

    def stats(self) -> list[dict]:
        """The tabs as cards with numbers."""
        counts = self.counts()
        return [
            {"name": name, "tab": tab, "active": name == self.chosen, "value": at_most(counts[name]),
             "tone": tab.tone if counts[name] or name in ("awaiting", "unit") else "gray"}
            for name, tab in self.tabs.items() if name != "all"
        ]  # fmt: skip


def at_most(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)
