"""Draw docs/process.md from the tables."""

from django.conf import settings
from django.core.management.base import BaseCommand

from petitions.drawing import as_markdown


class Command(BaseCommand):
    help = "Write docs/process.md from the tables of petitions/process.py."

    def handle(self, *args, **options) -> None:
        (settings.BASE_DIR / "docs" / "process.md").write_text(as_markdown(), encoding="utf-8")
