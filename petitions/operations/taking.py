"""How a step is taken: under one decorator that locks the petition, checks the step, makes the change, records the
event, moves the clocks and tells the parties, all in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Unit, User
from directory.parties import people_of, seats_of
from notices.live import ping
from notices.operations import Message, tell
from petitions import clocks
from petitions.models import Approval, Attachment, Event, Petition
from petitions.parties import LEAD, REPRESENTATIVE
from petitions.process import CLOCKS, STEPS, Stage, WrongStage, check

TOLD_FACTS = (
    "handler", "promised_on", "conclusion", "reason", "satisfaction", "solved", "days", "clock", "level",
    "receipt_number", "transferred_to", "milestone", "goal", "due_on", "conference", "master", "standard",
    "suspended_for", "until_on", "responsible",
)  # fmt: skip
BEGAN = ("started", "resumed", "moved")  # what a step did to a clock that somebody has to keep now

URGENT = "P0"  # breaks through quiet hours where the reader lets it


@dataclass
class Done:
    """What a step did: the stage it chose where the table leaves a choice, what to write down, what it does to the
    clocks beyond the table, who else hears of it, and whether the enterprise sees it where the table says otherwise.
    """

    note: str = ""
    facts: dict = field(default_factory=dict)
    to: str = ""
    turn: clocks.Turn = field(default_factory=clocks.Turn)
    moved: list[dict] = field(default_factory=list)  # clocks already moved, as `clocks` says it
    also_tells: dict[str, tuple] = field(default_factory=dict)  # kind of notice: parties
    public: bool | None = None
    left: Unit | None = None  # the unit that had it before, and is to hear that it has it no more


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
            before, watched = petition.stage, topics(petition)
            done = act(petition, by, now, **fields)
            conclude(petition, name, by, now, done, before, key, files, watched)
        return petition

    return taken


def locked(petition: Petition, *, wait: bool = True) -> Petition:
    """The petition as it stands now, nobody else's before this transaction ends; WrongStage where it is somebody
    else's at this moment and we do not `wait` for it.

    Locked first and read with what it names afterwards: PostgreSQL would match a row it had to wait for against the
    other tables as they were before, and so miss it or show its former unit.
    """
    held = Petition.objects.filter(pk=petition.pk).select_for_update(skip_locked=not wait).only("pk").first()
    if held is None:
        raise WrongStage(_("诉求 %(number)s 正由他人办理，请稍后再试。") % {"number": petition.number})
    return Petition.objects.for_page().get(pk=petition.pk)


def was_taken(petition: Petition, name: str, key: UUID) -> bool:
    """Has this very submission been here before?"""
    event = petition.events.filter(key=key).first()
    if event and event.step != name:
        raise WrongStage(_("这次提交的编号已被使用，请刷新页面后重新提交。"))
    return event is not None


def conclude(
    petition: Petition, name: str, by, now: datetime, done: Done, before="", key=None, files=(), watched=()
) -> None:
    """Write down a step that was taken: stage, clocks, event, files, notices, pings (also where it was `watched`)."""
    row = STEPS[name]
    entered = done.to or (row.to if isinstance(row.to, Stage) else "")
    petition.stage = entered or petition.stage
    petition.version += 1
    lines = done.moved + clocks.advance(petition, name, bool(entered), now, done.turn)
    petition.save()
    if entered:
        overtake(petition, now)
    event = Event.objects.create(
        petition=petition, seq=petition.version, step=name, at=now, by=by, unit_id=unit_of(by, now), key=key,
        stage_from=before, stage_to=petition.stage, note=done.note,
        facts=done.facts | ({"clocks": lines} if lines else {}),
        public=row.public if done.public is None else done.public,
    )  # fmt: skip
    attach(petition, event, files)
    for kind, parties in (done.also_tells | {name: hearers(row.tells, event)}).items():
        announce(petition, event, kind, parties)
    if done.left:  # for them the petition's page is gone
        former = LEAD.people_at({done.left.pk}, localdate(now))
        announce_to(former, petition, event, "handed_on", path=reverse("petitions:queue"))
    ping(*topics(petition), *watched)


def overtake(petition: Petition, now: datetime) -> None:
    """What was proposed falls where the petition has moved on to a stage in which it cannot be granted."""
    waiting = petition.proposal
    if waiting and petition.stage not in STEPS[waiting.step].at:
        waiting.decided_at, waiting.outcome = now, Approval.Outcome.OVERTAKEN
        waiting.save()


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


def hearers(parties: Iterable, event: Event) -> list:
    """What the enterprise does not see, it is not told either."""
    return [party for party in parties if event.public or party is not REPRESENTATIVE]


def announce(petition: Petition, event: Event, kind: str, parties: Iterable) -> None:
    """Tell the parties of an event, except the one who did it. Who is told twice of it, keeps the first."""
    announce_to(people_of(parties, petition, localdate(event.at)), petition, event, kind)


def announce_to(people: QuerySet, petition: Petition, event: Event, kind: str, path: str = "") -> None:
    """The same for these people; path: where they look, if not at the petition's page."""
    message = Message(
        kind=kind,
        key=f"petition:{petition.number}:{event.seq}",
        about=petition.number,
        title=petition.title,
        path=path or petition.get_absolute_url(),
        facts={
            "stage": petition.stage,
            "enterprise": petition.enterprise.name,
            "urgent": petition.standard.code == URGENT,
            "by": str(event.by or ""),
            **named(petition.lead),
            "note": event.note[:500],
            **until(petition, event),
            **{name: event.facts[name] for name in TOLD_FACTS if name in event.facts},
        },
    )
    tell([(pk, message) for pk in people.exclude(pk=event.by_id).values_list("pk", flat=True)], event.at)


