"""Telling what is due. The truth is `due_at < now`, computed wherever it is shown; this only records and tells.

1. Claim up to `BATCH` running clocks with something to tell by now, longest waiting first, passing over those that
   another sweep holds.
2. A clock whose running out is itself a step (`lapses`) takes that step.
3. For the others find the highest level reached; write alert, event and notices; set when to come again.
4. Commit, and go on until nothing is left. A batch that fails is taken again row by row; a row that fails five times is
   put aside with an error in the log.
Work is proportional to what is due, not to what is open; safe twice at once, late, and after a kill at any line.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from directory.parties import EVERYWHERE, Party
from notices.live import ping_each
from notices.operations import Message, tell
from petitions import operations
from petitions.clocks import Level, next_event_at, reached
from petitions.models import Alert, Deadline, Event, Petition
from petitions.process import CLOCKS
from workdays.queries import current_calendar

log = logging.getLogger(__name__)
BATCH = 500
TRIES = 5


@dataclass
class Swept:
    told: int = 0
    lapsed: int = 0
    failed: int = 0

    @property
    def all(self) -> int:
        return self.told + self.lapsed + self.failed


def sweep(now: datetime, limit: int = BATCH) -> Swept:
    """Tell everything due by now, in batches of `limit`, each in a transaction of its own."""
    total = Swept()
    while True:
        batch = sweep_batch(now, limit)
        total = Swept(total.told + batch.told, total.lapsed + batch.lapsed, total.failed + batch.failed)
        if batch.all < limit:
            return total


def sweep_batch(now: datetime, limit: int) -> Swept:
    try:
        with transaction.atomic():
            return tell_rows(claim(now, limit), now)
    except Exception:
        log.exception("sweep: a batch failed, going row by row")
    done = Swept()
    for pk in Deadline.objects.to_tell(now).values_list("pk", flat=True)[:limit]:
        done = sweep_row(pk, now, done)
    return done


def sweep_row(pk: int, now: datetime, done: Swept) -> Swept:
    """One clock alone; a failure is counted on its row and pushes it back, so that it cannot hold up the rest."""
    try:
        with transaction.atomic():
            one = tell_rows(claim(now, 1, pk=pk), now)
            return Swept(done.told + one.told, done.lapsed + one.lapsed, done.failed)
    except Exception:
        deadline = Deadline.objects.get(pk=pk)
        deadline.failures += 1
        aside = deadline.failures >= TRIES
        deadline.next_event_at = None if aside else now + timedelta(minutes=2**deadline.failures)
        deadline.save(update_fields=["failures", "next_event_at"])
        log.exception(
            "sweep: clock %s of petition %s failed (%s of %s)", pk, deadline.petition_id, deadline.failures, TRIES
        )
        return Swept(done.told, done.lapsed, done.failed + 1)


def claim(now: datetime, limit: int, **only) -> list[Deadline]:
    rows = (
        Deadline.objects.to_tell(now)
        .filter(**only)
        .select_related("petition__enterprise", "petition__lead", "petition__standard", "unit")
    )
    return list(rows.select_for_update(of=("self", "petition"), skip_locked=True)[:limit])


def tell_rows(rows: list[Deadline], now: datetime) -> Swept:
    calendar = current_calendar()
    ran_out = [one for one in rows if CLOCKS[one.clock].lapses and now >= one.due_at]
    for deadline in ran_out:
        operations.OPERATIONS[CLOCKS[deadline.clock].lapses](deadline.petition, None, now)
    changed = {one.petition_id for one in ran_out}  # their other clocks are told by the next sweep, as they stand then
    standing = [one for one in rows if one.petition_id not in changed]
    warnings = [(one, *found) for one in standing if (found := reached(one, now, calendar))]
    for deadline, level, _crossed in warnings:
        deadline.level = level
    for deadline in standing:
        deadline.next_event_at, deadline.failures = next_event_at(deadline, calendar), 0
    Deadline.objects.bulk_update(standing, ["level", "next_event_at", "failures"])
    Alert.objects.bulk_create(
        Alert(deadline=one, level=level, due_version=one.due_version, crossed_at=crossed, told_at=now)
        for one, level, crossed in warnings
    )
    events = write_events(warnings, now)
    tell(list(messages(warnings, events, now)), now)
    ping_each(topics(one) for one, *_ in warnings)
    return Swept(told=len(warnings), lapsed=len(ran_out))


def topics(deadline: Deadline) -> list[str]:
    """The pages that show this clock: the petition's own, and the queue of whoever owes it."""
    return [deadline.petition.live_topic, f"unit:{deadline.unit.code}" if deadline.unit else "desk"]


def kind_of(level: int) -> str:
    return Level(min(level, Level.OVERDUE)).name.lower()


def write_events(warnings: list[tuple[Deadline, int, datetime]], now: datetime) -> dict[int, Event]:
    """An event for each clock told, numbered on from its petition's last; the rows are locked by the claim."""
    petitions = {one.petition_id: one.petition for one, *_ in warnings}
    events = {}
    for deadline, level, crossed in warnings:
        petition = petitions[deadline.petition_id]
        petition.version += 1
        events[deadline.pk] = Event(
            petition=petition, seq=petition.version, step=kind_of(level), at=now,
            stage_from=petition.stage, stage_to=petition.stage, public=False,
            facts={"clock": deadline.clock, "level": level, "crossed_at": crossed.isoformat(),
                   "due_at": deadline.due_at.isoformat()},
        )  # fmt: skip
    Petition.objects.bulk_update(petitions.values(), ["version"])
    Event.objects.bulk_create(events.values())
    return events


def messages(warnings: list[tuple[Deadline, int, datetime]], events: dict[int, Event], now: datetime):
    """(person, message) for everyone who owes a clock; once overdue, each working day, for those the table names."""
    concerned: dict[Party, list[tuple[Deadline, int]]] = {}
    for deadline, level, _ in warnings:
        clock = CLOCKS[deadline.clock]
        party = clock.told if clock.told and level >= Level.OVERDUE else clock.owed_by
        concerned.setdefault(party, []).append((deadline, level))
    for party, rows in concerned.items():
        everywhere = party.path == EVERYWHERE
        anchors = None if everywhere else {anchor(party, one) for one, _ in rows}
        people = party.people_by_anchor(anchors, localdate(now))
        everyone = [pk for some in people.values() for pk in some]
        for deadline, level in rows:
            there = everyone if everywhere else people.get(anchor(party, deadline), ())
            yield from ((pk, message(deadline, level, events[deadline.pk])) for pk in there)


def anchor(party: Party, deadline: Deadline) -> int:
    """The unit or the enterprise whose people are told: lateness is that unit's whose clock it is."""
    return deadline.unit_id if party.seat == "post" else deadline.petition.enterprise_id


def message(deadline: Deadline, level: int, event: Event) -> Message:
    petition = deadline.petition
    return Message(
        kind=kind_of(level),
        key=f"petition:{petition.number}:{event.seq}",
        about=petition.number,
        title=petition.title,
        path=petition.get_absolute_url(),
        facts={
            "clock": deadline.clock,
            "due": deadline.due_at.isoformat(),
            "days": max(level - Level.DUE, 0),
            "enterprise": petition.enterprise.name,
            "urgent": petition.standard.code == operations.URGENT,
            **operations.named(petition.lead),
        },
    )
