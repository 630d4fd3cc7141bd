"""What a step does to the clocks that run."""

from datetime import datetime

from petitions.clocks.beginning import Turn, starting
from petitions.clocks.moving import resume
from petitions.clocks.telling import line_of
from petitions.models import Deadline, Petition
from petitions.process import CLOCKS, STEPS, Clock
from workdays.calendar import Calendar
from workdays.queries import current_calendar

LEVELS = ("due_at", "provisional", "warn_at", "level", "due_version", "next_event_at")
STATE = ("met_at", "on_time", "cancelled_at", "paused_at", *LEVELS)


def advance(petition: Petition, step: str, entered: bool, now: datetime, turn: Turn | None = None) -> list[dict]:
    """Let the step meet, pause, resume, end and start clocks, and keep the most urgent one on the petition (not saved
    here). entered: the step led into `petition.stage`, rather than staying there.
    """
    turn, calendar = turn or Turn(), current_calendar()
    rows = list(petition.deadlines.running().select_related("unit").select_for_update(of=("self",)).order_by("id"))
    back = min([now, *(row.due_at for row in rows if CLOCKS[row.clock].lapses == step)])
    said = [line for row in rows if (line := turned(row, petition.stage, step, now, turn, calendar, back))]
    Deadline.objects.bulk_update(rows, STATE)
    rows = [row for row in rows if not (row.met_at or row.cancelled_at)]
    starts = {petition.stage} if entered and not STEPS[step].back else set()
    begun = starting(petition, starts | {step}, {row.clock for row in rows}, now, turn)
    Deadline.objects.bulk_create(begun)
    most_urgent(petition, [*rows, *begun])
    return said + [line_of(row, "started") for row in begun]


def turned(
    row: Deadline, stage: str, step: str, now: datetime, turn: Turn, calendar: Calendar, back: datetime | None = None
) -> dict | None:
    """What this step does to a clock that runs already; None where it leaves it alone. back: when what is resumed
    begins to run again: a clock that lapsed ended when it was due, however late the sweep came."""
    clock, old = CLOCKS[row.clock], row.due_at
    ran_out = step == clock.lapses and now >= row.due_at
    if step in clock.met and not ran_out and (not clock.each_unit or row.unit_id in turn.units):
        meet(row, now)
        return line_of(row, "met" if row.on_time else "late")
    if ran_out or stage not in clock.runs | clock.pauses or row.clock in turn.restart or dropped(row, clock, turn):
        row.cancelled_at, row.next_event_at, row.paused_at = now, None, None
        return line_of(row, "ended")
    if stage in clock.pauses and row.paused_at is None:
        row.paused_at, row.next_event_at = now, None
        return line_of(row, "paused")
    if stage in clock.runs and row.paused_at:
        resume(row, back or now, calendar)
        return line_of(row, "resumed", old)
    return None


def dropped(row: Deadline, clock: Clock, turn: Turn) -> bool:
    return clock.each_unit and row.unit_id in turn.dropped


def meet(deadline: Deadline, now: datetime) -> None:
    """In time is decided here, once: met at the very moment it is due is in time."""
    deadline.met_at, deadline.on_time, deadline.next_event_at = now, now <= deadline.due_at, None


def most_urgent(petition: Petition, running: list[Deadline]) -> None:
    """Keep on the petition what queues sort and colour by: of the clocks that really run, the next one due. A
    co-organiser's is its own: it makes neither the ticket nor its lead unit late."""
    counted = (row for row in running if not row.paused_at and not CLOCKS[row.clock].each_unit)
    first = min(counted, key=lambda row: row.due_at, default=None)
    petition.due_clock, petition.due_at, petition.warn_at = (
        (first.clock, first.due_at, first.warn_at) if first else ("", None, None)
    )
