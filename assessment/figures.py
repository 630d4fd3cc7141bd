"""What a measure is: one definition gives the number, the list behind it and the words beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from django.db.models import (
    Case,
    Count,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Extract
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from assessment.cohorts import Cohort, Quantile, Scope
from directory.parties import Words

FEW = 10  # below this many no rank and no comparison
Z = 1.96
HOUR = timedelta(hours=1)
TENTH = Decimal("0.1")
CASES, HOURS, MET, MISSED = _("件"), _("小时"), _("达标"), _("未达标")
WAITED = ExpressionWrapper(F("answered_at") - F("filed_at"), output_field=DurationField())
Rule = Callable[[Scope], Q]


def every_row(scope: Scope) -> Q:
    return Q()


@dataclass(frozen=True)
class Figure:
    """What a measure says: `part` of `whole`, or a plain number in `part`; `half`: rows that count half in the part;
    `span`: the time they took, where that is what is measured."""

    measure: "Measure"
    part: int
    whole: int | None = None
    half: int = 0
    span: timedelta | None = None

    @property
    def top(self) -> int | Decimal:
        """The numerator."""
        return self.part + Decimal(self.half) / 2 if self.half % 2 else self.part + self.half // 2

    @property
    def percent(self) -> Decimal | None:
        """To one decimal, halves up; None where nothing fell under the measure."""
        return (Decimal(100) * self.top / self.whole).quantize(TENTH, ROUND_HALF_UP) if self.whole else None

    @property
    def hours(self) -> Decimal | None:
        return None if self.span is None else Decimal(self.span / HOUR).quantize(TENTH, ROUND_HALF_UP)

    @property
    def is_few(self) -> bool:
        """Too few to rank or to compare."""
        return self.whole is not None and self.whole < FEW

    @property
    def at_least(self) -> float:
        """The lower end of the 95 % interval of the share (Wilson, 1927): few cases rank behind many of equal share."""
        if not self.whole:
            return 0.0
        n, share = self.whole, float(self.top) / self.whole
        spread = Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        return (share + Z**2 / (2 * n) - spread) / (1 + Z**2 / n)

    @property
    def value(self) -> str:
        """The number to show large."""
        return self.measure.shown(self)

    @property
    def fraction(self) -> str:
        """“5,261 / 5,300”: what the percentage was made of."""
        return "" if self.whole is None else f"{self.top:,} / {self.whole:,}"

    @property
    def note(self) -> str:
        """The small line below the number."""
        return self.measure.remark(self)


@dataclass(frozen=True)
class Measure:
    """A number of rows. about: which rows of the cohort it speaks of."""

    key: str
    label: Words
    definition: Words
    cohort: Cohort
    about: Rule = every_row
    tone: str = "blue"
    unit: Words = CASES

    def counts(self, scope: Scope) -> dict[str, Expression]:
        """The aggregates over the cohort that the figure is read from."""
        return {"part": Count("pk", filter=self.about(scope))}

    def read(self, row: dict) -> Figure:
        """The figure in a row of those aggregates, each named after the measure."""
        return Figure(self, row.get(f"{self.key}_part", 0))

    def shown(self, figure: Figure) -> str:
        return f"{figure.part:,}"

    def remark(self, figure: Figure) -> str:
        return ""

    def as_json(self, figure: Figure) -> dict:
        return {"value": figure.part}

    @property
    def faces(self) -> dict[str, Words]:
        """The lists behind the figure, by name, with their words."""
        return {"whole": _("全部")}

    @property
    def reasons(self) -> list[Words]:
        """Why rows are left out, in words."""
        return []

    def drill(self, scope: Scope, face: str = "whole") -> QuerySet:
        """The very rows behind the figure."""
        return self.cohort.rows(scope).filter(self.about(scope))


@dataclass(frozen=True)
class Share(Measure):
    """part: rows of the numerator. half: rows that count there as one half. left_out: reasons, with the rows they take
    out of the denominator. unheard: a reason, with rows outside the cohort that are listed under it."""

    part: Rule = every_row
    half: Rule | None = None
    left_out: tuple[tuple[Words, Rule], ...] = ()
    unheard: tuple[Words, Callable[[Scope], QuerySet]] | None = None
    met: Words = MET
    missed: Words = MISSED
    unit: Words = ""

    def whole(self, scope: Scope) -> Q:
        """The rows of the denominator."""
        whole = self.about(scope)
        for _reason, rule in self.left_out:
            whole &= ~rule(scope)
        return whole

    def counts(self, scope: Scope) -> dict[str, Expression]:
        whole = self.whole(scope)
        rows = {"part": whole & self.part(scope), "whole": whole}
        if self.half:
            rows["half"] = whole & self.half(scope)
        return {name: Count("pk", filter=rule) for name, rule in rows.items()}

    def read(self, row: dict) -> Figure:
        return Figure(self, *(row.get(f"{self.key}_{name}", 0) for name in ("part", "whole", "half")))

    def shown(self, figure: Figure) -> str:
        return "—" if figure.percent is None else f"{figure.percent} %"

    def remark(self, figure: Figure) -> str:
        if not figure.whole:
            return _now("期内无可统计的记录")
        return f"{figure.fraction} · {_now('样本不足')}" if figure.is_few else figure.fraction

    def as_json(self, figure: Figure) -> dict:
        percent = None if figure.percent is None else float(figure.percent)
        top = float(figure.top) if isinstance(figure.top, Decimal) else figure.top
        return {"numerator": top, "denominator": figure.whole, "percent": percent}

    @property
    def faces(self) -> dict[str, Words]:
        half = {"half": _("按一半计入")} if self.half else {}
        left_out = {"excluded": _("未计入")} if self.reasons else {}
        return {"part": self.met} | half | {"missed": self.missed, "whole": _("全部（分母）")} | left_out

    @property
    def reasons(self) -> list[Words]:
        return [words for words, _rule in (*self.left_out, *([self.unheard] if self.unheard else []))]

    def drill(self, scope: Scope, face: str = "whole") -> QuerySet:
        """The rows of one face; those left out carry the place of their reason in `reasons` as `reason`."""
        if face == "excluded":
            return self._excluded(scope)
        part, half = self.part(scope), self.half(scope) if self.half else Q(pk__in=())
        chosen = {"whole": Q(), "part": part, "half": half, "missed": ~part & ~half}[face]
        return self.cohort.rows(scope).filter(self.whole(scope), chosen)

    def _excluded(self, scope: Scope) -> QuerySet:
        if self.unheard:
            return self.unheard[1](scope).annotate(reason=Value(0))
        rules = [rule(scope) for _reason, rule in self.left_out]
        first = Case(*(When(rule, then=Value(at)) for at, rule in enumerate(rules)), output_field=IntegerField())
        rows = self.cohort.rows(scope).filter(self.about(scope))
        return rows.annotate(reason=first).filter(reason__isnull=False)


@dataclass(frozen=True)
class Hours(Measure):
    """The time from filing to the first answer that this share of the rows stayed within."""

    share: float = 0.5
    unit: Words = HOURS

    def counts(self, scope: Scope) -> dict[str, Expression]:
        about = self.about(scope)
        seconds = Extract(Quantile(WAITED, self.share, filter=about), "epoch")
        return {"seconds": seconds, "whole": Count("pk", filter=about)}

    def read(self, row: dict) -> Figure:
        seconds, whole = row.get(f"{self.key}_seconds"), row.get(f"{self.key}_whole", 0)
        return Figure(self, whole, whole, span=None if seconds is None else timedelta(seconds=seconds))

    def shown(self, figure: Figure) -> str:
        return "—" if figure.hours is None else f"{figure.hours:,}"

    def remark(self, figure: Figure) -> str:
        return f"n = {figure.whole:,}"

    def as_json(self, figure: Figure) -> dict:
        return {"hours": None if figure.hours is None else float(figure.hours), "of": figure.whole}
