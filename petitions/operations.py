"""The steps as staff say them: one plain function each, under one decorator that locks the petition, checks the step,
makes the change, records the event, moves the clocks and tells the parties, all in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Cadre, Enterprise, Unit, User
from directory.numbers import new_number
from directory.parties import CALL_BACK, SUPERVISION, people_of, seats_of
from notices.live import ping
from notices.operations import Message, tell
from petitions import clocks
from petitions.models import (
    Approval,
    Attachment,
    Category,
    CoOrganisation,
    Evaluation,
    Event,
    Petition,
    Reply,
    ServiceStandard,
)
from petitions.parties import REPRESENTATIVE
from petitions.process import CLOSED, FILED, REWORK, STEPS, Stage, WrongStage, check
from visits.models import Visit
from visits.operations import log_visit

DEFAULT_STANDARD = "P2"  # until the desk names another


@dataclass
class Done:
    """What a step did: the stage it chose where the table leaves a choice, what to write down, who else hears of it."""

    note: str = ""
    facts: dict = field(default_factory=dict)
    to: str = ""
    also_tells: dict[str, tuple] = field(default_factory=dict)  # kind of notice: parties


def step(act: Callable[..., Done]) -> Callable[..., Petition]:
    """Make a verb of the table out of a function that only makes the change itself.

    The verb takes `key`, made with the form: the same key again changes nothing and answers as the first time.
    `files` are uploads already checked by a form. Raises WrongStage, PermissionDenied, ValidationError.
    """
    name = act.__name__

    @wraps(act)
    def taken(petition: Petition, by: User | None, now: datetime, *, key: UUID | None = None, files=(), **fields):
        with transaction.atomic():
            petition = locked(petition)
            if key and was_taken(petition, name, key):
                return petition
            check(name, petition, by, now)
            before = petition.stage
            done = act(petition, by, now, **fields)
            conclude(petition, name, by, now, done, before, key, files)
        return petition

    return taken


def locked(petition: Petition) -> Petition:
    """The petition as it stands now, nobody else's before this transaction ends.

    Locked first and read with what it names afterwards: PostgreSQL would match a row it had to wait for against the
    other tables as they were before, and so miss it or show its former unit.
    """
    Petition.objects.select_for_update().only("pk").get(pk=petition.pk)
    return Petition.objects.for_page().get(pk=petition.pk)


def was_taken(petition: Petition, name: str, key: UUID) -> bool:
    """Has this very submission been here before?"""
    event = petition.events.filter(key=key).first()
    if event and event.step != name:
        raise WrongStage(_("这次提交的编号已被使用，请刷新页面后重新提交。"))
    return event is not None


def conclude(petition: Petition, name: str, by, now: datetime, done: Done, before="", key=None, files=()) -> None:
    """Write down a step that was taken: stage, clocks, event, files, notices, pings."""
    row = STEPS[name]
    entered = done.to or (row.to if isinstance(row.to, Stage) else "")
    petition.stage = entered or petition.stage
    petition.version += 1
    clocks.advance(petition, name, bool(entered), now)
    petition.save()
    event = Event.objects.create(
        petition=petition, seq=petition.version, step=name, at=now, by=by, unit_id=unit_of(by, now), key=key,
        stage_from=before, stage_to=petition.stage, note=done.note, facts=done.facts, public=row.public,
    )  # fmt: skip
    attach(petition, event, files)
    for kind, parties in ({name: row.tells} | done.also_tells).items():
        announce(petition, event, kind, parties)
    ping(*topics(petition))


def unit_of(by: User | None, now: datetime) -> int | None:
    """The unit a person acts for: of the post held, or the one that posted the cadre."""
    if by is None:
        return None
    units = sorted(frozenset().union(*seats_of(by, localdate(now)).units.values()))
    return units[0] if units else getattr(getattr(by, "cadre", None), "unit_id", None)


def attach(petition: Petition, event: Event, files: Iterable) -> None:
    for upload in files:
        Attachment.objects.create(
            petition=petition, event=event, file=upload, name=upload.name[-120:], content_type=upload.content_type,
            size=upload.size, public=event.public, uploaded_by=event.by, uploaded_at=event.at,
        )  # fmt: skip


TOLD_FACTS = ("handler", "promised_on", "conclusion", "reason", "satisfaction", "solved")


def announce(petition: Petition, event: Event, kind: str, parties: Iterable) -> None:
    """Tell the parties of an event, except the one who did it."""
    message = Message(
        kind=kind,
        key=f"petition:{petition.number}:{event.seq}",
        about=petition.number,
        title=petition.title,
        path=petition.get_absolute_url(),
        facts={
            "stage": petition.stage,
            "enterprise": petition.enterprise.name,
            "by": str(event.by or ""),
            **named(petition.lead),
            "note": event.note[:500],
            **{name: event.facts[name] for name in TOLD_FACTS if name in event.facts},
        },
    )
    people = people_of(parties, petition, localdate(event.at)).exclude(pk=event.by_id)
    tell([(pk, message) for pk in people.values_list("pk", flat=True)], event.at)


def named(lead: Unit | None) -> dict[str, str]:
    """The lead unit's names as facts of a notice."""
    return {"lead": lead.name, "lead_en": lead.name_en} if lead else {}


