"""What is filled in to convene a joint conference, to write down what it decided, and to call it off."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.fields import DayField, LineField, MomentField, PickField, PicksField, WordsField
from directory.models import Unit, User
from petitions.forms.base import NOT_ANSWERING, KeyedForm, by_kind, short
from petitions.models import AgendaItem, Conference, Petition
from petitions.process import STEPS
from petitions.wording import proposal_lines

APART = re.compile(r"[\s,，、;；]+")
MOMENT = "%Y-%m-%dT%H:%M"
MOST_OFFERED = 50  # petitions that wait, as boxes to tick; others are listed by number


def conference_units(now: datetime) -> list[Unit]:
    """The units that may be invited, and answer for a decision."""
    return list(Unit.objects.valid_on(localdate(now)).exclude(kind__in=NOT_ANSWERING).order_by("kind", "code"))


class ConferenceForm(KeyedForm):
    """Of one conference, or a new one. `version` says which state of it the reader had before the eyes."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
    asides = frozenset({"version"})

    def __init__(self, *args, by: User, now: datetime, conference: Conference | None = None, **options):
        first = self.first(conference) if conference else {}
        super().__init__(*args, initial=first | options.pop("initial", {}), **options)
        self.by, self.now, self.day, self.conference = by, now, localdate(now), conference
        if conference:
            self.asides = self.asides - {"version"}
        self.prepare()

    def first(self, conference: Conference) -> dict[str, Any]:
        return {"version": conference.version}

    def prepare(self) -> None:
        """Offer what may be chosen here."""

    @property
    def refusals(self) -> dict[str, str]:
        """What cannot be carried out, by petition number."""
        return {}


