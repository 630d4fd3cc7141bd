"""Bringing the directory up to date from files."""

from datetime import date
from pathlib import Path

from django.db import transaction

from directory.models import Unit
from directory.tables import Row, checked, once, read_all

UNITS = Path(__file__).parent / "data" / "units.csv"
SINCE = date(2000, 1, 1)  # reference data holds for history too


@transaction.atomic
def load_units(file: Path | None = None) -> int:
    """Enter or update the units of a CSV (code, name, name_en, kind) and say how many it names.

    Units the file does not name stay as they are. BadRows where any row is wrong; then nothing is written.
    """
    codes: set[str] = set()

    def make(row: Row) -> Unit:
        once(codes, row.cells["code"])
        return checked(
            Unit(valid_from=SINCE, **{name: row.cells[name] for name in ("code", "name", "name_en", "kind")})
        )

    units = read_all(file or UNITS, ("code", "name", "name_en", "kind"), make)
    Unit.objects.bulk_create(
        units, update_conflicts=True, unique_fields=["code"], update_fields=["name", "name_en", "kind"]
    )
    return len(units)
