"""What another version of a service standard would do to the tickets that are open: shown before it is saved.

Saving it moves nothing by itself: tickets dispatched from its first day on are under it, clocks that run keep the row
they began under. The count "as if" says what it would mean to put the open ones under it as well.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from directory.models import Unit
from petitions.clocks import replayed
from petitions.models import Adjustment, Deadline, Petition, ServiceStandard
from petitions.process import CLOCKS, OPEN, WITH_DESK, Stage
from workdays.calendar import Calendar
from workdays.limits import Limit
from workdays.wording import limit_words

SHOWN = 50
CHOSEN = ("co_organise", "suspension", "milestone")  # their length was chosen when they began
EARLIER, LATER, OVERDUE = "earlier", "later", "overdue"


@dataclass(frozen=True)
class Moved:
    """A running clock, when it is due, and when it would be."""

    number: str
    clock: str
    unit: str
    old: datetime
    new: datetime
    overdue: bool  # it would have run out already, and has not


@dataclass
class Effect:
    """stages: open tickets of that code by stage; waiting: those not dispatched yet, which would be under it; changes:
    (limit, before, after); units: how many clocks of each would be due earlier, later, or at once overdue."""

    stages: list[tuple[str, int]]
    waiting: int
    changes: list[tuple[str, str, str]]
    units: dict[str, Counter] = field(default_factory=dict)
    moved: list[Moved] = field(default_factory=list)

    @property
    def open(self) -> int:
        return sum(number for _label, number in self.stages)

    @property
    def total(self) -> Counter:
        return sum(self.units.values(), Counter())

    @property
    def shown(self) -> list[Moved]:
        return sorted(self.moved, key=lambda one: (one.unit, one.new, one.number))[:SHOWN]


def effect_of(row: ServiceStandard, now: datetime, calendar: Calendar) -> Effect:
    """What that version, not saved yet, would mean for the open tickets of its code."""
    mine = Petition.objects.filter(standard__code=row.code, stage__in=OPEN)
    counted = dict(mine.values_list("stage").annotate(Count("pk")).order_by())
    stages = [(str(stage.label), counted[stage]) for stage in Stage if stage in counted]
    effect = Effect(stages, sum(counted.get(stage, 0) for stage in WITH_DESK), changes_of(row))
    for one in moved_clocks(row, now, calendar):
        effect.moved.append(one)
        counts = effect.units.setdefault(one.unit, Counter())
        counts[EARLIER if one.new < one.old else LATER] += 1
        counts[OVERDUE] += one.overdue
    effect.units = dict(sorted(effect.units.items()))
    return effect


def changes_of(row: ServiceStandard) -> list[tuple[str, str, str]]:
    """What it changes against the version it follows."""
    others = ServiceStandard.objects.filter(code=row.code, valid_from__lte=row.valid_from).exclude(pk=row.pk)
    former = others.order_by("-valid_from").first()
    names = (*ServiceStandard.LIMITS, *ServiceStandard.RULES)
    return [
        (str(row._meta.get_field(name).verbose_name), words_of(former, name), words_of(row, name))
        for name in names
        if former is None or getattr(former, name) != getattr(row, name)
    ]


def words_of(row: ServiceStandard | None, name: str) -> str:
    if row is None:
        return "—"
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if not value:
        return _("不得延期") if name == "extend" else _("不计时")
    return limit_words(Limit.parse(value))


def moved_clocks(row: ServiceStandard, now: datetime, calendar: Calendar) -> Iterator[Moved]:
    """Every running clock of an open ticket that would be due at another moment, its pauses and extensions counted.

    Read table by table: joined, tens of thousands of rows would hang on the planner's guess.
    """
    open_ones = Petition.objects.filter(standard__code=row.code, stage__in=OPEN)
    numbers = dict(open_ones.values_list("pk", "number"))
    units = dict(Unit.objects.values_list("pk", "name"))
    running = Deadline.objects.running().filter(petition_id__in=list(numbers)).exclude(clock__in=CHOSEN)
    wanted = ("pk", "petition_id", "clock", "cycle", "limit", "unit_id", "counts_from", "due_at")
    limits = {(clock, cycle): row.limit(clock, cycle) for clock in CLOCKS if clock not in CHOSEN for cycle in (0, 1)}
    kept = {key: str(limit) for key, limit in limits.items() if limit}
    affected = [one for one in running.values_list(*wanted) if kept.get((one[2], min(one[3], 1)), one[4]) != one[4]]
    adjusted = moved_before([one[0] for one in affected])
    computed: dict[tuple, datetime] = {}
    for pk, petition, clock, cycle, _limit, unit, counts_from, old in affected:
        limit = limits[clock, min(cycle, 1)]
        if pk in adjusted:
            adjusted[pk].limit = str(limit)
            new = replayed(adjusted[pk], calendar).at
        else:
            key = (limit, counts_from)
            new = computed[key] if key in computed else computed.setdefault(key, calendar.due(counts_from, limit).at)
        if new != old:
            owner = units.get(unit, _("服务中心与企业"))
            yield Moved(numbers[petition], str(CLOCKS[clock].label), owner, old, new, new < now <= old)


def moved_before(pks: list[int]) -> dict[int, Deadline]:
    """Those of the clocks whose date is more than start and limit."""
    some = set(Adjustment.objects.filter(deadline_id__in=pks).values_list("deadline_id", flat=True))
    return {one.pk: one for one in Deadline.objects.filter(pk__in=some).prefetch_related("adjustments")}
