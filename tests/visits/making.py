"""Visits made without the form, for tests that count or list them."""

from datetime import UTC, datetime

from directory.models import Cadre, Enterprise
from directory.numbers import new_number
from visits.models import Visit


def visited(cadre: Cadre, enterprise: Enterprise, day: str, **fields) -> Visit:
    """A visit on site that day, recorded that day."""
    on = datetime.fromisoformat(day).date()
    fields = {"met": "兰经理", "received_at": datetime(on.year, on.month, on.day, 9, tzinfo=UTC)} | fields
    fields = {"unit": cadre.unit, "recorded_by": cadre.user, "number": new_number(on, "V")} | fields
    return Visit.objects.create(host=cadre, enterprise=enterprise, visited_on=on, **fields)
