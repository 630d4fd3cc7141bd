"""The working calendar has changed: every running clock is computed anew, each petition's in one transaction.

1. Compare the calendar's version with `CalendarSeen`; the same version costs this one query.
2. Take the petitions with running clocks in batches, in order, passing over those somebody else holds; recompute their
   clocks by the rules of `clocks.recompute`; where a date moved write adjustment, event and the petition's own date.
3. Take the passed-over ones one by one, and so each of a batch that failed; what fails alone is logged.
4. Write `CalendarSeen` last, so that a pass killed half-way is taken again; what had moved does not move twice.
5. Do all of it once more a little later: another process may have begun clocks by the calendar it still kept.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model, prefetch_related_objects
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from notices.live import ping_each
from petitions import clocks, operations
from petitions.models import Adjustment, CalendarSeen, Deadline, Event, Petition
from petitions.process import CLOCKS
from workdays.calendar import Calendar
from workdays.models import DayException, Source, Year
from workdays.queries import RECHECK_SECONDS, calendar_version, fresh_calendar, rows_version

log = logging.getLogger(__name__)
BATCH = 200
ONCE_MORE = timedelta(seconds=2 * RECHECK_SECONDS)
STEP = "recompute"
MOST_REASONS = 5
URGENT = ("version", "due_clock", "due_at", "warn_at")


@dataclass(frozen=True)
class News:
    """What changed since the clocks were last computed: days closed, and years whose notice was loaded."""

    days: tuple[tuple[date, str], ...]
    years: tuple[int, ...]
    at: datetime

    def reasons(self, first: date, last: date) -> str:
        """The names of those that lie on the way from one day to another."""
        closed = [reason for day, reason in self.days if first <= day <= last]
        years = [_("%(year)d 年放假安排") % {"year": year} for year in self.years if first.year <= year <= last.year]
        return _("、").join(list(dict.fromkeys([*closed, *years]))[:MOST_REASONS])


def recompute_clocks(now: datetime, batch: int = BATCH) -> int:
    """Bring every running clock in step with the calendar; how many dates moved."""
    seen = CalendarSeen.objects.annotate(rows=rows_version()).first()
    version = calendar_version(seen.rows if seen else "")
    again = bool(seen and seen.version == version)
    if again and (seen.again_at is None or seen.again_at > now):
        return 0
    calendar, news = fresh_calendar(), news_since(seen.at if seen else None, now)
    moved = recompute_all(now, calendar, news, batch)
    CalendarSeen.objects.update_or_create(
        pk=seen.pk if seen else 1,
        defaults={
            "version": version,
            "at": news.at if again or not seen else seen.at,
            "again_at": None if again else now + ONCE_MORE,
        },
    )
    log.info("recompute: %s dates moved", moved)
    return moved


def news_since(since: datetime | None, now: datetime) -> News:
    closed = DayException.objects.filter(source=Source.CLOSURE).order_by("date")
    loaded = Year.objects.filter(known=True).order_by("year")
    if since:
        closed, loaded = closed.filter(updated_at__gt=since), loaded.filter(updated_at__gt=since)
    stamps = [*closed.values_list("updated_at", flat=True), *loaded.values_list("updated_at", flat=True)]
    return News(
        tuple(closed.values_list("date", "reason")),
        tuple(loaded.values_list("year", flat=True)),
        max(stamps, default=since or now),
    )


def recompute_all(now: datetime, calendar: Calendar, news: News, batch: int) -> int:
    moved, last, later = 0, 0, []
    while ids := list(
        Deadline.objects.running()
        .filter(petition_id__gt=last)
        .order_by("petition_id")
        .values_list("petition_id", flat=True)
        .distinct()[:batch]
    ):
        last = ids[-1]
        try:
            taken, dates = recompute_petitions(ids, now, calendar, news, skip_locked=True)
        except Exception:
            log.exception("recompute: a batch failed, going one by one")
            taken, dates = set(), 0
        moved += dates
        later += [pk for pk in ids if pk not in taken]
    return moved + sum(recompute_one(pk, now, calendar, news) for pk in later)


def recompute_one(pk: int, now: datetime, calendar: Calendar, news: News) -> int:
    try:
        return recompute_petitions([pk], now, calendar, news)[1]
    except Exception:
        log.exception("recompute: petition %s failed", pk)
        return 0


@transaction.atomic
def recompute_petitions(
    ids: Iterable[int], now: datetime, calendar: Calendar, news: News, skip_locked: bool = False
) -> tuple[set[int], int]:
    """The petitions that could be locked, as the steps lock them, and how many of their clocks got another date."""
    held = Petition.objects.filter(pk__in=ids).order_by("pk").select_for_update(skip_locked=skip_locked)
    taken = set(held.values_list("pk", flat=True))
    rows = Deadline.objects.running().filter(petition__in=taken).select_related("unit").order_by("petition_id", "id")
    running: dict[int, list[Deadline]] = {}
    for row in rows.prefetch_related("adjustments").select_for_update(of=("self",)):
        running.setdefault(row.petition_id, []).append(row)
    changed, adjustments = [], []
    for row in (row for rows in running.values() for row in rows):
        before = state_of(row)
        adjustments += clocks.recompute(row, now, calendar)
        if state_of(row) != before:
            changed.append(row)
    update_all(changed, clocks.LEVELS)
    Adjustment.objects.bulk_create(adjustments)
    write_events({row.petition_id for row in changed}, running, adjustments, now, news)
    return taken, len(adjustments)


def update_all(rows: Sequence[Model], names: Iterable[str]) -> None:
    """Those columns of all the rows by one statement, whose cost grows with their number and not with its square."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.pk, *(meta.get_field(name) for name in names)]
    columns = [one.column for one in fields]
    sets = ", ".join(f"{name} = new.{name}" for name in columns[1:])
    arrays = ", ".join(f"%s::{one.db_type(connection)}[]" for one in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {meta.db_table} AS former SET {sets} "
            f"FROM unnest({arrays}) AS new({', '.join(columns)}) WHERE former.{columns[0]} = new.{columns[0]}",
            [[getattr(row, one.attname) for row in rows] for one in fields],
        )