def topics(petition: Petition) -> list[str]:
    """The live topics of the pages that show this petition: its own, its units' queues, the desk's."""
    units = [petition.lead] if petition.lead else []
    units += [one.unit for one in petition.co_organisations.all()]
    return [petition.live_topic, "desk", *(f"unit:{unit.code}" for unit in units)]


# --- Filing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def file(
    *, by: User, now: datetime, key: UUID, enterprise: Enterprise, consent: str = "", category: Category | None = None,
    visit=None, files=(), **words,
) -> tuple[Petition, bool]:  # fmt: skip
    """File a petition: by the representative, or on the enterprise's behalf by its cadre with the consent recorded.

    words: title, body, place, contact, phone. Answers the petition and whether it is new: the same key files once.
    """
    standard = ServiceStandard.objects.on(category.standard if category else DEFAULT_STANDARD, localdate(now))
    petition = Petition(
        number=new_number(localdate(now), "QS"), key=key, enterprise=enterprise, visit=visit, category=category,
        standard=standard, filed_by=by, filed_at=now, consent=consent, **words,
    )  # fmt: skip
    check("file", petition, by, now)
    on_behalf = not REPRESENTATIVE.includes(by, petition, localdate(now))
    if on_behalf and not consent:
        raise ValidationError({"consent": _("代企业提交须写明企业由谁、以何种方式同意。")})
    petition.channel = Petition.Channel.VISIT if on_behalf else Petition.Channel.ENTERPRISE
    petition.stage = FILED
    petition, is_new = Petition.objects.get_or_create(key=key, defaults=written(petition))
    if not is_new:
        if petition.filed_by_id != by.pk:
            raise WrongStage(_("这次提交的编号已被使用，请刷新页面后重新提交。"))
        return petition, False
    conclude(petition, "file", by, now, Done(note=petition.body, facts={"on_behalf": on_behalf}), files=files)
    return petition, True


@transaction.atomic
def log_visit_with_concern(
    *, host: Cadre, by: User, now: datetime, uid: UUID, enterprise: Enterprise, visit_fields: dict,
    concern: dict | None = None, files=(),
) -> tuple[Visit, Petition | None, bool]:  # fmt: skip
    """Log a visit and file the concern heard on it in one save. The same uid again answers with what is stored."""
    visit, is_new = log_visit(host=host, by=by, now=now, uid=uid, enterprise=enterprise, fields=visit_fields)
    if not concern:
        return visit, None, is_new
    key = uuid5(uid, "concern")
    petition, _new = file(by=by, now=now, key=key, enterprise=visit.enterprise, visit=visit, files=files, **concern)
    return visit, petition, is_new


