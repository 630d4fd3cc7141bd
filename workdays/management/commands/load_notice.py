"""Load the State Council's notice on a year's holidays."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from workdays.files import read_text
from workdays.notice import Notice, NoticeChanges, parse_notice
from workdays.operations import load_notice, preview_notice
from workdays.wording import change_lines


class Command(BaseCommand):
    help = "Load the State Council's notice (plain text, or CSV date,kind,reason): all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--year", type=int, help="the year, where the file does not name it")
        parser.add_argument("--by", default="load_notice", help="who loads it, for the record")
        parser.add_argument("--dry-run", action="store_true", help="print what would change, write nothing")
        parser.add_argument("--accept-missing", action="store_true", help="load it though holidays by law are missing")

    def handle(self, *args, file, year, by, dry_run, accept_missing, **options):
        try:
            notice = parse_notice(read_text(file), year, accept_missing=accept_missing)
            changes = preview_notice(notice) if dry_run else load_notice(notice, by, timezone.now())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except ValueError as error:  # NoticeError among them: every bad line with its number
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.report(notice, changes, dry_run)

    def report(self, notice: Notice, changes: NoticeChanges, dry_run: bool) -> None:
        for line in change_lines(notice, changes):
            self.stdout.write(line)
        self.stdout.write(_("试运行：没有写入。") if dry_run else _("%(year)d 年安排已载入。") % {"year": notice.year})
