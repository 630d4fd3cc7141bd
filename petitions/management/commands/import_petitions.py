"""A district's history from a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.tables import BadRows
from petitions.history import import_history


class Command(BaseCommand):
    help = "Import petitions of earlier years: CSV with ref, petitioner, title, filed_at, body, reply, replied_at."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.csv")

    def handle(self, *args, file, **options):
        try:
            done = import_history(file, timezone.now())
        except BadRows as bad:
            raise CommandError("\n".join([*bad.lines(), _("未写入任何数据。")])) from bad
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self.stdout.write(_("新导入 %(new)d 件，补充答复 %(answered)d 件，此前已导入 %(known)d 件。") % vars(done))
