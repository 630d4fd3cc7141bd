"""One petition's life: the steps of the process taken at given moments, kept in memory with the same clocks and events
that `petitions.operations` would have written."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from uuid import UUID

from assessment.demonstration.people import District
from directory.models import Unit, User
from petitions import clocks
from petitions.models import (
    Approval,
    Category,
    CoOrganisation,
    Deadline,
    Evaluation,
    Event,
    Petition,
    Reply,
    ServiceStandard,
)  # fmt: skip
from petitions.process import CLOCKS, CLOSED, OPEN, REWORK, STEPS
from petitions.wording import DeclineReason
from workdays.calendar import Calendar


class Later(Exception):
    """The next step lies beyond the end of what is told, or is held back."""


@dataclass
class Setting:
    """What every story happens in."""

    district: District
    calendar: Calendar
    standards: dict[str, ServiceStandard]


class Story:
    """until: nothing happens after it. hold: the step that is not taken any more."""

    def __init__(self, petition: Petition, setting: Setting, until: datetime, hold: str = "") -> None:
        self.petition, self.until, self.hold = petition, until, hold
        self.district, self.calendar, self.standards = setting.district, setting.calendar, setting.standards
        self.events: list[Event] = []
        self.deadlines: list[Deadline] = []
        self.replies: list[Reply] = []
        self.evaluations: list[Evaluation] = []
        self.helpers: list[CoOrganisation] = []
        self.approvals: list[Approval] = []

    @property
    def records(self) -> list:
        return [
            self.petition,
            *self.events,
            *self.deadlines,
            *self.replies,
            *self.evaluations,
            *self.helpers,
            *self.approvals,
        ]

    def running(self, clock: str) -> Deadline:
        return next(one for one in self.deadlines if one.clock == clock and not (one.met_at or one.cancelled_at))

    def reach(self, step: str, at: datetime) -> datetime:
        """Nothing is done after the end, nor what is held back."""
        if step == self.hold or at > self.until:
            raise Later
        return at

    # --- The steps --------------------------------------------------------------------------------------------------

    def file(self, on_behalf: bool) -> None:
        petition = self.petition
        self.conclude("file", petition.filed_at, petition.filed_by, petition.body, {"on_behalf": on_behalf})

    def dispatch(self, at: datetime, by: User, category: Category, lead: Unit, helpers: list[Unit]) -> None:
        self.reach("dispatch", at)
        petition, standard = self.petition, self.standards[category.standard]
        petition.category, petition.lead, petition.standard, petition.dispatched_at = category, lead, standard, at
        self.helpers = [CoOrganisation(petition=petition, unit=unit, asked_at=at) for unit in helpers]
        facts = {"lead": lead.code, "category": category.code, "standard": standard.code, "instruction": ""}
        self.conclude("dispatch", at, by, "", facts | {"co_organisers": [unit.code for unit in helpers]})

    def propose_decline(self, at: datetime, by: User, guidance: str) -> None:
        facts = {"reason": DeclineReason.IN_COURT.value, "guidance": guidance}
        self.approvals.append(Approval(petition=self.petition, step="decline", asked_by=by, asked_at=at, facts=facts))
        self.conclude("propose_decline", at, by, guidance, {"reason": facts["reason"]})

    def accept(self, at: datetime, by: User, handler: User) -> None:
        self.petition.accepted_at, self.petition.handler = self.reach("accept", at), handler
        self.conclude("accept", at, by, "", {"handler": handler.name})

    def advise(self, at: datetime, one: CoOrganisation, by: User, answer: str) -> None:
        one.answered_at, one.answered_by, one.answer = self.reach("advise", at), by, answer
        self.conclude("advise", at, by, answer, {"units": [one.unit.code]})

    def interim(self, at: datetime, body: str, promised_on: date) -> None:
        self.answer(self.reach("interim", at), False, body, promised_on=promised_on)
        self.petition.promised_on = promised_on
        self.conclude("interim", at, self.petition.handler, body, {"promised_on": promised_on.isoformat()})

    def reply(self, at: datetime, body: str, basis: str, conclusion: str, waiver: str) -> None:
        self.reach("reply", at)
        for one in self.helpers:
            one.waived_because = "" if one.answered_at else waiver
        self.answer(at, True, body, basis=basis, conclusion=conclusion)
        self.petition.conclusion, self.petition.replied_at = conclusion, at
        self.conclude("reply", at, self.petition.handler, body, {"conclusion": conclusion, "basis": basis})

    def answer(self, at: datetime, final: bool, body: str, **words) -> None:
        petition = self.petition
        petition.answered_at = petition.answered_at or at
        self.replies.append(
            Reply(
                petition=petition, final=final, cycle=petition.rework_count, body=body, by=petition.handler,
                unit=petition.lead, at=at, **words,
            )
        )  # fmt: skip

    def evaluate(
        self, at: datetime, by: User, solved: str, satisfaction: int, comment: str, contacted: bool = True
    ) -> None:
        self.reach("evaluate", at)
        petition, by_call_back = self.petition, by in self.district.by_role["call-back"]
        facts = {"solved": solved, "contacted": contacted, "satisfaction": satisfaction, "by_call_back": by_call_back}
        rating = Evaluation(petition=petition, cycle=petition.rework_count, comment=comment, by=by, at=at, **facts)
        self.evaluations.append(rating)
        if (solved != Evaluation.Solved.NO and satisfaction > 2) or petition.rework_count:
            petition.closed_at = at
            self.conclude("evaluate", at, by, comment, facts, CLOSED)
        else:
            petition.rework_count += 1
            self.conclude("evaluate", at, by, comment, facts, REWORK)

    def lapse(self, at: datetime) -> None:
        self.petition.closed_at = self.reach("evaluate", at)
        self.conclude("lapse", at, None)

    # --- What every step does ---------------------------------------------------------------------------------------

    def conclude(
        self, name: str, at: datetime, by: User | None, note: str = "", facts: dict | None = None, to=""
    ) -> None:
        """Write the step down, as `operations.conclude` does."""
        self.tell_late(at)
        row, before = STEPS[name], self.petition.stage
        entered = to or row.to
        self.petition.stage = entered or before
        self.write(name, at, by, before, note=note, facts=facts or {}, public=row.public)
        self.advance(name, bool(entered), at)

    def write(self, name: str, at: datetime, by: User | None, before: str, **words) -> None:
        petition = self.petition
        petition.version += 1
        event = Event(
            petition=petition, seq=petition.version, step=name, at=at, by=by, unit=self.unit_of(by),
            stage_from=before, stage_to=petition.stage, **words,
        )  # fmt: skip
        self.events.append(event)

    def unit_of(self, by: User | None) -> Unit | None:
        return self.district.unit_of.get(by.pk) if by else None

    def tell_late(self, at: datetime) -> None:
        """The event of every clock that ran out before this moment, as the sweep wrote it then."""
        late = [one for one in self.deadlines if not one.met_at and not one.cancelled_at and one.due_at < at]
        for one in sorted(late, key=lambda one: one.due_at):
            if one.level < Deadline.Level.DUE and not CLOCKS[one.clock].lapses:
                one.level = Deadline.Level.DUE
                due = one.due_at.isoformat()
                facts = {"clock": one.clock, "level": one.level, "crossed_at": due, "due_at": due}
                self.write("due", one.due_at, None, self.petition.stage, facts=facts, public=False)

    def advance(self, step: str, entered: bool, at: datetime) -> None:
        """Meet, end and start clocks, as `clocks.advance` does."""
        running = [one for one in self.deadlines if not one.met_at and not one.cancelled_at]
        for one in running:
            if step in CLOCKS[one.clock].met:
                clocks.meet(one, at)
            elif self.petition.stage not in OPEN:
                self.cancel(one, at)
        names = {one.clock for one in running if not one.met_at and not one.cancelled_at}
        for name, clock in CLOCKS.items():
            if entered and name not in names and self.petition.stage in clock.starts:
                started = clocks.started(self.petition, name, at, self.calendar)
                self.deadlines += [started] if started else []

    def cancel(self, deadline: Deadline, at: datetime) -> None:
        deadline.cancelled_at, deadline.next_event_at = at, None

    def finish(self, rng: Random) -> None:
        """Put the most urgent running clock on the petition, and a key on every event."""
        running = [one for one in self.deadlines if not one.met_at and not one.cancelled_at]
        if first := min(running, key=lambda one: one.due_at, default=None):
            petition = self.petition
            petition.due_clock, petition.due_at, petition.warn_at = first.clock, first.due_at, first.warn_at
        for event in self.events:
            event.key = UUID(int=rng.getrandbits(128), version=4) if event.by_id else None
