"""One step for many petitions: each by its own form and operation, in a transaction and under a key of its own, so
that a row that is refused stops no other and the same submission twice happens once."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from directory.fields import PickField
from directory.parties import DESK, Party
from petitions import operations
from petitions.forms import FORMS, KeyedForm, short
from petitions.forms.desk import standard_for
from petitions.models import Event, Petition
from petitions.parties import LEAD
from petitions.process import WrongStage, check
from petitions.wording import ACTIONS

log = logging.getLogger(__name__)
MOST = 100
NUMBER = re.compile(r"[A-Za-z0-9-]{1,24}")


class NumbersField(forms.MultipleChoiceField):
    """Numbers of petitions, each once, in the order ticked."""

    widget = forms.MultipleHiddenInput
    default_error_messages = {"required": _("请先勾选诉求。")}

    def validate(self, value: list[str]) -> None:
        if not value:
            raise ValidationError(self.error_messages["required"], "required")
        if len(set(value)) > MOST:
            raise ValidationError(ngettext("每次最多 %(n)d 件。", "每次最多 %(n)d 件。", MOST) % {"n": MOST}, "many")
        if not all(NUMBER.fullmatch(one) for one in value):
            raise ValidationError(_now("勾选的编号无法识别，请刷新页面后重试。"), "invalid")

    def clean(self, value) -> list[str]:
        return list(dict.fromkeys(super().clean(value)))


class BulkForm(KeyedForm):
    """What is said once for all the rows."""

    numbers = NumbersField(label=_("诉求编号"))

    def __init__(self, *args, by, now: datetime, **options):
        super().__init__(*args, **options)
        self.by, self.now = by, now

    def asked(self, petition: Petition) -> dict[str, Any]:
        """What the step's own form is filled in with, for that petition."""
        return {name: self.data.get(name, "") for name in self.fields if name not in ("numbers", "key")}


class BulkDispatchForm(BulkForm):
    """Each goes where its own category says."""

    note = short(_("交办要求"), required=False)

    def asked(self, petition: Petition) -> dict[str, Any]:
        if petition.category is None:
            raise WrongStage(_now("没有填写诉求类别，请打开后逐件分拨。"))
        return super().asked(petition) | {"category": petition.category.code}


class BulkUrgeForm(BulkForm):
    note = short(_("催办内容"), _("承办单位须在一个工作日内答复。"), required=False)


