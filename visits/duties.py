"""The visit duty as rules: two calls a week, every assigned enterprise once a quarter, recorded in time.

The pure rules take days and give numbers. Below them the counting: one query for every cadre at once, so that a board,
a card and one person's page can never disagree. Source: the district's rules on visits to enterprises.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from directory.models import Assignment, Cadre, Enterprise
from workdays.calendar import Calendar
from workdays.queries import current_calendar

WEEKLY = 2
NORMAL_WITHIN, LATE_WITHIN = 3, 10  # working days from the visit to its record


class Lateness(models.TextChoices):
    NORMAL = "normal", _("按时登记")
    LATE = "late", _("补登")
    APPROVAL = "needs approval", _("逾期补登，待批准")


class Span(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date


# --- Rules ----------------------------------------------------------------------------------------------------------


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def quarter_of(day: date) -> Span:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    later = first + timedelta(days=93)  # a quarter has at most 92 days
    return Span(first, date(later.year, later.month, 1) - timedelta(days=1))


def weeks_touching(first: date, last: date) -> Iterator[Span]:
    """The whole weeks of which at least one day lies in that time."""
    monday = week_of(first).first
    while monday <= last:
        yield week_of(monday)
        monday += timedelta(days=7)


def week_quota(available: int) -> int:
    """Calls owed in a week with so many available days: 2 × days ÷ 5, halves rounded up, at most two."""
    return min(WEEKLY, (4 * available + 5) // 10)


def quota_of(calendar: Calendar, week: Span) -> int:
    """Calls owed in that week. A day off owes nothing; leave will be taken off here as well."""
    return week_quota(sum(calendar.is_working(week.first + timedelta(days=n)) for n in range(7)))


def least(calendar: Calendar, first: date, last: date) -> int:
    """What one cadre owes at least in that time: the sum over the weeks that touch it."""
    return sum(quota_of(calendar, week) for week in weeks_touching(first, last))


def lateness(calendar: Calendar, visited_on: date, recorded_on: date) -> Lateness:
    """How late a visit was recorded, in working days after it."""
    days = calendar.working_days_between(visited_on, recorded_on)
    if days <= NORMAL_WITHIN:
        return Lateness.NORMAL
    return Lateness.LATE if days <= LATE_WITHIN else Lateness.APPROVAL


# --- Counting -------------------------------------------------------------------------------------------------------


class Week(NamedTuple):
    """One cadre's week: calls credited, calls owed, and the visits behind them."""

    span: Span
    done: int
    quota: int
    visits: QuerySet


class Quarter(NamedTuple):
    """One cadre's quarter: enterprises reached, enterprises assigned, and those still to be reached."""

    span: Span
    covered: int
    due: int
    uncovered: list[Enterprise]


class Credit(NamedTuple):
    """Of one cadre: calls owed, calls credited, and of those the calls that filled the quota of their own week."""

    quota: int
    done: int
    within: int


class Reach(NamedTuple):
    """Of one cadre: enterprises assigned, and how many of them were effectively reached."""

    due: int
    covered: int


def my_week(cadre: Cadre, now: datetime) -> Week:
    span = week_of(localdate(now))
    credit = quota_done(*span, cadres=[cadre.pk]).get(cadre.pk, Credit(0, 0, 0))
    return Week(span, credit.done, credit.quota, credited(cadre, *span))


def my_quarter(cadre: Cadre, now: datetime) -> Quarter:
    span = quarter_of(localdate(now))
    enterprises = list(with_reach(Enterprise.objects.cared_for_by(cadre, localdate(now)), span))
    uncovered = [enterprise for enterprise in enterprises if not enterprise.reached]
    return Quarter(span, len(enterprises) - len(uncovered), len(enterprises), uncovered)


