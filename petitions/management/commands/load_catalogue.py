"""Units, service standards and categories from files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from directory.tables import BadRows
from petitions.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Enter or update units, service standards and categories; the project's own files where none is given."

    def add_arguments(self, parser):
        parser.add_argument("--units", type=Path, metavar="FILE", help="CSV: code, name, name_en, kind")
        parser.add_argument(
            "--standards", type=Path, metavar="FILE", help="CSV: code, valid_from, name, name_en, limits"
        )
        parser.add_argument("--categories", type=Path, metavar="FILE", help="CSV: code … lead, co_organisers, standard")

    def handle(self, *args, units, standards, categories, **options):
        try:
            loaded = load_catalogue(units, standards, categories)
        except BadRows as bad:
            raise CommandError("\n".join([*bad.lines(), _("未写入任何数据。")])) from bad
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self.stdout.write(
            _("单位 %(units)d 个，服务标准 %(standards)d 条，诉求类别 %(categories)d 个。") % loaded._asdict()
        )
