"""When a limit ends, for one case or for a file of them."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from workdays.calendar import Calendar
from workdays.cases import due_moments, moment
from workdays.files import read_text
from workdays.limits import Limit
from workdays.queries import bare_calendar, current_calendar


class Command(BaseCommand):
    help = "Print when a limit ends, e.g. `due 2026-02-13T10:00 3wd`; also 2wh, 7d, 3mo, 24h, 30min. Local time."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("start", metavar="START", nargs="?")
        parser.add_argument("limit", metavar="LIMIT", nargs="?")
        parser.add_argument("--file", type=Path, help="a CSV with the columns start, limit, suspended, resumed")

    def handle(self, *args, start, limit, file, **options):
        if (file is None) == (start is None) or (start is None) != (limit is None):
            raise CommandError(_("请给出 START 与 LIMIT，或者 --file FILE.csv。"))
        calendar = self.calendar()
        try:
            found = (
                due_moments(read_text(file), calendar)
                if file
                else [calendar.due(moment(start, calendar), Limit.parse(limit))]
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        for due in found:
            self.stdout.write(f"{due.at.isoformat()}{' provisional' if due.provisional else ''}")

    def calendar(self) -> Calendar:
        """The office's calendar; without its database the published one, and a warning."""
        try:
            return current_calendar()
        except (DatabaseError, ImproperlyConfigured):
            warning = _("警告：无法读取数据库，本地例外日期与已载入的通知未计入，仅按内置的公布安排计算。")
            self.stderr.write(self.style.WARNING(warning))
            return bare_calendar()
