"""What moves a clock that runs, each with its old and new date kept: a pause, an extension, another unit, another
standard, another calendar. A met clock is never among them."""

from datetime import datetime

from django.utils.timezone import localdate

from petitions.clocks.beginning import DAY, started
from petitions.clocks.telling import Level, line_of, next_event_at, place
from petitions.models import Adjustment, Deadline, Petition
from petitions.process import CLOCKS, SIGNING
from workdays.calendar import Calendar, Due
from workdays.limits import Limit
from workdays.queries import current_calendar

KEEPS = 2  # working days of feedback that a new lead unit must have left, else it gets one more
BY_STANDARD = ("accept", "feedback", "close")
Why = Adjustment.Why


def move(
    row: Deadline, due: Due, why: str, at: datetime, calendar: Calendar, amount="", since=None
) -> list[Adjustment]:
    """Set another due moment; what was told of the old one is told anew of the new. Answers what is to be kept of it
    (a pause always); neither is saved here."""
    old = row.due_at
    if due.at != old:
        row.level, row.due_version = Level.NONE, row.due_version + 1
    place(row, due, calendar)
    if due.at == old and why != Why.PAUSE:
        return []
    return [Adjustment(deadline=row, why=why, at=at, since=since, amount=amount, old_due_at=old, new_due_at=due.at)]


def kept(row: Deadline, adjustments: list[Adjustment], old: datetime) -> dict:
    """Save both; what the event says of it."""
    row.save()
    Adjustment.objects.bulk_create(adjustments)
    return line_of(row, "moved", old)


def resume(row: Deadline, at: datetime, calendar: Calendar) -> None:
    """What was left when it paused begins to run again (the row is not saved here)."""
    since, row.paused_at = row.paused_at, None
    due = calendar.resume(row.due_at, since, max(at, since), Limit.parse(row.limit))
    Adjustment.objects.bulk_create(move(row, due, Why.PAUSE, max(at, since), calendar, since=since))


def extend(row: Deadline, amount: Limit, now: datetime, why: str = Why.EXTENSION) -> dict:
    """So much longer, counted from the day it was due; for a new unit from now, where that day has passed."""
    calendar, old = current_calendar(), row.due_at
    due = calendar.due(max(old, now) if why == Why.HAND_OVER else old, amount)
    row.extensions += why == Why.EXTENSION
    return kept(row, move(row, due, why, now, calendar, str(amount)), old)


def hand_over(petition: Petition, now: datetime) -> list[dict]:
    """Another unit takes the ticket: its running clocks become that unit's; feedback keeps its date, one working day
    later where fewer than two are left."""
    calendar, said = current_calendar(), []
    for row in petition.deadlines.running().filter(clock__in=("feedback", "close")).order_by("id"):
        row.unit_id = petition.lead_id
        if row.clock == "feedback" and calendar.working_days_between(localdate(now), localdate(row.due_at)) < KEEPS:
            said.append(extend(row, DAY, now, Why.HAND_OVER))
        else:
            row.save(update_fields=["unit"])
    return said


# --- Another standard -----------------------------------------------------------------------------------------------


def change_standard(petition: Petition, now: datetime) -> list[dict]:
    """The petition has another standard: the new limits count from the clocks' start, through all that moved them.

    No date comes nearer than the new limit counted from now, or the end of the coming working day, whichever is
    sooner. A clock that has run out keeps its date; one that the new standard does not know ends, one that the old
    standard did not know begins.
    """
    calendar = current_calendar()
    rows = petition.deadlines.running().filter(clock__in=BY_STANDARD).prefetch_related("adjustments")
    running = {row.clock: row for row in rows.order_by("id")}
    said = [line for row in running.values() if (line := changed(row, petition, now, calendar))]
    met = petition.deadlines.filter(cycle=petition.rework_count, met_at__isnull=False).values_list("clock", flat=True)
    new = [name for name in BY_STANDARD if name not in {*running, *met} and may_begin(petition, name)]
    again = ended_by_standard(petition, new)
    said += [taken_up(row, petition, now, calendar) for row in again.values()]
    new = [name for name in new if name not in again]
    begun = [row for name in new if (row := started(petition, name, now, calendar))]
    for row in begun:
        if petition.stage in CLOCKS[row.clock].pauses:
            row.paused_at, row.next_event_at = now, None
    Deadline.objects.bulk_create(begun)
    return said + [line_of(row, "started") for row in begun]


