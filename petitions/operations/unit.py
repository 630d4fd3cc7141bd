"""What the lead unit and its co-organisers do with a ticket."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Unit, User
from directory.parties import LEADER, SUPERVISION, seats_of
from petitions import clocks
from petitions.likeness import essence, nearest
from petitions.models import CoOrganisation, Petition, Reply
from petitions.operations.desk import ask
from petitions.operations.leave import last_achieved
from petitions.operations.taking import Done, step
from petitions.process import CLOCKS, Stage

COMPARED = 200  # of the unit's latest replies, each new one is compared with


@step
def contest(petition: Petition, by: User, now: datetime, *, note: str, proposed: Unit) -> Done:
    """Not ours: with the legal basis and the unit whose it is."""
    return turned_away(petition, note, proposed)


@step
def appeal(petition: Petition, by: User, now: datetime, *, note: str, proposed: Unit) -> Done:
    """Turned away a second time: the panel rules, and that is final."""
    return turned_away(petition, note, proposed)


def turned_away(petition: Petition, note: str, proposed: Unit) -> Done:
    if proposed.pk == petition.lead_id:
        raise ValidationError({"proposed": _("请选择本单位以外的单位。")})
    petition.contest_count += 1
    return Done(note=note, facts={"proposed": proposed.code})


@step
def accept(petition: Petition, by: User, now: datetime, *, handler: User | None = None, note: str = "") -> Done:
    """Received, and this person handles it. The co-organisers' time begins."""
    petition.handler, petition.accepted_at = handler or by, now
    waiting = {one.unit_id: None for one in petition.co_organisations.all() if not one.is_settled}
    return Done(note=note, facts={"handler": petition.handler.name}, moved=clocks.ask_units(petition, waiting, now))


@step
def reassign(petition: Petition, by: User, now: datetime, *, handler: User, note: str = "") -> Done:
    if handler.pk == petition.handler_id:
        raise ValidationError({"handler": _("%(name)s已是经办人。") % {"name": handler.name}})
    old, petition.handler = petition.handler, handler
    return Done(facts={"handler": handler.name, "old": {"handler": str(old or "")}, "handover": note})


@step
def consult(petition: Petition, by: User, now: datetime, *, units: Iterable[Unit], question: str) -> Done:
    asked = [unit for unit in units if unit.pk != petition.lead_id]
    if not asked:
        raise ValidationError({"units": _("请选择本单位以外的协办单位。")})
    ask(petition, asked, question, now)
    moved = clocks.ask_units(petition, {unit.pk: None for unit in asked}, now)
    return Done(note=question, facts={"co_organisers": [unit.code for unit in asked]}, moved=moved)


@step
def advise(petition: Petition, by: User, now: datetime, *, answer: str) -> Done:
    units = seats_of(by, localdate(now)).units_as(("member", "head"))
    mine = [one for one in petition.co_organisations.all() if one.unit_id in units and not one.is_settled]
    for one in mine:
        one.answer, one.answered_at, one.answered_by = answer, now, by
        one.save()
    turn = clocks.Turn(units=frozenset(one.unit_id for one in mine))
    return Done(note=answer, facts={"units": [one.unit.code for one in mine]}, turn=turn)


@step
def interim(petition: Petition, by: User, now: datetime, *, body: str, promised_on: date) -> Done:
    """A plan with a promised date: it meets the feedback clock, the close clock runs on."""
    if promised_on < localdate(now):
        raise ValidationError({"promised_on": _("承诺日期不能早于今天。")})
    write(petition, by, now, final=False, body=body, promised_on=promised_on, shown_at=now)
    shown(petition, now)
    petition.promised_on = promised_on
    return Done(note=body, facts={"promised_on": promised_on.isoformat()})


@step
def reply(
    petition: Petition, by: User, now: datetime, *, conclusion: str, body: str, basis: str, waiver: str = ""
) -> Done:
    """The conclusion with its basis; it waits for every co-organiser unless that is waived with a reason."""
    turn = waive(petition, waiver)
    said = write(petition, by, now, final=True, body=body, basis=basis, conclusion=conclusion, shown_at=now)
    answered(petition, said, now)
    return Done(note=body, facts={"conclusion": conclusion, "basis": basis}, turn=turn)