def written(petition: Petition) -> dict:
    """The columns of an unsaved petition, for a race-free insert."""
    return {f.attname: getattr(petition, f.attname) for f in Petition._meta.concrete_fields if not f.primary_key}


@step
def correct(petition: Petition, by: User, now: datetime, *, title: str, body: str) -> Done:
    old = {"title": petition.title, "body": petition.body}
    petition.title, petition.body = title, body
    return Done(note=title, facts={"old": old, "new": {"title": title, "body": body}})


@step
def withdraw(petition: Petition, by: User, now: datetime, *, note: str, pressed: bool = False) -> Done:
    """The enterprise takes its petition back; told to supervision where it says somebody asked it to."""
    return Done(note=note, facts={"pressed": pressed}, also_tells={"pressed": (SUPERVISION,)} if pressed else {})


# --- The desk --------------------------------------------------------------------------------------------------------


@step
def dispatch(
    petition: Petition, by: User, now: datetime, *, lead: Unit, category: Category, standard: str,
    co_organisers: Iterable[Unit] = (), note: str = "",
) -> Done:  # fmt: skip
    """Name one lead unit, its co-organisers, the category and the service standard."""
    petition.lead, petition.category, petition.dispatched_at = lead, category, now
    petition.standard = ServiceStandard.objects.on(standard, localdate(now))
    helpers = [unit for unit in co_organisers if unit != lead]
    ask(petition, helpers, "", now)
    facts = {"lead": lead.code, "category": category.code, "standard": standard}
    return Done(facts=facts | {"co_organisers": [unit.code for unit in helpers], "instruction": note})


def ask(petition: Petition, units: Iterable[Unit], question: str, now: datetime) -> None:
    """Ask these units, anew where they have answered before: the earlier answer stays in the event log."""
    for unit in units:
        CoOrganisation.objects.update_or_create(
            petition=petition, unit=unit,
            defaults={"question": question, "asked_at": now, "answer": "", "answered_at": None, "answered_by": None,
                      "waived_because": ""},
        )  # fmt: skip
    vars(petition).get("_prefetched_objects_cache", {}).pop("co_organisations", None)  # what was read before is stale


@step
def propose_decline(petition: Petition, by: User, now: datetime, *, reason: str, guidance: str) -> Done:
    facts = {"reason": reason, "guidance": guidance}
    Approval.objects.create(petition=petition, step="decline", asked_by=by, asked_at=now, facts=facts)
    return Done(note=guidance, facts={"reason": reason})


@step
def decline(petition: Petition, by: User, now: datetime) -> Done:
    """The second person agrees: the enterprise hears the reason and where to go instead."""
    proposal = decide(petition, by, now, Approval.Outcome.APPROVED)
    return Done(note=proposal.facts["guidance"], facts={"reason": proposal.facts["reason"]})