def until(petition: Petition, event: Event) -> dict[str, str]:
    """The clock that the step set going, else the most urgent the enterprise was promised, and when it is due."""
    lines = [line for line in event.facts.get("clocks", ()) if line["did"] in BEGAN]
    lines = [line for line in lines if event.step == "consult" or not CLOCKS[line["clock"]].each_unit]
    if lines:
        first = min(lines, key=lambda line: BEGAN.index(line["did"]))
        return {"clock": first["clock"], "due": first["due"]}
    if petition.due_at and CLOCKS[petition.due_clock].public:
        return {"clock": petition.due_clock, "due": petition.due_at.isoformat()}
    return {}


def named(lead: Unit | None) -> dict[str, str]:
    """The lead unit's names as facts of a notice."""
    return {"lead": lead.name, "lead_en": lead.name_en} if lead else {}


def topics(petition: Petition) -> list[str]:
    """The live topics of the pages that show this petition: its own, its units' queues, the desk's."""
    units = [petition.lead] if petition.lead else []
    units += [one.unit for one in petition.co_organisations.all()]
    return [petition.live_topic, "desk", *(f"unit:{unit.code}" for unit in units)]


def written(petition: Petition) -> dict:
    """The columns of an unsaved petition, for a race-free insert."""
    return {f.attname: getattr(petition, f.attname) for f in Petition._meta.concrete_fields if not f.primary_key}


def propose(petition: Petition, step: str, by: User, now: datetime, **facts) -> Approval:
    """One person asks for a step that another decides; facts hold what was asked for."""
    vars(petition).get("_prefetched_objects_cache", {}).pop("approvals", None)  # what was read before is stale
    return Approval.objects.create(petition=petition, step=step, asked_by=by, asked_at=now, facts=facts)


def decide(petition: Petition, by: User, now: datetime, outcome: str) -> Approval:
    """Grant or refuse what waits."""
    proposal = petition.proposal
    proposal.decided_by, proposal.decided_at, proposal.outcome = by, now, outcome
    proposal.save()
    return proposal


GRANTED, REFUSED = Approval.Outcome.APPROVED, Approval.Outcome.REFUSED
