"""The list behind a figure, as lines that one template draws, whatever kind of row the measure counts."""

from typing import NamedTuple

from django.db.models import Model

from assessment.boards import address
from assessment.cohorts import Scope
from assessment.figures import Figure, Measure
from assessment.queries import tally
from directory.models import Assignment
from directory.pages import Keyset, Page
from petitions.models import Deadline, Evaluation, Petition
from visits.models import Visit


class Kind(NamedTuple):
    """How rows of one model are read and drawn."""

    related: tuple[str, ...]
    order: tuple[str, ...]
    template: str


OF_PETITION = ("enterprise__street", "lead", "category", "standard")
THROUGH_PETITION = tuple(f"petition__{path}" for path in OF_PETITION)
KINDS: dict[type[Model], Kind] = {
    Petition: Kind(OF_PETITION, ("-filed_at", "-id"), "assessment/_petitions.html"),
    Deadline: Kind((*THROUGH_PETITION, "unit"), ("-due_at", "-id"), "assessment/_deadlines.html"),
    Evaluation: Kind(THROUGH_PETITION, ("-at", "-id"), "assessment/_evaluations.html"),
    Visit: Kind(("enterprise", "host__user", "unit"), ("-visited_on", "-id"), "visits/_rows.html"),
    Assignment: Kind(("enterprise__street", "cadre__user", "cadre__unit"), ("id",), "assessment/_assignments.html"),
}


class Drill(NamedTuple):
    """One page of the list, with the figure it belongs to."""

    figure: Figure
    face: str
    tabs: list[dict]
    page: Page
    template: str

    @property
    def is_excluded(self) -> bool:
        return self.face == "excluded"


def drill(measure: Measure, scope: Scope, face: str, cursor: str) -> Drill:
    """The rows of one face of a measure; an unknown face is the first."""
    face = face if face in measure.faces else next(iter(measure.faces))
    figure = tally(scope, [measure]).total(measure.key)
    rows = measure.drill(scope, face)
    kind = KINDS[rows.model]
    page = Keyset(rows.select_related(*kind.related), kind.order).page(cursor)
    for row in page.rows if face == "excluded" else ():
        row.left_out_because = measure.reasons[row.reason]
    return Drill(figure, face, tabs(measure, scope, face, figure), page, kind.template)


def tabs(measure: Measure, scope: Scope, face: str, figure: Figure) -> list[dict]:
    """The faces of the figure, each with the number of its rows."""
    counts = {"part": figure.part, "half": figure.half, "whole": figure.whole if len(measure.faces) > 1 else None}
    if "missed" in measure.faces:
        counts["missed"] = figure.whole - figure.part - figure.half
    if "excluded" in measure.faces:
        counts["excluded"] = measure.drill(scope, "excluded").count()
    shown = {name: f"{count:,}" for name, count in counts.items() if count is not None}
    faces = ((name, words, address(scope, measure.key, face=name)) for name, words in measure.faces.items())
    return [
        {"url": url, "label": words, "active": name == face, "count": shown.get(name)} for name, words, url in faces
    ]