@step
def keep(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """The proposal to decline is turned down, or taken back: the petition waits for dispatch again."""
    decide(petition, by, now, Approval.Outcome.REFUSED)
    return Done(note=note)


def decide(petition: Petition, by: User, now: datetime, outcome: str) -> Approval:
    proposal = Approval.objects.get(petition=petition, step="decline", decided_at=None)
    proposal.decided_by, proposal.decided_at, proposal.outcome = by, now, outcome
    proposal.save()
    return proposal


# --- The lead unit and its co-organisers -----------------------------------------------------------------------------


@step
def accept(petition: Petition, by: User, now: datetime, *, handler: User | None = None, note: str = "") -> Done:
    """Received, and this person handles it."""
    petition.handler, petition.accepted_at = handler or by, now
    return Done(note=note, facts={"handler": petition.handler.name})


@step
def consult(petition: Petition, by: User, now: datetime, *, units: Iterable[Unit], question: str) -> Done:
    asked = [unit for unit in units if unit.pk != petition.lead_id]
    if not asked:
        raise ValidationError({"units": _("请选择本单位以外的协办单位。")})
    ask(petition, asked, question, now)
    return Done(note=question, facts={"co_organisers": [unit.code for unit in asked]})


@step
def advise(petition: Petition, by: User, now: datetime, *, answer: str) -> Done:
    units = seats_of(by, localdate(now)).units_as(("member", "head"))
    mine = [one for one in petition.co_organisations.all() if one.unit_id in units and not one.is_settled]
    for one in mine:
        one.answer, one.answered_at, one.answered_by = answer, now, by
        one.save()
    return Done(note=answer, facts={"units": [one.unit.code for one in mine]})


@step
def interim(petition: Petition, by: User, now: datetime, *, body: str, promised_on: date) -> Done:
    """A plan with a promised date: it meets the feedback clock, the close clock runs on."""
    if promised_on < localdate(now):
        raise ValidationError({"promised_on": _("承诺日期不能早于今天。")})
    answer(petition, by, now, final=False, body=body, promised_on=promised_on)
    petition.promised_on = promised_on
    return Done(note=body, facts={"promised_on": promised_on.isoformat()})


@step
def reply(
    petition: Petition, by: User, now: datetime, *, conclusion: str, body: str, basis: str, waiver: str = ""
) -> Done:
    """The conclusion with its basis; it waits for every co-organiser unless that is waived with a reason."""
    waiting = [one for one in petition.co_organisations.all() if not one.is_settled]
    if waiting and not waiver:
        names = _("、").join(one.unit.label for one in waiting)
        raise ValidationError({"waiver": _("%(units)s尚未答复；如不再等待，请写明理由。") % {"units": names}})
    for one in waiting:
        one.waived_because = waiver
        one.save()
    answer(petition, by, now, final=True, body=body, basis=basis, conclusion=conclusion)
    petition.conclusion, petition.replied_at = conclusion, now
    return Done(note=body, facts={"conclusion": conclusion, "basis": basis})


def answer(petition: Petition, by: User, now: datetime, **words) -> None:
    Reply.objects.create(
        petition=petition, cycle=petition.rework_count, by=by, unit_id=petition.lead_id, at=now, **words
    )
    petition.answered_at = petition.answered_at or now


# --- After the answer ------------------------------------------------------------------------------------------------


@step
def evaluate(
    petition: Petition, by: User, now: datetime, *, solved: str, contacted: bool, satisfaction: int, comment: str = ""
) -> Done:
    """Unsolved or dissatisfied goes back to the unit at once, the first time; later the call-back officer decides."""
    by_call_back = not REPRESENTATIVE.includes(by, petition, localdate(now))
    Evaluation.objects.create(
        petition=petition, cycle=petition.rework_count, solved=solved, contacted=contacted, satisfaction=satisfaction,
        comment=comment, by=by, by_call_back=by_call_back, at=now,
    )  # fmt: skip
    facts = {"solved": solved, "contacted": contacted, "satisfaction": satisfaction, "by_call_back": by_call_back}
    content = solved != Evaluation.Solved.NO and satisfaction > 2
    if content or petition.rework_count:
        petition.closed_at = now
        return Done(note=comment, facts=facts, to=CLOSED, also_tells={} if content else {"dissatisfied": (CALL_BACK,)})
    petition.rework_count += 1
    return Done(note=comment, facts=facts, to=REWORK)


@step
def lapse(petition: Petition, by: None, now: datetime) -> Done:
    """Nobody rated in time: closed as not evaluated, never as satisfied."""
    petition.closed_at = now
    return Done()


@step
def reopen(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    petition.rework_count += 1
    petition.closed_at = None
    return Done(note=note)


UNTIL_THE_REPLY = (correct, withdraw, dispatch, propose_decline, decline, keep, accept, consult, advise, interim, reply)
OPERATIONS = {act.__name__: act for act in (*UNTIL_THE_REPLY, evaluate, lapse, reopen)}
