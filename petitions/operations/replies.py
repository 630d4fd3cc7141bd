"""The standard replies that a unit keeps for itself."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Unit, User
from directory.parties import seats_of
from petitions.models import Category, StandardReply


def headed(user: User, now: datetime) -> list[Unit]:
    """The units whose standard replies this person keeps."""
    return list(Unit.objects.filter(pk__in=seats_of(user, localdate(now)).units_as(("head",))).order_by("code"))


def check_heads(unit: Unit, by: User, now: datetime) -> None:
    if unit not in headed(by, now):
        raise PermissionDenied(_("只有单位负责人可以维护本单位的标准答复。"))


def keep_reply(
    *, by: User, now: datetime, unit: Unit, step: str, title: str, body: str, category: Category | None = None,
    row: StandardReply | None = None,
) -> StandardReply:  # fmt: skip
    """A new one from today on, or `row` with other words. ValidationError where a variable is unknown."""
    for one in {unit, row.unit if row else unit}:
        check_heads(one, by, now)
    row = row or StandardReply(valid_from=localdate(now))
    row.unit, row.step, row.title, row.body, row.category = unit, step, title, body, category
    row.full_clean()
    row.save()
    return row


def end_reply(row: StandardReply, by: User, now: datetime) -> None:
    """Offered no more from today on; one that began only today was never there."""
    check_heads(row.unit, by, now)
    if row.valid_from >= localdate(now):
        row.delete()
        return
    row.valid_to = localdate(now)
    row.save()
