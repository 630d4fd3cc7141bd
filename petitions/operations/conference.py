"""A joint conference: convened with an agenda of petitions, its decisions written down, published, and so written back
to the tickets. What is published does not change any more."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Unit, User
from directory.numbers import new_number
from directory.parties import seats_of
from petitions.models import AgendaItem, Conference, Petition
from petitions.operations.leave import extend, park, refuse_extend, refuse_park
from petitions.operations.pressure import resolve
from petitions.process import CONFERENCE, WrongStage

GRANTS = {
    ("park", "approved"): park, ("park", "refused"): refuse_park,
    ("extend", "approved"): extend, ("extend", "refused"): refuse_extend,
}  # fmt: skip


def convenes(user: User, now: datetime) -> bool:
    """May this person convene conferences and publish their decisions?"""
    roles = {role for party in CONFERENCE for role in party.roles}
    return bool(roles & seats_of(user, localdate(now)).roles)


def check_convenes(user: User, now: datetime) -> None:
    if not convenes(user, now):
        raise PermissionDenied(_("只有督查室和区领导可以召开联席会议。"))


@transaction.atomic
def convene(
    *, by: User, now: datetime, title: str, held_at: datetime, chair: str, petitions: Iterable[Petition],
    units: Iterable[Unit] = (), place: str = "",
) -> Conference:  # fmt: skip
    """Call a conference over these petitions."""
    check_convenes(by, now)
    conference = Conference.objects.create(
        number=new_number(localdate(now), "HY"), title=title, held_at=held_at, place=place, chair=chair,
        convened_by=by, convened_at=now,
    )  # fmt: skip
    conference.units.set(units)
    AgendaItem.objects.bulk_create(AgendaItem(conference=conference, petition=one) for one in petitions)
    return conference


def unpublished(conference: Conference) -> Conference:
    """The same, locked; WrongStage where its minutes are out already."""
    conference = Conference.objects.select_for_update().get(pk=conference.pk)
    if conference.published_at:
        raise WrongStage(_("会议纪要已公布，不能再修改。"))
    return conference


@transaction.atomic
def agree_agenda(conference: Conference, by: User, now: datetime, *, remarks: str, items: Iterable[AgendaItem]) -> None:
    """Write down what was said and decided so far; nothing of it binds before it is published."""
    check_convenes(by, now)
    conference = unpublished(conference)
    conference.remarks = remarks
    conference.save(update_fields=["remarks"])
    AgendaItem.objects.bulk_update(items, ["question", "decision", "verdict", "owner", "due_on"])


@transaction.atomic
def publish(conference: Conference, by: User, now: datetime) -> Conference:
    """The decisions bind: each is written back to its ticket, and what was asked for is granted or refused.

    ValidationError names the first petition whose decision is missing or cannot be carried out; then nothing happens.
    """
    check_convenes(by, now)
    conference = unpublished(conference)
    if conference.held_at > now:
        raise ValidationError(_("会议尚未召开，不能公布纪要。"))
    items = list(conference.agenda.select_related("petition", "owner").order_by("petition_id"))  # one order of locks
    if not items:
        raise ValidationError(_("会议没有议题。"))
    conference.published_at, conference.published_by = now, by
    conference.save()
    for item in items:
        try:
            write_back(conference, item, by, now)
        except (WrongStage, PermissionDenied, ValidationError) as refusal:
            said = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
            raise ValidationError(f"{item.petition.number}{_('：')}{said}") from refusal
    return conference


def write_back(conference: Conference, item: AgendaItem, by: User, now: datetime) -> None:
    if not item.decision:
        raise ValidationError(_("没有写明议定事项。"))
    petition = resolve(
        item.petition, by, now, conference=conference.number, note=item.decision, owner=item.owner, due_on=item.due_on
    )
    if not item.verdict:
        return
    proposal = petition.proposal
    act = GRANTS.get((proposal.step, item.verdict)) if proposal else None
    if act is None:
        raise ValidationError(_("该诉求没有等待会议审批的申请。"))
    act(petition, by, now, **({"note": item.decision} if item.verdict == "refused" else {}))