def state_of(row: Deadline) -> tuple:
    return tuple(getattr(row, name) for name in clocks.LEVELS)


def write_events(
    ids: set[int], running: dict[int, list[Deadline]], adjustments: list[Adjustment], now: datetime, news: News
) -> None:
    """One event for each petition in which a date moved; the most urgent date of all of these."""
    moved: dict[int, list[Adjustment]] = {}
    for one in adjustments:
        moved.setdefault(one.deadline.petition_id, []).append(one)
    petitions = list(Petition.objects.filter(pk__in=ids).select_related("lead"))
    for petition in petitions:
        clocks.most_urgent(petition, running[petition.pk])
        petition.version += petition.pk in moved
    update_all(petitions, URGENT)
    told = [petition for petition in petitions if petition.pk in moved]
    prefetch_related_objects(told, "co_organisations__unit")
    Event.objects.bulk_create(event_of(petition, moved[petition.pk], now, news) for petition in told)
    ping_each(operations.topics(petition) for petition in told)


def event_of(petition: Petition, moved: list[Adjustment], now: datetime, news: News) -> Event:
    rows = [one.deadline for one in moved]
    facts: dict = {"clocks": [clocks.line_of(one.deadline, "moved", one.old_due_at) for one in moved]}
    first = min(localdate(row.counts_from) for row in rows)
    if reasons := news.reasons(first, max(localdate(row.due_at) for row in rows)):
        facts["reason"] = reasons
    return Event(
        petition=petition, seq=petition.version, step=STEP, at=now, stage_from=petition.stage,
        stage_to=petition.stage, facts=facts, public=any(CLOCKS[row.clock].public for row in rows),
    )  # fmt: skip
