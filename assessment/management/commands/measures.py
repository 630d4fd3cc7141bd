"""`manage.py measures --from 2023-01-01 --to 2023-12-31 [--json]`: the board's figures, both days included."""

import json
from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.cohorts import Scope
from assessment.figures import Figure
from assessment.measures import MEASURES, WITHIN
from assessment.periods import EARLIEST, LATEST, Period
from assessment.queries import Tally, tally
from directory.models import Unit
from petitions.models import Category


def day(text: str) -> date:
    """A date of the command line; refused where it is none, or no calendar reaches it."""
    try:
        found = date.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(_("日期请写成 2023-01-31 的形式：%(text)s") % {"text": text}) from wrong
    if not EARLIEST <= found <= LATEST:
        raise ArgumentTypeError(_("日期须在 %(first)s 至 %(last)s 之间。") % {"first": EARLIEST, "last": LATEST})
    return found


class Command(BaseCommand):
    help = "Print the board's figures for a period, with their definitions."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--from", dest="first", type=day, required=True, help="first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="last", type=day, required=True, help="last day, included")
        parser.add_argument("--unit", default="", help="code of one unit")
        parser.add_argument("--street", default="", help="code of one street")
        parser.add_argument("--group", default="", help="one group of categories")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *, first: date, last: date, unit: str, street: str, group: str, json: bool, **_options) -> None:
        if last < first:
            raise CommandError(_("截止日期早于起始日期。"))
        if group and not Category.objects.filter(group=group).exists():
            raise CommandError(_("没有这个诉求大类：%(name)s") % {"name": group})
        scope = Scope(Period(first, last), timezone.now(), the_unit(unit), the_unit(street), group)
        found = tally(scope, MEASURES.values())
        self.stdout.write(as_json(scope, found) if json else as_table(scope, found))


def the_unit(code: str) -> Unit | None:
    if not code:
        return None
    try:
        return Unit.objects.get(code=code)
    except Unit.DoesNotExist as unknown:
        raise CommandError(_("没有这个单位代码：%(code)s") % {"code": code}) from unknown


def as_json(scope: Scope, found: Tally) -> str:
    """The counts answered within n working days stand apart as well, by n."""
    within = [found.figure(one.key) for one in WITHIN]
    answer = {
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        "as_of": timezone.localtime(scope.now).isoformat(timespec="seconds"),
        "cuts": {name: getattr(value, "code", value) for name, value in scope.cuts.items()},
        "answered_within_working_days": {
            "of": within[0].whole,
            **{one.measure.key.removeprefix("within-"): one.part for one in within},
        },
        "measures": {key: described(found.figure(key)) for key in found.measures},
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def described(figure: Figure) -> dict:
    """The numbers, with the words they are to be read with."""
    measure = figure.measure
    return measure.as_json(figure) | {"label": str(measure.label), "definition": str(measure.definition)}


def as_table(scope: Scope, found: Tally) -> str:
    now = f"{timezone.localtime(scope.now):%Y-%m-%d %H:%M}"
    days = {"first": scope.period.first, "last": scope.period.last, "now": now}
    heading = _("%(first)s 至 %(last)s，截至 %(now)s") % days
    figures = [found.figure(key) for key in found.measures]
    return "\n".join([heading, "", *(line(one) for one in figures)])


def line(figure: Figure) -> str:
    """Label, value and what it was made of; a Chinese character is two columns wide."""
    label = str(figure.measure.label)
    wide = sum(2 if ord(character) > 0x2E7F else 1 for character in label)
    return f"{label}{' ' * max(1, 30 - wide)}{figure.value:>10} {figure.measure.unit}  {figure.note}".rstrip()
