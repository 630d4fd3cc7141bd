"""Follow the calendar and tell what is due, once or for ever: the second trigger beside Celery's, without Redis."""

import logging
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from petitions.recomputing import recompute_clocks
from petitions.sweep import BATCH, sweep

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Bring the clocks in step with the calendar; tell the parties of every clock that has reached a level."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--loop", action="store_true", help="sweep again and again")
        parser.add_argument("--every", type=float, default=30, help="seconds between two sweeps (with --loop)")

        parser.add_argument("--batch", type=int, default=BATCH, help="clocks told in one transaction")

    def handle(self, *args, **options) -> None:
        while True:
            try:
                moved = recompute_clocks(timezone.now(), options["batch"])
                done = sweep(timezone.now(), options["batch"])
                self.stdout.write(f"moved {moved}, told {done.told}, lapsed {done.lapsed}, failed {done.failed}")
            except DatabaseError:
                if not options["loop"]:
                    raise
                log.exception("sweep: the database cannot be reached, trying again")
                connection.close()
            if not options["loop"]:
                return
            time.sleep(options["every"])
