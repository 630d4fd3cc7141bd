"""What the board shows, in the shapes its templates draw. All numbers come from `queries.tally`."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment import measures as m
from assessment.cohorts import Scope
from assessment.figures import Figure, Share
from assessment.forms import ScopeForm
from assessment.periods import Period
from assessment.queries import GROUP, TIME, TOTAL, UNIT, Tally, tallies
from directory.models import Unit
from directory.parties import Words
from petitions.models import Petition

HEADLINE = (
    m.RECEIVED, m.CLOSED, m.IN_PROGRESS, m.COMPLETION, m.FIRST_HANDLING, m.ACCEPTANCE, m.FEEDBACK, m.CLOSURE,
    m.CONTACTED, m.SOLVED, m.SATISFACTION, m.VISITS, m.EFFECTIVE, m.COVERAGE,
)  # fmt: skip
TIMES = (m.MEDIAN, m.NINETIETH, *m.WITHIN)
BY_GROUP = (m.RECEIVED, m.CLOSED, m.FEEDBACK)
BY_TIME = (m.RECEIVED, m.CLOSED)
RANKED = (m.FEEDBACK, m.ACCEPTANCE, m.CLOSURE, m.COMPLETION, m.SATISFACTION, m.COVERAGE)
ICONS = {
    "received": "inbox", "closed": "circle-check", "in-progress": "progress", "completion": "checklist",
    "first-handling": "repeat", "first-handling-outside": "mail", "acceptance": "clipboard-check",
    "feedback": "message", "closure": "clock", "satisfaction": "mood-smile", "solved": "target", "contacted": "phone",
    "visits": "map-pin", "effective-visits": "walk", "coverage": "building", "median-hours": "hourglass",
    "p90-hours": "hourglass",
}  # fmt: skip
MOST_OVERDUE = 8
LABELS, HEIGHT = 14, 130  # of a trend: labels that fit, pixels of its highest column


def address(scope: Scope, key: str = "", **more) -> str:
    """Where this scope is shown: on the board, or as the list behind one measure."""
    return f"{place(key)}?{question(scope, **more)}"


def place(key: str = "") -> str:
    return reverse("assessment:drill", args=[key]) if key else reverse("assessment:board")


def question(scope: Scope, **more) -> str:
    """The scope as it stands in an address."""
    cuts = {name: getattr(value, "code", value) for name, value in scope.cuts.items()}
    return urlencode({"from": scope.period.first, "to": scope.period.last} | cuts | more)


def board(form: ScopeForm, scope: Scope, ranked_by: str) -> dict:
    """Everything on the page: one query for the figures, one for the list, whatever the data."""
    totals = (*TIMES, m.FIRST_HANDLING_OUTSIDE, m.OVERDUE, *m.OPEN_BY_AGE)
    found = tallies(scope, {UNIT: HEADLINE, GROUP: BY_GROUP, TIME: BY_TIME, TOTAL: totals})
    return {
        "cards": cards(scope, found[UNIT], found[TOTAL]),
        "within": [bar(found[TOTAL].total(one.key), one.label, address(scope, one.key)) for one in m.WITHIN],
        "ranking": ranking(form, scope, found[UNIT], ranked_by),
        "groups": groups(form, scope, found[GROUP]),
        "trend": trend(scope, found[TIME]),
        "ages": ages(scope, found[TOTAL]),
        "overdue": most_overdue(scope),
        "definitions": [*HEADLINE, m.FIRST_HANDLING_OUTSIDE, *TIMES, m.OVERDUE],
    }


def periods(form: ScopeForm, scope: Scope) -> list[dict]:
    """The spans of days offered by name, as tabs; their addresses keep their meaning as time goes by."""
    kept = {name: getattr(value, "code", value) for name, value in scope.cuts.items()}
    return [
        {
            "url": f"{reverse('assessment:board')}?{urlencode({'period': name} | kept)}",
            "label": words,
            "active": period == scope.period,
        }
        for name, (words, period) in form.named.items()
    ]


def cards(scope: Scope, units: Tally, whole: Tally) -> list[dict]:
    figures = [units.total(one.key) for one in HEADLINE if one.cohort.fits(scope)]
    figures += [whole.total(one.key) for one in (m.FIRST_HANDLING_OUTSIDE, m.MEDIAN, m.NINETIETH)]
    return [{"figure": one, "url": address(scope, one.measure.key), "icon": ICONS[one.measure.key]} for one in figures]


def bar(figure: Figure, label: Words, url: str) -> dict:
    """One bar of a share; grey where there is too little to compare."""
    percent = figure.percent or 0
    tone = "gray" if figure.is_few else "green" if percent >= 95 else "blue" if percent >= 80 else "orange"
    few = figure.is_few and bool(figure.whole)
    value = f"{figure.fraction} {_('样本不足')}" if few else figure.value
    return {"label": label, "value": value, "share": int(percent), "tone": tone, "url": url, "figure": figure}


# --- By unit ---------------------------------------------------------------------------------------------------------


def ranking(form: ScopeForm, scope: Scope, units: Tally, ranked_by: str) -> dict:
    """Units by one share among their peers, the surest first; those with too few cases stand unranked at the end."""
    offered = [one for one in RANKED if one.cohort.fits(scope)]
    by = next((one for one in offered if one.key == ranked_by), offered[0])
    columns = [one for one in HEADLINE if one.cohort.fits(scope)]
    lists = {one.key: place(one.key) for one in columns}
    held = [unit for code, unit in form.units.items() if code in units.rows]
    rows = [unit_row(scope._replace(unit=unit), units, by, lists) for unit in held]
    rows.sort(key=lambda row: (row["bar"]["figure"].is_few, -row["bar"]["figure"].at_least))
    ranked = [row for row in rows if row["bar"]["figure"].whole]
    peers = [(kind.label, [row["bar"] for row in ranked if row["kind"] == kind]) for kind in Unit.Kind]
    return {
        "by": by,
        "tabs": [
            {"url": address(scope, by=one.key) + "#units", "label": one.label, "active": one is by} for one in offered
        ],
        "peers": [{"label": label, "bars": bars} for label, bars in peers if bars],
        "rows": rows,
        "columns": columns,
    }


def unit_row(scope: Scope, units: Tally, by: Share, lists: dict[str, str]) -> dict:
    """The figures of one unit; `lists`: of each measure where its list is."""
    unit, asked = scope.unit, question(scope)
    figures = [{"figure": units.figure(key, unit.code), "url": f"{there}?{asked}"} for key, there in lists.items()]
    drawn = bar(units.figure(by.key, unit.code), unit.label, address(scope, by.key))
    return {"label": unit.label, "kind": unit.kind, "url": address(scope), "bar": drawn, "figures": figures}


# --- By category, over time, by age ----------------------------------------------------------------------------------


def groups(form: ScopeForm, scope: Scope, found: Tally) -> list[dict]:
    """Petitions received by group of categories, with how many were closed and answered in time."""
    most = max((found.figure("received", of).part for of in found.rows), default=0)
    rows = [group_row(form, scope, found, of, most) for of in found.rows]
    return sorted(rows, key=lambda row: (not row["url"], -row["received"].part))


def group_row(form: ScopeForm, scope: Scope, found: Tally, of: str, most: int) -> dict:
    received = found.figure("received", of)
    return {
        "label": form.group_label(of) if of else _("尚未分类"),
        "url": address(scope._replace(group=of), "received") if of else "",
        "value": received.value,
        "share": share(received.part, most),
        "received": received,
        "closed": found.figure("closed", of),
        "feedback": found.figure("feedback", of),
    }


def share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def trend(scope: Scope, found: Tally) -> dict:
    """Received and closed by day, week, month or year of filing."""
    grain, pieces = scope.period.grain, list(scope.period.pieces())
    most = max((found.figure("received", of).part for of in found.rows), default=0)
    columns = [column(scope, found, grain, piece, most) for piece in pieces]
    every = -(-len(columns) // LABELS)
    for at, one in enumerate(columns):
        one["labelled"] = at % every == 0
    return {"columns": columns, "empty": not most, "many": len(columns) > LABELS}


def column(scope: Scope, found: Tally, grain: str, piece: Period, most: int) -> dict:
    received, closed = (found.figure(key, began(grain, piece)) for key in ("received", "closed"))
    return {
        "label": piece_label(grain, piece),
        "received": received,
        "closed": closed,
        "height": round(HEIGHT * received.part / most) if most else 0,
        "open_share": 100 - share(closed.part, received.part),
        "url": address(scope._replace(period=piece), "received"),
    }


def began(grain: str, piece: Period) -> str:
    """The first day of the whole week, month or year a piece belongs to: the key the database groups by."""
    day = piece.first
    if grain == "week":
        return date.fromordinal(day.toordinal() - day.weekday()).isoformat()
    if grain == "day":
        return day.isoformat()
    return day.replace(day=1).isoformat() if grain == "month" else day.replace(month=1, day=1).isoformat()


def piece_label(grain: str, piece: Period) -> str:
    if grain == "year":
        return str(piece.first.year)
    return date_format(piece.first, "Y-m" if grain == "month" else "m-d")


def ages(scope: Scope, found: Tally) -> list[dict]:
    """Open petitions by how long ago they were filed, as of now."""
    whole = sum(found.total(one.key).part for one in m.OPEN_BY_AGE)
    figures = [found.total(one.key) for one in (*m.OPEN_BY_AGE, m.OVERDUE)]
    return [
        {
            "label": one.measure.label, "value": one.value, "share": share(one.part, whole), "tone": one.measure.tone,
            "url": address(scope, one.measure.key),
        }
        for one in figures
    ]  # fmt: skip


def most_overdue(scope: Scope) -> list[Petition]:
    return list(m.OVERDUE.drill(scope).for_rows().most_urgent_first()[:MOST_OVERDUE])
