"""A joint conference: convened with an agenda of petitions, its decisions written down, published, and so written back
to the tickets. What is published does not change any more."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Unit, User
from directory.numbers import new_number
from directory.parties import seats_of
from notices.operations import Message, tell
from petitions.models import AgendaItem, Conference, Petition
from petitions.operations.leave import extend, park, refuse_extend, refuse_park
from petitions.operations.pressure import resolve
from petitions.parties import INVITED
from petitions.process import CONFERENCE, STEPS, WrongStage

GRANTS = {
    ("park", "approved"): park, ("park", "refused"): refuse_park,
    ("extend", "approved"): extend, ("extend", "refused"): refuse_extend,
}  # fmt: skip
MOST_ITEMS = 30  # on one agenda
BEFORE, AHEAD = (
    timedelta(days=31),
    timedelta(days=366),
)  # a conference is entered that long after, or before, it is held
WRITTEN = ("question", "decision", "verdict", "owner", "due_on")  # of an item, at the conference


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
    units: Iterable[Unit] = (), place: str = "", key: UUID | None = None,
) -> Conference:  # fmt: skip
    """Call a conference over these petitions, and tell the units invited. The same key again answers the same one."""
    check_convenes(by, now)
    check_held_at(held_at, now)
    first = {"number": new_number(localdate(now), "HY"), "title": title, "held_at": held_at, "chair": chair}
    conference, is_new = Conference.objects.get_or_create(
        key=key or uuid4(), defaults=first | {"place": place, "convened_by": by, "convened_at": now}
    )
    if is_new:
        set_agenda(conference, list(petitions))
        told(conference, "convened", seat(conference, units), by, now)
    return conference


def check_held_at(held_at: datetime, now: datetime) -> None:
    if not now - BEFORE <= held_at <= now + AHEAD:
        raise ValidationError({"held_at": _("会议时间须在最近一个月至今后一年之间。")})


def change(act: Callable[..., None]) -> Callable[..., Conference]:
    """Make a verb of a conference that is not published yet, one person at a time.

    version: of the conference when the form was filled in; key: made with the form, the same again changes nothing.
    Raises PermissionDenied, WrongStage where somebody was first, ValidationError.
    """

    @wraps(act)
    @transaction.atomic
    def changed(conference: Conference, by: User, now: datetime, *, key: UUID | None = None, version=None, **fields):
        check_convenes(by, now)
        conference = Conference.objects.select_for_update().get(pk=conference.pk)
        if key and key == conference.last_key:
            return conference
        check_planned(conference, version)
        conference.version, conference.last_key = conference.version + 1, key
        act(conference, by, now, **fields)
        conference.save()
        return conference

    return changed


def check_planned(conference: Conference, version: int | None = None) -> None:
    """WrongStage where it cannot be changed any more, or not from that version."""
    if conference.published_at:
        raise WrongStage(_("会议纪要已公布，不能再修改。"))
    if conference.cancelled_at:
        raise WrongStage(_("会议已取消，不能再修改。"))
    if version is not None and version != conference.version:
        raise WrongStage(_("会议内容刚被他人修改，请查看最新内容后再试。"))


@change
def rearrange(
    conference: Conference, by: User, now: datetime, *, title: str, held_at: datetime, chair: str,
    petitions: Iterable[Petition], units: Iterable[Unit] = (), place: str = "",
) -> None:  # fmt: skip
    """Another time, place, table or agenda. Whoever is newly invited is told; all are, where time or place change."""
    moved = (held_at, place) != (conference.held_at, conference.place)
    if held_at != conference.held_at:
        check_held_at(held_at, now)
    conference.title, conference.held_at, conference.chair, conference.place = title, held_at, chair, place
    set_agenda(conference, list(petitions))
    before = set(conference.units.values_list("pk", flat=True))
    invited = seat(conference, units)
    told(conference, "convened", invited if moved else invited - before, by, now)


def set_agenda(conference: Conference, petitions: list[Petition]) -> None:
    """These and no others; what was written down of one that stays is kept."""
    if not 1 <= len(petitions) <= MOST_ITEMS:
        raise ValidationError({"petitions": _("请列入 1 至 %(most)d 件诉求。") % {"most": MOST_ITEMS}})
    conference.agenda.exclude(petition__in=petitions).delete()
    known = set(conference.agenda.values_list("petition", flat=True))
    new = [one for one in petitions if one.pk not in known]
    for one in new:
        if one.stage not in STEPS["resolve"].at:
            said = {"number": one.number, "stage": one.get_stage_display()}
            raise ValidationError({"petitions": _("%(number)s 现处于“%(stage)s”，不能列入议题。") % said})
    AgendaItem.objects.bulk_create(AgendaItem(conference=conference, petition=one) for one in new)


def seat(conference: Conference, units: Iterable[Unit]) -> set[int]:
    """Invite these units, and those that lead what is on the agenda."""
    leads = set(conference.agenda.values_list("petition__lead", flat=True)) - {None}
    invited = {unit.pk for unit in units} | leads
    conference.units.set(invited)
    return invited


@change
def minute(
    conference: Conference, by: User, now: datetime, *, remarks: str = "", items: Mapping[str, Mapping] | None = None
) -> None:
    """Write down what was said and decided so far, by petition number; nothing of it binds before it is published."""
    conference.remarks = remarks
    agenda = list(conference.agenda.select_related("petition"))
    for item in agenda:
        for name, said in (items or {}).get(item.petition.number, {}).items():
            setattr(item, name, said)
    AgendaItem.objects.bulk_update(agenda, WRITTEN)


@change
def call_off(conference: Conference, by: User, now: datetime, *, reason: str) -> None:
    """It is not held: what was asked for goes on waiting."""
    conference.cancelled_at, conference.cancelled_because = now, reason
    told(conference, "called_off", conference.units.values_list("pk", flat=True), by, now)


@change
def publish(conference: Conference, by: User, now: datetime) -> None:
    """The decisions bind: each is written back to its ticket, and what was asked for is granted or refused.

    All or nothing: a ValidationError says, by petition number, what cannot be carried out.
    """
    if conference.held_at > now:
        raise ValidationError(_("会议尚未召开，不能公布纪要。"))
    items = list(conference.agenda.select_related("petition", "owner").order_by("petition_id"))  # one order of locks
    if not items:
        raise ValidationError(_("会议没有议题。"))
    conference.published_at, conference.published_by = now, by
    conference.save()
    refusals = {item.petition.number: said for item in items if (said := refusal(conference, item, by, now))}
    if refusals:
        raise ValidationError(refusals)
    owners = {item.owner_id for item in items if item.owner_id}
    told(conference, "published", owners.union(conference.units.values_list("pk", flat=True)), by, now)


def refusal(conference: Conference, item: AgendaItem, by: User, now: datetime) -> str:
    """Carry out one decision; where that cannot be, say why (and then nothing of the conference is kept)."""
    try:
        write_back(conference, item, by, now)
    except (WrongStage, PermissionDenied, ValidationError) as wrong:
        said = " ".join(wrong.messages) if isinstance(wrong, ValidationError) else str(wrong)
        return f"{item.petition.number}{_('：')}{said}"
    return ""


def write_back(conference: Conference, item: AgendaItem, by: User, now: datetime) -> None:
    if not item.decision:
        raise ValidationError(_("没有写明议定事项。"))
    if item.due_on and item.due_on <= localdate(now):
        raise ValidationError(_("完成日期须晚于今天。"))
    if item.verdict:
        grant(conference, item, by, now)
    resolve(
        item.petition, by, now, conference=conference.number, note=item.decision, owner=item.owner, due_on=item.due_on
    )


def grant(conference: Conference, item: AgendaItem, by: User, now: datetime) -> None:
    """What the lead unit asked for is granted or refused; only what was asked for before the conference met."""
    proposal = item.petition.proposal
    act = GRANTS.get((proposal.step, item.verdict)) if proposal else None
    if act is None:
        raise ValidationError(_("该诉求没有等待会议审批的申请。"))
    if proposal.step == "extend" and not any(party.anchors(by, localdate(now)) for party in STEPS["extend"].by):
        raise ValidationError(_("延期申请须由督查室公布纪要。"))
    if proposal.asked_at > conference.held_at:
        raise ValidationError(_("申请是在会议之后提出的，须由下一次会议审批。"))
    act(item.petition, by, now, **({"note": item.decision} if item.verdict == "refused" else {}))


def told(conference: Conference, kind: str, units: Iterable[int], by: User, now: datetime) -> None:
    """Tell the people of these units."""
    message = Message(
        kind=kind,
        key=f"conference:{conference.number}:{conference.version}",
        about=conference.number,
        title=conference.title,
        path=conference.get_absolute_url(),
        facts={
            "held_at": conference.held_at.isoformat(),
            "place": conference.place,
            "chair": conference.chair,
            "note": conference.cancelled_because,
        },
    )
    people = INVITED.people_at(set(units), localdate(now)).exclude(pk=by.pk)
    tell([(pk, message) for pk in people.values_list("pk", flat=True)], now)
