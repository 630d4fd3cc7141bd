"""One petition's life: the steps of the process taken at given moments, kept in memory with the same clocks and events
that `petitions.operations` would have written."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from random import Random
from uuid import UUID

from assessment.demonstration.people import District
from directory.models import Unit, User
from petitions import clocks
from petitions.clocks import Turn
from petitions.models import (
    AgendaItem,
    Approval,
    Category,
    CoOrganisation,
    Deadline,
    Evaluation,
    Event,
    Milestone,
    Petition,
    Reply,
    ServiceStandard,
)  # fmt: skip
from petitions.process import CLOCKS, CLOSED, REWORK, STEPS, Stage
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
        self.milestones: list[Milestone] = []
        self.agenda: list[AgendaItem] = []

    @property
    def records(self) -> list:
        told = (self.events, self.deadlines, self.replies, self.evaluations, self.helpers, self.approvals)
        return [self.petition, *chain(*told, self.milestones, self.agenda)]

    def ticking(self) -> list[Deadline]:
        return [one for one in self.deadlines if not (one.met_at or one.cancelled_at)]

    def running(self, clock: str, unit: Unit | None = None) -> Deadline:
        """The clock of that name; of that unit's, where each has one."""
        return next(one for one in self.ticking() if one.clock == clock and (unit is None or one.unit_id == unit.pk))

    def reach(self, step: str, at: datetime) -> datetime:
        """Nothing is done after the end, nor what is held back."""
        if step == self.hold or at > self.until:
            raise Later
        return at

    # --- The steps --------------------------------------------------------------------------------------------------

    def file(self, on_behalf: bool) -> None:
        petition, facts = self.petition, {"on_behalf": on_behalf}
        if petition.outside_number:
            facts = {"channel": petition.channel, "outside_number": petition.outside_number}
        self.conclude("file", petition.filed_at, petition.filed_by, petition.body, facts)

    def dispatch(self, at: datetime, by: User, category: Category, lead: Unit, helpers: list[Unit]) -> None:
        self.reach("dispatch", at)
        petition = self.petition
        standard = petition.standard if petition.outside_number else self.standards[category.standard]
        petition.category, petition.lead, petition.standard = category, lead, standard
        petition.dispatched_at = petition.handed_at = at
        self.helpers = [CoOrganisation(petition=petition, unit=unit, asked_at=at) for unit in helpers]
        facts = {"lead": lead.code, "category": category.code, "standard": standard.code, "instruction": ""}
        self.conclude("dispatch", at, by, "", facts | {"co_organisers": [unit.code for unit in helpers]})

    def propose_decline(self, at: datetime, by: User, guidance: str) -> None:
        facts = {"reason": DeclineReason.IN_COURT.value, "guidance": guidance}
        self.approvals.append(Approval(petition=self.petition, step="decline", asked_by=by, asked_at=at, facts=facts))
        self.conclude("propose_decline", at, by, guidance, {"reason": facts["reason"]})

    def accept(self, at: datetime, by: User, handler: User) -> None:
        self.petition.accepted_at, self.petition.handler = self.reach("accept", at), handler
        self.conclude("accept", at, by, "", {"handler": handler.name}, moved=self.ask_units(at))

    def ask_units(self, at: datetime) -> list[dict]:
        """Start the co-organisers' clocks, as `clocks.ask_units` does."""
        if not self.helpers:
            return []
        ahead = min(one.due_at for one in self.ticking() if one.clock in ("feedback", "close"))
        share = clocks.share_until(ahead, self.petition.standard, at, self.calendar)
        rows = [
            clocks.started(self.petition, "co_organise", at, self.calendar, share, one.unit_id) for one in self.helpers
        ]
        for row, one in zip(rows, self.helpers, strict=True):
            row.unit = one.unit
        self.deadlines += rows
        return [clocks.line_of(row, "started") for row in rows]

    def advise(self, at: datetime, one: CoOrganisation, by: User, answer: str) -> None:
        one.answered_at, one.answered_by, one.answer = self.reach("advise", at), by, answer
        turn = Turn(units=frozenset({one.unit_id}))
        self.conclude("advise", at, by, answer, {"units": [one.unit.code]}, turn=turn)

    def interim(self, at: datetime, body: str, promised_on: date) -> None:
        self.answer(self.reach("interim", at), False, body, promised_on=promised_on, shown_at=at)
        self.shown(at)
        self.petition.promised_on = promised_on
        self.conclude("interim", at, self.petition.handler, body, {"promised_on": promised_on.isoformat()})

    def reply(self, at: datetime, body: str, basis: str, conclusion: str, waiver: str) -> None:
        self.reach("reply", at)
        turn = self.waive(waiver)
        said = self.answer(at, True, body, basis=basis, conclusion=conclusion, shown_at=at)
        self.replied(said, at)
        facts = {"conclusion": conclusion, "basis": basis}
        self.conclude("reply", at, self.petition.handler, body, facts, turn=turn)

    def submit(self, at: datetime, body: str, basis: str, conclusion: str, waiver: str) -> None:
        self.reach("submit", self.reach("reply", at))
        turn = self.waive(waiver)
        self.answer(at, True, body, basis=basis, conclusion=conclusion)
        facts = {"conclusion": conclusion, "basis": basis}
        self.conclude("submit", at, self.petition.handler, body, facts, turn=turn)

    def sign(self, at: datetime, by: User) -> None:
        said = self.replies[-1]
        said.shown_at = self.reach("sign", at)
        self.replied(said, at)
        facts = {"conclusion": said.conclusion, "basis": said.basis, "remark": ""}
        self.conclude("sign", at, by, said.body, facts)

    def waive(self, waiver: str) -> Turn:
        waiting = [one for one in self.helpers if not one.is_settled]
        for one in waiting:
            one.waived_because = waiver
        return Turn(dropped=frozenset(one.unit_id for one in waiting))

    def answer(self, at: datetime, final: bool, body: str, **words) -> Reply:
        petition = self.petition
        reply = Reply(
            petition=petition, final=final, cycle=petition.rework_count, body=body, by=petition.handler,
            unit=petition.lead, at=at, **words,
        )  # fmt: skip
        self.replies.append(reply)
        return reply

    def shown(self, at: datetime) -> None:
        self.petition.answered_at = self.petition.answered_at or at

    def replied(self, said: Reply, at: datetime) -> None:
        self.shown(at)
        self.petition.conclusion, self.petition.replied_at = said.conclusion, at

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
        self, name: str, at: datetime, by: User | None, note="", facts: dict | None = None, to="", turn=None, moved=()
    ) -> None:
        """Write the step down, as `operations.taking.conclude` does."""
        self.tell_late(at)
        row, before = STEPS[name], self.petition.stage
        entered = to or (row.to if isinstance(row.to, Stage) else "")
        self.petition.stage = entered or before
        lines = [*moved, *self.advance(name, bool(entered), at, turn or Turn())]
        facts = (facts or {}) | ({"clocks": lines} if lines else {})
        self.write(name, at, by, before, note=note, facts=facts, public=row.public)

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
        late = [one for one in self.ticking() if one.due_at < at]
        for one in sorted(late, key=lambda one: one.due_at):
            if one.level < Deadline.Level.DUE and not CLOCKS[one.clock].lapses:
                one.level = Deadline.Level.DUE
                due = one.due_at.isoformat()
                facts = {"clock": one.clock, "level": one.level, "crossed_at": due, "due_at": due}
                self.write("due", one.due_at, None, self.petition.stage, facts=facts, public=False)

    def advance(self, step: str, entered: bool, at: datetime, turn: Turn) -> list[dict]:
        """Meet, end and start clocks, as `clocks.advance` does; nothing told here is ever suspended."""
        stage, running = self.petition.stage, self.ticking()
        said = [line for one in running if (line := clocks.turned(one, stage, step, at, turn, self.calendar))]
        starts = {stage} if entered and not STEPS[step].back else set()
        names = {one.clock for one in self.ticking()}
        begun = clocks.starting(self.petition, starts | {step}, names, at, turn)
        self.deadlines += begun
        return said + [clocks.line_of(one, "started") for one in begun]

    def finish(self, rng: Random) -> None:
        """Put the most urgent running clock on the petition, and a key on every event."""
        clocks.most_urgent(self.petition, self.ticking())
        for event in self.events:
            event.key = UUID(int=rng.getrandbits(128), version=4) if event.by_id else None