class ArrangeForm(ConferenceForm):
    """When, where, with whom, over what."""

    title = LineField(label=_("会议名称"), max_length=80)
    held_at = MomentField(
        label=_("会议时间"), widget=forms.DateTimeInput({"type": "datetime-local"}, MOMENT),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    place = LineField(label=_("地点"), required=False, max_length=120)
    chair = LineField(label=_("主持人"), max_length=60)
    waiting = PicksField(
        label=_("议题"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("等待联席会议审批的申请列在这里；取消勾选即移出议程。"),
    )  # fmt: skip
    numbers = WordsField(
        label=_("其他诉求的编号"), required=False, rows=2, max_length=2000, help_text=_("每行一个，或用逗号隔开。")
    )
    units = PicksField(
        label=_("参会单位"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("议题的牵头单位自动参会，无须勾选。"),
    )  # fmt: skip
    made = frozenset({"petitions"})
    asides = frozenset({"version", "waiting", "numbers"})

    def first(self, conference: Conference) -> dict[str, Any]:
        return super().first(conference) | {
            "title": conference.title, "held_at": conference.held_at, "place": conference.place,
            "chair": conference.chair, "units": list(conference.units.all()),
            "waiting": [item.petition for item in agenda_of(conference)],
        }  # fmt: skip

    def prepare(self) -> None:
        listed = [item.petition for item in agenda_of(self.conference)] if self.conference else []
        elsewhere = Conference.objects.planned().exclude(pk=self.conference and self.conference.pk)
        waiting = Petition.objects.visible_to(self.by, self.now).awaiting_conference()
        waiting = waiting.exclude(agenda__conference__in=elsewhere).exclude(pk__in=[one.pk for one in listed])
        waiting = waiting.select_related("lead").prefetch_related("approvals").order_by("due_at", "id")
        self.fields["waiting"].offer([*listed, *waiting[:MOST_OFFERED]], code="number", label=offered)
        self.fields["units"].offer(conference_units(self.now), grouped=by_kind)
        asked = self.initial.pop("petition", "")
        picked = self.fields["waiting"].rows.get(asked)
        self.initial |= {"waiting": [picked]} if picked else {"numbers": asked} if asked else {}

    def clean_numbers(self) -> list[Petition]:
        """The petitions of these numbers, each named that is not there."""
        asked = dict.fromkeys(one.upper() for one in APART.split(self.cleaned_data["numbers"]) if one)
        if not asked:
            return []
        seen = Petition.objects.visible_to(self.by, self.now).filter(number__in=asked)
        found = {one.number: one for one in seen}
        if missing := [one for one in asked if one not in found]:
            raise ValidationError(_now("没有编号为 %(numbers)s 的诉求。") % {"numbers": _now("、").join(missing)[:200]})
        for one in found.values():
            if one.stage not in STEPS["resolve"].at:
                said = {"number": one.number, "stage": one.get_stage_display()}
                raise ValidationError(_now("%(number)s 现处于“%(stage)s”，不能列入议题。") % said)
        return [found[one] for one in asked]

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        petitions = {one.pk: one for name in ("waiting", "numbers") for one in fields.get(name) or ()}
        if not petitions and "numbers" not in self.errors:
            self.add_error("waiting", _now("请至少列入一件诉求。"))
        return fields | {"petitions": list(petitions.values())}

    def refuse(self, wrong: ValidationError) -> None:
        """What is wrong with the agenda stands at its numbers."""
        if hasattr(wrong, "error_dict") and "petitions" in wrong.error_dict:
            self.add_error("numbers", wrong.error_dict.pop("petitions"))
        if not hasattr(wrong, "error_dict") or wrong.error_dict:
            super().refuse(wrong)


def agenda_of(conference: Conference) -> list[AgendaItem]:
    """Its items with what forms and pages say of them."""
    petitions = Petition.objects.select_related("lead", "enterprise").prefetch_related("approvals")
    return list(conference.agenda.select_related("owner").prefetch_related(Prefetch("petition", petitions)))


def offered(petition: Petition) -> str:
    """A petition as a box to tick: what is asked for, and by whom."""
    asked = STEPS[f"ask_{petition.proposal.step}"].label if waits(petition) else ""
    return " · ".join(
        filter(None, (petition.number, petition.title, petition.lead and petition.lead.label, str(asked)))
    )


def waits(petition: Petition) -> bool:
    """Is something asked for that a conference may grant?"""
    return bool(petition.proposal and petition.proposal.step in ("park", "extend"))


class ItemFields(NamedTuple):
    """One item with what is asked for, and its bound fields; verdict is None where nothing is."""

    item: AgendaItem
    asked: list[str]
    question: forms.BoundField
    decision: forms.BoundField
    verdict: forms.BoundField | None
    owner: forms.BoundField
    due_on: forms.BoundField


class MinuteForm(ConferenceForm):
    """What was decided of each item, and the record of the conference."""

    remarks = WordsField(label=_("会议记录"), required=False, rows=5, max_length=5000)
    PARTS = ("question", "decision", "verdict", "owner", "due_on")

    def first(self, conference: Conference) -> dict[str, Any]:
        return super().first(conference) | {"remarks": conference.remarks}

    def prepare(self) -> None:
        units = conference_units(self.now)
        self.agenda = agenda_of(self.conference)
        for item in self.agenda:
            for part, field in self.fields_of(item, units).items():
                self.fields[f"{part}_{item.petition.number}"] = field
                self.initial[f"{part}_{item.petition.number}"] = getattr(item, part)
        self.made = frozenset({"items"})
        self.asides = self.asides | {name for name in self.fields if "_" in name}

    def fields_of(self, item: AgendaItem, units: Iterable[Unit]) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            "question": LineField(label=_("议题"), required=False, max_length=200),
            "decision": WordsField(label=_("议定事项"), required=False, rows=3, max_length=2000),
        }
        if waits(item.petition):
            asked = STEPS[f"ask_{item.petition.proposal.step}"].label
            choices = [("", _("暂不决定")), *AgendaItem.Verdict.choices]
            fields["verdict"] = forms.ChoiceField(
                label=_now("对“%(asked)s”的意见") % {"asked": asked}, required=False, choices=choices,
                widget=forms.RadioSelect,
            )  # fmt: skip
        fields["owner"] = PickField(label=_("责任单位"), required=False)
        fields["owner"].offer(units, grouped=by_kind)
        fields["due_on"] = DayField(label=_("完成日期"), required=False)
        return fields

    @property
    def rows(self) -> list[ItemFields]:
        """The items with their fields, as the page draws them."""
        return [self.row(item) for item in self.agenda]

    def row(self, item: AgendaItem) -> ItemFields:
        names = (f"{part}_{item.petition.number}" for part in self.PARTS)
        asked = proposal_lines(item.petition.proposal) if waits(item.petition) else []
        return ItemFields(item, asked, *(self[name] if name in self.fields else None for name in names))

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        items = {}
        for item in self.agenda:
            number = item.petition.number
            said = {part: fields.get(f"{part}_{number}") for part in self.PARTS}
            items[number] = said | {part: said[part] or "" for part in ("question", "decision", "verdict")}
            if said["due_on"] and said["due_on"] <= self.day:
                self.add_error(f"due_on_{number}", _now("完成日期须晚于今天。"))
        return fields | {"items": items}


class CallOffForm(ConferenceForm):
    reason = short(_("取消原因"), _("参会单位会看到。"), most=200)


class PublishForm(ConferenceForm):
    """Nothing to fill in: what was written down is published as it stands. What stands in the way is kept by item."""

    refused: dict[str, str] = {}

    @property
    def refusals(self) -> dict[str, str]:
        return self.refused

    def refuse(self, wrong: ValidationError) -> None:
        if not hasattr(wrong, "error_dict"):
            return super().refuse(wrong)
        self.refused = {number: " ".join(said) for number, said in wrong.message_dict.items()}
        return self.add_error(None, _now("纪要没有公布：请先改正标出的议题。"))
