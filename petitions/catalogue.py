"""The routing catalogue from files: units, service standards and categories, the project's own or an office's."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import Unit
from directory.operations import SINCE, load_units
from directory.tables import Row, checked, once, read_all
from petitions.models import Category, ServiceStandard

DATA = Path(__file__).parent / "data"
STREET = "STREET"  # stands for the street of the enterprise's address
LIMITS = ("dispatch", "accept", "feedback", "close")
EXTRAS = ("extend", *ServiceStandard.RULES)  # may be left out of a file, and then stay as they are
CATEGORY_WORDS = ("code", "group", "group_en", "name", "name_en", "standard")


class Loaded(NamedTuple):
    units: int
    standards: int
    categories: int


@transaction.atomic
def load_catalogue(units: Path | None = None, standards: Path | None = None, categories: Path | None = None) -> Loaded:
    """Enter or update the catalogue; without a file the project's own is taken. Loading twice changes nothing.

    Rows a file does not name stay as they are. BadRows where any row is wrong; then nothing of any file is written.
    """
    return Loaded(
        load_units(units),
        load_standards(standards or DATA / "standards.csv"),
        load_categories(categories or DATA / "categories.csv"),
    )


def load_standards(file: Path) -> int:
    """Dated service standards (code, valid_from, name, name_en, the limits as text, empty where no clock runs; perhaps
    `extend` as a limit and the rules as yes or no)."""
    words = ("code", "valid_from", "name", "name_en", *LIMITS)
    versions: set[tuple[str, str]] = set()
    given: set[str] = set()

    def make(row: Row) -> ServiceStandard:
        once(versions, (row.cells["code"], row.cells["valid_from"]))
        given.update(name for name in EXTRAS if name in row.cells)
        cells = {name: row.cells[name] for name in (*words, *given)}
        rules = {name: yes_or_no(cells[name]) for name in ServiceStandard.RULES if name in cells}
        return checked(ServiceStandard(**(cells | rules)))

    standards = read_all(file, words, make)
    ServiceStandard.objects.bulk_create(
        standards,
        update_conflicts=True,
        unique_fields=["code", "valid_from"],
        update_fields=["name", "name_en", *LIMITS, *sorted(given)],
    )
    return len(standards)


def yes_or_no(text: str) -> bool:
    if text.lower() not in ("yes", "no", ""):
        raise ValueError(_("“%(text)s”应为 yes 或 no。") % {"text": text[:20]})
    return text.lower() == "yes"


def load_categories(file: Path) -> int:
    """Categories with lead, co-organisers (codes apart by blanks) and standard; STREET is the enterprise's street."""
    helpers: dict[str, list[Unit]] = {}
    categories = read_all(file, (*CATEGORY_WORDS, "lead", "co_organisers"), category_maker(helpers))
    Category.objects.bulk_create(
        categories,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["group", "group_en", "name", "name_en", "lead", "street_helps", "standard"],
    )
    ids = dict(Category.objects.filter(code__in=helpers).values_list("code", "pk"))
    link = Category.co_organisers.through
    link.objects.filter(category__in=ids.values()).delete()
    link.objects.bulk_create(
        link(category_id=ids[code], unit_id=unit.pk) for code, units in helpers.items() for unit in units
    )
    return len(categories)


def category_maker(helpers: dict[str, list[Unit]]) -> Callable[[Row], Category]:
    """Makes a category of a row, and notes its co-organisers under its code."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    standards = set(ServiceStandard.objects.values_list("code", flat=True))
    codes: set[str] = set()

    def make(row: Row) -> Category:
        cells, asked = row.cells, row.cells["co_organisers"].split()
        once(codes, cells["code"])
        known(cells["standard"], standards, _("服务标准"))
        for code in {cells["lead"], *asked} - {STREET}:
            known(code, units, _("单位"))
        helpers[cells["code"]] = [units[code] for code in dict.fromkeys(asked) if code != STREET]
        return checked(
            Category(
                **{name: cells[name] for name in CATEGORY_WORDS},
                valid_from=SINCE,
                lead=units.get(cells["lead"]),
                street_helps=STREET in asked,
            )
        )

    return make


def known(code: str, codes, kind: str) -> None:
    if code not in codes:
        raise ValueError(_("没有代码为“%(code)s”的%(kind)s。") % {"code": code, "kind": kind})
