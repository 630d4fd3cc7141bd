"""Measures counted: one query for each cohort, whatever the data, in total or cut by unit, category or time."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Cast, Trunc
from django.utils.timezone import localdate

from assessment.cohorts import Cohort, Scope
from assessment.figures import Figure, Measure
from assessment.periods import Period, whole_year
from petitions.models import Petition

UNIT, GROUP, TIME = "unit", "group", "time"


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


def tally(scope: Scope, measures: Iterable[Measure], cut: str = "") -> Tally:
    """Count these measures. Of a cohort that cannot be cut that way nothing is counted."""
    found = Tally(measures, cut)
    for cohort in {one.cohort.key: one.cohort for one in found.measures.values()}.values():
        key = _key(cohort, cut, scope.period)
        if key is None or not cohort.fits(scope):
            continue
        mine = (one for one in found.measures.values() if one.cohort is cohort)
        counts = {f"{one.key}_{name}": count for one in mine for name, count in one.counts(scope).items()}
        for row in cohort.rows(scope).order_by().annotate(of=key).values("of").annotate(**counts):
            found.rows.setdefault(row.pop("of") or "", {}).update(row)
    return found


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