def ended_by_standard(petition: Petition, names: list[str]) -> dict[str, Deadline]:
    """Those of the clocks that an earlier standard knew already, since the last dispatch."""
    ended = petition.deadlines.filter(clock__in=names, cycle=petition.rework_count, met_at=None)
    ended = ended.filter(cancelled_at__gte=petition.dispatched_at).order_by("id")
    return {row.clock: row for row in ended if petition.standard.limit(row.clock, row.cycle)}


def taken_up(row: Deadline, petition: Petition, now: datetime, calendar: Calendar) -> dict:
    """It goes on from where it began: another standard and back buys no time but the coming working day, and what was
    late when it ended stays late."""
    was_late, old = row.due_at <= row.cancelled_at, row.due_at
    row.cancelled_at, row.unit_id = None, petition.lead_id
    row.paused_at = now if petition.stage in CLOCKS[row.clock].pauses else None
    row.next_event_at = None if row.paused_at else next_event_at(row, calendar)
    if was_late:
        row.save()
        return line_of(row, "resumed")
    row.standard, row.limit = petition.standard, str(petition.standard.limit(row.clock, row.cycle))
    due = replayed(row, calendar, Adjustment(why=Why.STANDARD, at=now, amount=row.limit))
    kept(row, move(row, due, Why.STANDARD, now, calendar, row.limit), old)
    return line_of(row, "resumed", old)


def may_begin(petition: Petition, name: str) -> bool:
    """Not once the answer is written."""
    clock = CLOCKS[name]
    return petition.stage in clock.runs | clock.pauses and petition.stage != SIGNING


def changed(row: Deadline, petition: Petition, now: datetime, calendar: Calendar) -> dict | None:
    limit, old, at = petition.standard.limit(row.clock, row.cycle), row.due_at, row.paused_at or now
    if limit is None:
        row.cancelled_at, row.next_event_at, row.paused_at = now, None, None
        row.save()
        return line_of(row, "ended")
    if str(limit) == row.limit or old <= at:
        return None
    former, row.limit = row.limit, str(limit)
    change = Adjustment(why=Why.STANDARD, at=at, amount=str(limit))
    due = replayed(row, calendar, change)
    if replayed(row, calendar).at < old <= due.at:
        row.limit = former  # shorter, but it would end no sooner
        return None
    row.standard = petition.standard
    adjustments = move(row, due, Why.STANDARD, at, calendar, str(limit))
    line = kept(row, adjustments, old)
    return line if adjustments else None


def soonest(at: datetime, limit: Limit, calendar: Calendar) -> Due:
    return min(calendar.due(at, limit), calendar.due(at, DAY))


# --- Another calendar -----------------------------------------------------------------------------------------------


def recompute(row: Deadline, now: datetime, calendar: Calendar) -> list[Adjustment]:
    """The calendar has changed: a date only ever moves later, and never stays on a day that is closed. A year that was
    provisional takes its true dates, though none before the end of the coming working day. (Nothing is saved here.)"""
    due, old = replayed(row, calendar), row.due_at
    at = due.at
    if at < old:
        at = max(at, calendar.due(row.paused_at or now, DAY).at) if row.provisional else on_a_working_day(row, calendar)
        at = min(at, old) if row.provisional else at
    return move(row, Due(at, due.provisional), Why.CALENDAR, now, calendar)


def on_a_working_day(row: Deadline, calendar: Calendar) -> datetime:
    day = localdate(row.due_at)
    if Limit.parse(row.limit).elapsed or calendar.is_working(day):
        return row.due_at
    return calendar.day_end(calendar.add_working_days(day, 0))


def replayed(row: Deadline, calendar: Calendar, *more: Adjustment) -> Due:
    """When it is due by this calendar: from where it counts, through everything that moved it since."""
    due = calendar.due(row.counts_from, Limit.parse(row.limit))
    moves = [*row.adjustments.all(), *more]
    standard = next((one for one in reversed(moves) if one.why == Why.STANDARD), None)
    for one in moves:
        if one.why != Why.STANDARD or one is standard:
            moved = replayed_one(due.at, one, Limit.parse(row.limit), calendar)
            due = Due(moved.at, due.provisional or moved.provisional)
    return due


def replayed_one(due_at: datetime, one: Adjustment, limit: Limit, calendar: Calendar) -> Due:
    if one.why == Why.PAUSE:
        return calendar.resume(due_at, one.since, one.at, limit)
    if one.why == Why.EXTENSION:
        return calendar.due(due_at, Limit.parse(one.amount))
    if one.why == Why.HAND_OVER:
        return calendar.due(max(due_at, one.at), Limit.parse(one.amount))
    if one.why == Why.STANDARD:
        return max(Due(due_at, False), soonest(one.at, limit, calendar))
    return Due(due_at, False)  # an earlier calendar