def with_reach(enterprises: QuerySet, span: Span) -> QuerySet:
    """Each with `reached`: whether anybody effectively visited it in that time. Longest unvisited first."""
    visits = apps.get_model("visits", "Visit").objects.counted().between(*span)
    reached = enterprises.annotate(reached=Exists(visits.filter(enterprise=OuterRef("pk"))))
    return reached.order_by(models.F("last_visited_on").asc(nulls_first=True), "id")


def credited(cadre: Cadre, first: date, last: date) -> QuerySet:
    """The visits that may give this cadre credit: hosted, or accompanied for another unit."""
    visits = apps.get_model("visits", "Visit").objects
    joined = cadre.accompanied.exclude(unit=models.F("visit__unit")).values("visit")
    return visits.counted().between(first, last).filter(Q(host=cadre) | Q(pk__in=joined)).newest_first()


def coverage(first: date, last: date) -> dict[int, Reach]:
    """Of every cadre with assignments on the last day: how many enterprises, and how many reached since the first.

    Credit travels with the enterprise: a visit counts for whoever holds the enterprise on the last day.
    """
    reached = apps.get_model("visits", "Visit").objects.counted().between(first, last).values("enterprise")
    held = Assignment.objects.valid_on(last).values("cadre")
    counted = held.annotate(due=Count("pk"), covered=Count("pk", filter=Q(enterprise__in=reached))).order_by()
    return {row["cadre"]: Reach(row["due"], row["covered"]) for row in counted}


QUOTA_DONE = """
WITH week AS (
    SELECT * FROM unnest(%(mondays)s::date[], %(quotas)s::int[]) AS week (monday, quota)
), credit AS (  -- hosted, or accompanied for another unit
    SELECT host_id AS cadre_id, visited_on, enterprise_id, FALSE AS joined
      FROM visits_visit WHERE counts AND visited_on BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT companion.cadre_id, visit.visited_on, visit.enterprise_id, TRUE
      FROM visits_companion companion JOIN visits_visit visit ON visit.id = companion.visit_id
     WHERE counts AND visited_on BETWEEN %(first)s AND %(last)s AND companion.unit_id <> visit.unit_id
       AND companion.cadre_id IS NOT NULL
), call AS (  -- the same enterprise on the same day is one visit
    SELECT cadre_id, visited_on, bool_and(joined) AS joined
      FROM credit GROUP BY cadre_id, visited_on, enterprise_id
), done AS (  -- of the accompanied ones, at most one a week
    SELECT cadre_id, date_trunc('week', visited_on)::date AS monday,
           count(*) FILTER (WHERE NOT joined) + least(1, count(*) FILTER (WHERE joined)) AS done
      FROM call GROUP BY 1, 2
)
SELECT cadre.id, sum(week.quota), sum(coalesce(done.done, 0)), sum(least(week.quota, coalesce(done.done, 0)))
  FROM directory_cadre cadre CROSS JOIN week
  LEFT JOIN done ON done.cadre_id = cadre.id AND done.monday = week.monday
 WHERE cadre.valid_from <= week.monday + 6 AND (cadre.valid_to IS NULL OR cadre.valid_to > week.monday)
   AND (%(cadres)s::bigint[] IS NULL OR cadre.id = ANY(%(cadres)s))
 GROUP BY cadre.id
"""


def quota_done(first: date, last: date, cadres: Iterable[int] | None = None) -> dict[int, Credit]:
    """Of every cadre in office (or only these): calls owed and credited over the whole weeks that touch that time."""
    calendar, weeks = current_calendar(), list(weeks_touching(first, last))
    values: dict[str, Any] = {
        "mondays": [week.first for week in weeks],
        "quotas": [quota_of(calendar, week) for week in weeks],
        "first": weeks[0].first,
        "last": weeks[-1].last,
        "cadres": None if cadres is None else list(cadres),
    }
    with connection.cursor() as cursor:
        cursor.execute(QUOTA_DONE, values)
        return {cadre: Credit(int(quota), int(done), int(within)) for cadre, quota, done, within in cursor.fetchall()}
