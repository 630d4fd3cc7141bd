"""Pressure from outside the unit: urged, supervised, decided in conference."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.models import Unit, User
from petitions import clocks
from petitions.models import Petition
from petitions.operations.desk import ask
from petitions.operations.leave import until, workable
from petitions.operations.taking import Done, step
from petitions.process import IN_HAND

MOST_LEVEL = 4


@step
def urge(petition: Petition, by: User, now: datetime, *, note: str = "") -> Done:
    """Somebody waits: the unit answers within its time."""
    petition.urge_count += 1
    petition.urged_at = now
    return Done(note=note)


@step
def supervise(petition: Petition, by: User, now: datetime, *, level: int, note: str) -> Done:
    """A written order of that level, signed by a person; it only ever rises."""
    if not petition.supervision_level < level <= MOST_LEVEL:
        raise ValidationError(
            {"level": _("督办等级须高于现在的 %(level)d 级。") % {"level": petition.supervision_level}}
        )
    petition.supervision_level = level
    return Done(note=note, facts={"level": level})


@step
def resolve(
    petition: Petition, by: User, now: datetime, *, conference: str, note: str, owner: Unit | None = None,
    due_on: date | None = None,
) -> Done:  # fmt: skip
    """What a joint conference decided, written back: another unit that has to do something becomes a co-organiser with
    that day as its limit."""
    facts = {
        "conference": conference,
        "owner": owner.code if owner else "",
        "due_on": due_on.isoformat() if due_on else "",
    }
    moved = []
    if owner and owner.pk != petition.lead_id and petition.stage in IN_HAND:
        ask(petition, [owner], note, now)
        limit = until(now, workable(now, due_on)) if due_on else None
        moved = clocks.ask_units(petition, {owner.pk: limit}, now)
    return Done(note=note, facts=facts, moved=moved)


PRESSURE_STEPS = (urge, supervise, resolve)
