"""What the page of one petition shows this reader: cards made of plain values, so that templates decide nothing."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Unit
from directory.parties import AUDITOR, LEADER, SUPERVISION
from petitions.models import Approval, Attachment, CoOrganisation, Deadline, Event, Petition, Reply
from petitions.operations import convenes
from petitions.operations.links import RECEIPT_HOLDERS
from petitions.parties import CADRE, CO_ORGANISER, LEAD, REPRESENTATIVE, STAFF_VIEWERS
from petitions.plans import Decision, Goal, decisions, goals, planned_for, waits_for_conference
from petitions.process import (
    CALL_BACK,
    CLOSED,
    DECLINED,
    DESK,
    ENDS,
    INCOMPLETE,
    SIGNING,
    STEPS,
    SUSPENDED,
    WITHDRAWN,
    open_steps,
)
from petitions.progress import Mark, Promise, last_master, next_promise, promises, show_promised, way
from petitions.wording import (
    ACTIONS,
    FIRST,
    Action,
    clock_lines,
    details,
    done,
    promise,
    proposal_lines,
    solved_words,
    state_of,
)
from workdays.limits import Limit
from workdays.wording import limit_words, span_words

CALLERS = (REPRESENTATIVE, CADRE, LEAD, CO_ORGANISER, DESK, CALL_BACK)  # those who may need to ring the enterprise
READERS = {  # facts that not everybody reads who sees the event
    "instruction": STAFF_VIEWERS,  # between the desk and the units
    "handover": STAFF_VIEWERS,  # from one handler to the next
    "pressed": (REPRESENTATIVE, SUPERVISION, LEADER, AUDITOR),  # never those who may have pressed
    "remark": STAFF_VIEWERS,  # of the head who signs
}


@dataclass(frozen=True)
class Button:
    """A step this reader may take now."""

    step: str
    action: Action
    primary: bool


class Page:
    """A petition as one reader may see it at one moment. Each list is read once, and only when a card asks for it."""

    def __init__(self, petition: Petition, user, now: datetime):
        self.petition, self.user, self.now, self.day = petition, user, now, localdate(now)
        helpers = Prefetch("co_organisations", CoOrganisation.objects.select_related("unit", "answered_by"))
        clocks = Prefetch("deadlines", Deadline.objects.select_related("unit").order_by("started_at", "due_at", "id"))
        prefetch_related_objects([petition], helpers, clocks, "approvals")
        if not self.inside:
            show_promised(petition, next_promise(petition.deadlines.all()))

    def of(self, *parties) -> bool:
        return any(party.includes(self.user, self.petition, self.day) for party in parties)

    @cached_property
    def inside(self) -> bool:
        """Of the staff, who also see what passes between the units."""
        return self.of(*STAFF_VIEWERS)

    @cached_property
    def buttons(self) -> list[Button]:
        """The open steps, the expected one first."""
        steps = [step for step in open_steps(self.petition, self.user, self.now) if step in ACTIONS]
        steps.sort(key=lambda step: FIRST.index(step) if step in FIRST else len(FIRST))
        return [Button(step, ACTIONS[step], at == 0 and step in FIRST) for at, step in enumerate(steps)]

    @cached_property
    def followed(self) -> Petition:
        """The petition whose course this one takes: its own, or that of the one it was merged into, where this reader
        may know of it."""
        master = last_master(self.petition)
        known = (
            master is self.petition or Petition.objects.visible_to(self.user, self.now).filter(pk=master.pk).exists()
        )
        return master if known else self.petition

    @cached_property
    def promised_clock(self) -> Deadline | None:
        """What the enterprise waits for next."""
        return next_promise(self.followed.deadlines.all())

    @cached_property
    def promise(self) -> str:
        return promise(self.followed, self.promised_clock, self.now)

    @cached_property
    def promises(self) -> list[Promise]:
        return promises(self.followed, self.followed.deadlines.all(), self.now)

    @cached_property
    def is_late(self) -> bool:
        """Of what was promised to the enterprise."""
        return bool(self.promised_clock and self.promised_clock.due_at < self.now)

    @cached_property
    def must_be_rung(self) -> bool:
        """The enterprise has nobody who gets notices; the staff's to know."""
        return self.inside and self.petition.is_open and not getattr(self.petition, "has_hearer", True)

    @cached_property
    def said(self) -> Event | None:
        """With what words the petition came to where it waits: what is missing, why it was declined or suspended."""
        step = {INCOMPLETE: "clarify", DECLINED: "decline", SUSPENDED: "suspend"}.get(self.petition.stage)
        return next((event for event in reversed(self.events) if event.step == step), None)

    @cached_property
    def has_receipt(self) -> bool:
        return self.of(*RECEIPT_HOLDERS)

    @cached_property
    def may_file_anew(self) -> bool:
        """It is over and can no longer be taken up again: the representative may file another that follows it."""
        over = self.petition.stage in (CLOSED, DECLINED, WITHDRAWN) and not self.buttons
        return over and self.of(REPRESENTATIVE)

    @cached_property
    def waited(self) -> str:
        """The gross clock: from filing until it ended, never paused."""
        petition = self.petition
        ended = self.events[-1].at if petition.stage in ENDS and self.events else self.now
        return span_words((petition.closed_at or ended) - petition.filed_at)

    @cached_property
    def phone(self) -> str:
        """In full for those who may need to ring; else enough to recognise it."""
        phone = self.petition.phone
        return phone if self.of(*CALLERS) or len(phone) < 8 else f"{phone[:3]}****{phone[-4:]}"

    @cached_property
    def progress(self) -> list[Mark]:
        one = self.followed
        return way(one, rated=bool(self.ratings) if one is self.petition else one.evaluations.exists())

    @cached_property
    def replies(self) -> list[Reply]:
        """What the enterprise was answered, the latest first."""
        if self.petition.answered_at is None:
            return []
        shown = self.petition.replies.filter(shown_at__isnull=False)
        return list(shown.select_related("by", "unit").order_by("-shown_at", "-id"))

    @cached_property
    def draft(self) -> Reply | None:
        """The reply that waits for its signature; the staff's alone."""
        if self.petition.stage != SIGNING or not self.inside:
            return None
        waiting = self.petition.replies.filter(shown_at=None, withdrawn_at=None)
        return waiting.select_related("by", "unit", "resembles__petition").order_by("-id").first()

    @cached_property
    def milestones(self) -> list[Goal]:
        """The plan of a parked petition, and what came of it."""
        return goals(self.petition, self.now)

    @cached_property
    def decisions(self) -> list[Decision]:
        """What joint conferences decided; the staff's alone."""
        held = self.inside and any(event.step == "resolve" for event in self.events)
        return decisions(self.petition, self.user, self.now) if held else []

    @cached_property
    def relatives(self) -> list[tuple[str, Petition]]:
        """Petitions this one hangs together with, as far as this reader may know of them."""
        petition = self.petition
        found = Petition.objects.visible_to(self.user, self.now).select_related("lead")
        near = found.filter(
            Q(master=petition) | Q(follows=petition) | Q(pk__in=(petition.master_id, petition.follows_id))
        )
        return [(self._relation(one), one) for one in near.order_by("id")]

    def _relation(self, one: Petition) -> str:
        if one.pk == self.petition.master_id:
            return _("并入")
        if one.master_id == self.petition.pk:
            return _("由其并入")
        return _("前一件") if one.pk == self.petition.follows_id else _("后一件")

    @cached_property
    def helpers(self) -> list[CoOrganisation]:
        """Co-organisers; the enterprise learns who helps, not what they wrote."""
        return list(self.petition.co_organisations.all())

    @cached_property
    def deadlines(self) -> list[dict]:
        """Every clock, running and ended, for the staff."""
        if not self.inside:
            return []
        return [self._clock(row) for row in self.petition.deadlines.all()]

    def _clock(self, row: Deadline) -> dict:
        words, tone = state_of(row, self.now)
        limit = Limit.parse(row.limit)
        return {"row": row, "state": words, "tone": tone, "limit": limit, "limit_words": limit_words(limit)}

    @cached_property
    def events(self) -> list[Event]:
        """All that happened and this reader may know of, in order."""
        events = self.petition.events.select_related("by", "unit").order_by("seq")
        return list(events if self.inside else events.filter(public=True))

    @cached_property
    def timeline(self) -> list[dict]:
        """The events, the latest first, as the component of that name draws them."""
        units = [self.petition.lead, *(one.unit for one in self.helpers)]
        names = {unit.code: unit.label for unit in units if unit}
        if others := {code for event in self.events for code in units_in(event.facts)} - set(names):
            names |= {unit.code: unit.label for unit in Unit.objects.filter(code__in=others)}
        return [self._line(event, names) for event in reversed(self.events)]

    def _line(self, event: Event, units: dict[str, str]) -> dict:
        title, icon, tone = done(event)
        facts = {name: fact for name, fact in event.facts.items() if name not in READERS or self.of(*READERS[name])}
        who = [event.unit.label if event.unit else "", str(event.by or "")]
        return {
            "at": event.at,
            "title": title,
            "icon": icon,
            "tone": tone,
            "badge": "" if event.public else _("内部"),
            "by": " · ".join(filter(None, who)) or _("系统"),
            "note": "\n".join(filter(None, (details(event, facts, units), self._clocks_of(event, units)))),
        }

    def _clocks_of(self, event: Event, units: dict[str, str]) -> str:
        return clock_lines(event.facts.get("clocks", ()), units, self.inside)

    @cached_property
    def attachments(self) -> list[Attachment]:
        files = self.petition.attachments.select_related("uploaded_by")
        return list(files if self.inside else files.filter(public=True))

    @cached_property
    def ratings(self) -> list[dict]:
        """What the enterprise said of the answers, the latest first; the event keeps all of it."""
        rated = [event for event in reversed(self.events) if event.step == "evaluate"]
        return [
            {"at": event.at, "note": event.note, "solved_words": solved_words(event), **event.facts} for event in rated
        ]

    @cached_property
    def proposal(self) -> dict | None:
        """What waits for a second person: what it is called, and what was asked for; the staff's alone."""
        waiting: Approval | None = self.petition.proposal if self.inside else None
        if waiting is None:
            return None
        confers = waits_for_conference(self.petition)
        return {
            "label": STEPS[waiting.step].label, "at": waiting.asked_at, "lines": proposal_lines(waiting),
            "awaits_conference": confers, "can_convene": convenes(self.user, self.now),
            "conference": planned_for(self.petition, self.user, self.now) if confers else None,
        }  # fmt: skip


def units_in(facts: dict) -> list[str]:
    """The codes of all units that an event names: of earlier leads, of whoever was proposed or has to do something."""
    one = [facts[name] for name in ("lead", "proposed", "owner") if facts.get(name)]
    return [*one, *facts.get("co_organisers", ()), *facts.get("units", ())]
