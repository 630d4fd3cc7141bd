"""Measures counted: one query, whatever the data, in total or cut by unit, category or time."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Cast, JSONObject, Trunc
from django.utils.timezone import localdate

from assessment.cohorts import Cohort, Scope
from assessment.figures import Figure, Measure
from assessment.periods import Period, whole_year
from petitions.models import Petition

TOTAL, UNIT, GROUP, TIME = "", "unit", "group", "time"


class Tally:
    """The figures of one scope: of each key of the cut, and in total."""

    def __init__(self, measures: Iterable[Measure], cut: str):
        self.measures, self.cut = {one.key: one for one in measures}, cut
        self.rows: dict[str, dict] = {}

    def figure(self, key: str, of: str = "") -> Figure:
        """The figure of that measure there; an empty one where no row fell."""
        return self.measures[key].read(self.rows.get(of, {}))

    def total(self, key: str) -> Figure:
        """Over all keys of the cut. Counts add up; quantiles do not, so they are asked for without a cut."""
        if not self.cut:
            return self.figure(key)
        measure = self.measures[key]
        names = {name for row in self.rows.values() for name in row if name.startswith(f"{key}_")}
        return measure.read({name: sum(row.get(name, 0) for row in self.rows.values()) for name in names})


def tally(scope: Scope, measures: Iterable[Measure], cut: str = TOTAL) -> Tally:
    """Count these measures under one cut."""
    return tallies(scope, {cut: measures})[cut]


def tallies(scope: Scope, asked: dict[str, Iterable[Measure]]) -> dict[str, Tally]:
    """Count what is asked for under each cut. Of a cohort that cannot be cut that way nothing is counted."""
    found = {cut: Tally(measures, cut) for cut, measures in asked.items()}
    parts = [part for one in found.values() for part in _parts(scope, one)]
    for row in parts[0].union(*parts[1:], all=True) if parts else ():
        found[row["cut"]].rows.setdefault(row["of"] or "", {}).update(row["figures"])
    return found


def _parts(scope: Scope, asked: Tally) -> Iterator[QuerySet]:
    """For each cohort one pass over its rows: of each key of the cut, the aggregates of all its measures by name."""
    for cohort in {one.cohort.key: one.cohort for one in asked.measures.values()}.values():
        key = _key(cohort, asked.cut, scope.period)
        if key is None or not cohort.fits(scope):
            continue
        mine = (one for one in asked.measures.values() if one.cohort is cohort)
        counts = {f"{one.key}_{name}": count for one in mine for name, count in one.counts(scope).items()}
        rows = cohort.rows(scope).order_by().annotate(cut=Value(asked.cut), of=key)
        yield rows.values("cut", "of").annotate(figures=JSONObject(**counts))


def _key(cohort: Cohort, cut: str, period: Period):
    """What the cohort's rows are grouped by, as text; None where it cannot be cut that way."""
    if not cut:
        return Value("", CharField())
    if cut == TIME:
        return Day(Trunc(cohort.when, period.grain)) if cohort.when else None
    path = cohort.lookups.get(cut)
    return Cast(F(f"{path}__code" if cut == UNIT else path), CharField()) if path else None


def latest_period(now: datetime) -> Period:
    """What a board shows unasked: this year; before its first petition the last year that had any."""
    newest = Petition.objects.newest_first().values_list("filed_at", flat=True).first()
    return whole_year(localdate(newest or now).year)


class Day(Func):
    """A day as text: 2023-06-01."""

    function = "to_char"
    template = "%(function)s(%(expressions)s, 'YYYY-MM-DD')"
    output_field = CharField()