class BulkReassignForm(BulkForm):
    handler = PickField(label=_("新的经办人"))
    note = short(_("交接说明"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        day = localdate(self.now)
        people = LEAD.people_at(LEAD.anchors(self.by, day), day).order_by("name")
        self.fields["handler"].offer(people, code="username")

    def asked(self, petition: Petition) -> dict[str, Any]:
        """The step's form would only say that its list does not hold that person; this says why."""
        handler = self.cleaned_data.get("handler")
        if handler and handler.pk == petition.handler_id:
            raise WrongStage(_now("%(name)s已是经办人。") % {"name": handler.name})
        if handler and not LEAD.people(petition, localdate(self.now)).filter(pk=handler.pk).exists():
            raise WrongStage(_now("%(name)s不是牵头单位的人员。") % {"name": handler.name})
        return super().asked(petition)


class Bulk(NamedTuple):
    """A step that may be taken for many: whom pages offer it to, its form, and what came of it in words."""

    offered_to: Party
    form: type[BulkForm]
    words: str
    said: Callable[[Petition], str]


BULK = {
    "dispatch": Bulk(
        DESK, BulkDispatchForm, _("批量分拨"), lambda one: _now("已分拨到%(unit)s") % {"unit": one.lead.label}
    ),
    "urge": Bulk(DESK, BulkUrgeForm, _("批量催办"), lambda one: _now("已催办")),
    "reassign": Bulk(
        LEAD, BulkReassignForm, _("批量转交"), lambda one: _now("已转交%(name)s") % {"name": one.handler.name}
    ),
}


def bulk_actions(user, now: datetime) -> dict[str, Bulk]:
    """What pages offer this person to do with several rows."""
    day = localdate(now)
    return {step: bulk for step, bulk in BULK.items() if bulk.offered_to.anchors(user, day)}


class Outcome(NamedTuple):
    """What came of one row. petition: `None` where it does not exist for this person."""

    number: str
    petition: Petition | None
    done: bool
    words: str


def carry_out(step: str, form: BulkForm) -> list[Outcome]:
    """Take the step for each of the form's petitions, in their order."""
    numbers, key = form.cleaned_data["numbers"], form.cleaned_data["key"]
    found = found_by(form.by, form.now, numbers)
    keys = {number: uuid5(key, number) for number in numbers}
    taken = set(Event.objects.filter(step=step, key__in=keys.values()).values_list("key", flat=True))
    return [outcome(step, form, number, found.get(number), keys[number], taken) for number in numbers]


def found_by(user, now: datetime, numbers: list[str]) -> dict[str, Petition]:
    """Those of the numbers that exist for this person."""
    seen = Petition.objects.visible_to(user, now).for_page().select_related("category__lead")
    seen = seen.prefetch_related("category__co_organisers")
    return {petition.number: petition for petition in seen.filter(number__in=numbers)}


def outcome(
    step: str, form: BulkForm, number: str, petition: Petition | None, key: UUID, taken: set[UUID]
) -> Outcome:  # fmt: skip
    if petition is None:
        return Outcome(number, None, False, _now("内容不存在，或您无权查看。"))
    if key in taken:
        return Outcome(number, petition, True, BULK[step].said(petition))
    try:
        petition = take(step, form, petition, key)
    except (PermissionDenied, WrongStage) as refusal:
        return Outcome(number, petition, False, str(refusal))
    except ValidationError as wrong:
        return Outcome(number, petition, False, " ".join(wrong.messages))
    except DatabaseError:
        log.exception("bulk %s: %s failed", step, number)
        return Outcome(number, petition, False, _now("他人正在办理此件，请稍后重试。"))
    return Outcome(number, petition, True, BULK[step].said(petition))


def take(step: str, form: BulkForm, petition: Petition, key: UUID) -> Petition:
    """As the page of that petition would: its form, then the operation. Raises what they refuse with."""
    asked = {"petition": petition, "by": form.by, "now": form.now}
    check(step, **{"petition": petition, "user": form.by, "now": form.now})
    one = FORMS[step](form.asked(petition) | {"key": str(key)}, {}, **asked)
    if not one.is_valid():
        raise ValidationError([fault for faults in one.errors.values() for fault in faults])
    return operations.OPERATIONS[step](petition, form.by, form.now, **one.arguments)


class Plan(NamedTuple):
    """What will happen to one row, or why nothing will."""

    number: str
    petition: Petition | None
    may: bool
    words: str


def plans(step: str, user, now: datetime, numbers: list[str]) -> Iterator[Plan]:
    """What the step would do to each, as things stand."""
    found = found_by(user, now, numbers)
    for number in numbers:
        petition = found.get(number)
        if petition is None:
            yield Plan(number, None, False, _now("内容不存在，或您无权查看。"))
            continue
        try:
            check(step, petition, user, now)
            yield Plan(number, petition, True, planned(step, petition))
        except (PermissionDenied, WrongStage) as refusal:
            yield Plan(number, petition, False, str(refusal))


def planned(step: str, petition: Petition) -> str:
    """In words; for a dispatch, where its category sends it. Raises WrongStage where it has none."""
    if step == "reassign":
        return _now("现由%(name)s经办") % {"name": petition.handler or "—"}
    if step != "dispatch":
        return str(ACTIONS[step].words)
    category = petition.category
    if category is None:
        raise WrongStage(_now("没有填写诉求类别，请打开后逐件分拨。"))
    helpers = _now("、").join(unit.label for unit in category.co_organisers_for(petition.enterprise))
    words = _now("%(category)s：%(unit)s牵头，标准 %(standard)s") % {
        "category": category.label,
        "unit": category.lead_for(petition.enterprise).label,
        "standard": standard_for(petition, category),
    }
    return words + (_now("，%(units)s协办") % {"units": helpers} if helpers else "")
