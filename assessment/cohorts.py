"""Which rows a figure speaks of: a cohort is all rows of one kind in a period, cut by unit, street or category."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Aggregate, DateTimeField, DurationField, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.timezone import get_current_timezone_name, localdate

from assessment.periods import Period
from directory.models import Assignment, Unit
from petitions.models import Deadline, Evaluation, Petition
from visits.models import Visit
from workdays.calendar import Calendar
from workdays.queries import current_calendar

EXEMPT_BELOW = 15  # working days left: an enterprise assigned as late as that need not be reached any more


class Scope(NamedTuple):
    """What is asked: the period, the moment as of which it is answered, and whose rows."""

    period: Period
    now: datetime
    unit: Unit | None = None
    street: Unit | None = None
    group: str = ""

    @property
    def by_now(self) -> datetime:
        """The end of the period, or now where the period is not over."""
        return min(self.period.end, self.now)

    @property
    def last_day(self) -> date:
        return min(self.period.last, localdate(self.now))

    @property
    def cuts(self) -> dict[str, object]:
        """The filters in force, by name."""
        return {name: value for name in ("unit", "street", "group") if (value := getattr(self, name))}


class WorkingDaysAfter(Func):
    """The moment n working days after a moment of the period end, computed in the database.

    The calendar goes in as one small number for each day of the period: the days from it to its n-th working day.
    """

    output_field = DateTimeField()

    def __init__(self, moment: str, days: int, period: Period, calendar: Calendar | None = None):
        super().__init__(F(moment))
        calendar = calendar or current_calendar()
        every = (period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1))
        ahead = ((calendar.add_working_days(day, days) - day).days for day in every)
        self.values = ("{" + ",".join(map(str, ahead)) + "}", period.first, calendar.hours.day_end)

    def as_sql(self, compiler, connection, function=None, template=None, arg_joiner=None, **extra_context):
        moment, params = compiler.compile(self.source_expressions[0])
        zone = get_current_timezone_name()
        day = f"({moment} AT TIME ZONE %s)::date"
        offsets, first, day_end = self.values
        sql = f"(({day} + (%s::smallint[])[{day} - %s::date + 1]::int + %s::time) AT TIME ZONE %s)"
        return sql, [*params, zone, offsets, *params, zone, first, day_end, zone]


class Quantile(Aggregate):
    """The span of time that this share of the rows stays within."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression, fraction: float, **options):
        super().__init__(expression, fraction=float(fraction), **options)


@dataclass(frozen=True)
class Cohort:
    """rows: of that kind in the period. when, unit, street, group: lookups by which it is cut; empty where it cannot
    be. order: its list, newest first."""

    key: str
    rows_of: Callable[[Scope], QuerySet]
    order: tuple[str, ...]
    when: str = ""
    lookups: dict[str, str] = field(default_factory=dict)

    def rows(self, scope: Scope) -> QuerySet:
        """The rows asked for; none where the cohort cannot be cut that way."""
        rows = self.rows_of(scope)
        if not set(scope.cuts) <= set(self.lookups):
            return rows.none()
        return rows.filter(**{self.lookups[name]: value for name, value in scope.cuts.items()})

    def fits(self, scope: Scope) -> bool:
        return set(scope.cuts) <= set(self.lookups)


def within(lookup: str, period: Period) -> Q:
    return Q(**{f"{lookup}__gte": period.start, f"{lookup}__lt": period.end})


def _filed(scope: Scope) -> QuerySet:
    return Petition.objects.filter(within("filed_at", scope.period))


def _open(scope: Scope) -> QuerySet:
    return Petition.objects.open()


def _fell_due(scope: Scope) -> QuerySet:
    return Deadline.objects.filter(due_at__gte=scope.period.start, due_at__lt=scope.by_now)


def _rated(scope: Scope) -> QuerySet:
    """The last rating of each petition filed in the period: after a rework the new one takes the place of the old."""
    filed = within("petition__filed_at", scope.period)
    later = Evaluation.objects.filter(petition=OuterRef("petition"), cycle__gt=OuterRef("cycle"))
    return Evaluation.objects.filter(filed).exclude(Exists(later))


def _visited(scope: Scope) -> QuerySet:
    return Visit.objects.between(*scope.period)


def _posted(scope: Scope) -> QuerySet:
    """Enterprises with a cadre on the last day; one row each, as assignments never overlap."""
    return Assignment.objects.valid_on(scope.last_day)


def reached(scope: Scope) -> Q:
    """Assignments whose enterprise anybody effectively visited in the period."""
    return Q(enterprise__in=Visit.objects.counted().between(*scope.period).values("enterprise"))


def assigned_late(scope: Scope) -> Q:
    """Assignments of enterprises that had no cadre yet when fifteen working days were left of the period."""
    day = current_calendar().add_working_days(scope.period.last + timedelta(days=1), -EXEMPT_BELOW)
    held = Assignment.objects.valid_on(day).values("enterprise")
    return Q(valid_from__gt=day) & ~Q(enterprise__in=held)


PETITION = {"unit": "lead", "street": "enterprise__street", "group": "category__group"}
OF_PETITION = {"street": "petition__enterprise__street", "group": "petition__category__group"}
FILED = Cohort("filed", _filed, ("-filed_at", "-id"), "filed_at", PETITION)
OPEN = Cohort("open", _open, ("filed_at", "id"), "", PETITION)
FELL_DUE = Cohort("due", _fell_due, ("-due_at", "-id"), "due_at", {"unit": "unit"} | OF_PETITION)
RATED = Cohort("rated", _rated, ("-at", "-id"), "petition__filed_at", {"unit": "petition__lead"} | OF_PETITION)
VISITED = Cohort("visited", _visited, ("-visited_on", "-id"), "visited_on",
                 {"unit": "unit", "street": "enterprise__street"})  # fmt: skip
POSTED = Cohort("posted", _posted, ("-id",), "", {"unit": "cadre__unit", "street": "enterprise__street"})