@step
def submit(
    petition: Petition, by: User, now: datetime, *, conclusion: str, body: str, basis: str, waiver: str = ""
) -> Done:
    """The same, drafted for the unit head's signature: the enterprise sees nothing of it yet."""
    turn = waive(petition, waiver)
    write(petition, by, now, final=True, body=body, basis=basis, conclusion=conclusion)
    return Done(note=body, facts={"conclusion": conclusion, "basis": basis}, turn=turn)


@step
def sign(petition: Petition, by: User, now: datetime, *, note: str = "") -> Done:
    """The draft becomes the reply, its files with it."""
    said = petition.draft
    said.shown_at = now
    said.save(update_fields=["shown_at"])
    answered(petition, said, now)
    drafted = petition.events.filter(step="submit").latest("seq")
    petition.attachments.filter(event=drafted).update(public=True)
    return Done(note=said.body, facts={"conclusion": said.conclusion, "basis": said.basis, "remark": note})


@step
def send_back(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """Not yet: it goes back to where it was worked on."""
    petition.replies.filter(pk=petition.draft.pk).update(withdrawn_at=now)
    came_from = petition.events.filter(step="submit").latest("seq").stage_from
    return Done(note=note, to=Stage(came_from))


def waive(petition: Petition, waiver: str) -> clocks.Turn:
    """Settle the co-organisers still waited for; ValidationError where no reason is given."""
    waiting = [one for one in petition.co_organisations.all() if not one.is_settled]
    if waiting and not waiver:
        names = _("、").join(one.unit.label for one in waiting)
        raise ValidationError({"waiver": _("%(units)s尚未答复；如不再等待，请写明理由。") % {"units": names}})
    CoOrganisation.objects.filter(pk__in=[one.pk for one in waiting]).update(waived_because=waiver)
    return clocks.Turn(dropped=frozenset(one.unit_id for one in waiting))


def write(petition: Petition, by: User, now: datetime, *, final: bool, body: str, **words) -> Reply:
    like = resembling(petition, by, body) if final else None
    resembles, likeness = like or (None, None)
    return Reply.objects.create(
        petition=petition, cycle=petition.rework_count, by=by, unit_id=petition.lead_id, at=now, final=final, body=body,
        resembles_id=resembles, likeness=likeness, **words,
    )  # fmt: skip


def resembling(petition: Petition, by: User, body: str) -> tuple[int, int] | None:
    """The unit's earlier final reply that this one is nearly identical to, whoever was answered, and how much."""
    known = Reply.objects.filter(unit=petition.lead_id, final=True, withdrawn_at=None).exclude(petition=petition)
    names = ("petition__enterprise__name", "petition__contact", "petition__handler__name", "by__name")
    rows = known.order_by("-id").values_list("pk", "body", *names)[:COMPARED]
    lead = petition.lead.name
    earlier = {pk: essence(said, [lead, *filter(None, told)]) for pk, said, *told in rows}
    handler = petition.handler.name if petition.handler else ""
    return nearest(essence(body, [lead, petition.enterprise.name, petition.contact, handler, by.name]), earlier)


def shown(petition: Petition, now: datetime) -> None:
    petition.answered_at = petition.answered_at or now


def answered(petition: Petition, said: Reply, now: datetime) -> None:
    shown(petition, now)
    last_achieved(petition, now)
    petition.conclusion, petition.replied_at = said.conclusion, now


@step
def respond(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """The answer to whoever urged; where only supervision ordered it, to them and not to the enterprise."""
    asked = waits_for_answer(petition)
    also = {"order_answered": (SUPERVISION, LEADER)} if "supervise" in asked else {}
    return Done(note=note, also_tells=also, public="urge" in asked)


def waits_for_answer(petition: Petition) -> set[str]:
    """By which steps an answer was asked for that is still owed."""
    owed = petition.deadlines.running().filter(clock="answer").first()
    if owed is None:
        return set()
    said = petition.events.filter(step__in=CLOCKS["answer"].met).order_by("seq").last()
    asked = petition.events.filter(step__in=CLOCKS["answer"].starts, at__gte=owed.started_at)
    return set(asked.filter(seq__gt=said.seq if said else 0).values_list("step", flat=True))


UNIT_STEPS = (
    contest, appeal, accept, reassign, consult, advise, interim, reply, submit, sign, send_back, respond,
)  # fmt: skip
