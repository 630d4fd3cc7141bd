"""The demonstration district, loaded and shown."""

import sys
import time
import unicodedata

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.demonstration.accounts import logins
from assessment.demonstration.filling import Refused, fill

WIDTH = 30


class Bar:
    """How far it is: a bar on a terminal, elsewhere a line for each part."""

    def __init__(self, stream) -> None:
        self.stream, self.started, self.part = stream, time.monotonic(), ""

    def __call__(self, part: str, share: float) -> None:
        if self.stream.isatty():
            full = round(WIDTH * share)
            bar = "█" * full + "░" * (WIDTH - full)
            self.stream.write(f"\r\x1b[K{bar} {share:4.0%} {part}" + ("\n" if share >= 1 else ""))
        elif part != self.part:
            self.stream.write(f"{time.monotonic() - self.started:5.1f} s  {part}\n")
        self.part = part
        self.stream.flush()


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration district, or print its accounts (--logins)."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=2023)
        parser.add_argument("--scale", type=float, default=1.0, help="1 is the district as published")
        parser.add_argument("--logins", action="store_true", help="print one account for each role")

    def handle(self, *args, seed, scale, logins, **options):
        if logins:
            return self.print_logins()
        if not 0 < scale <= 20:
            raise CommandError(_("--scale 须大于 0 且不超过 20。"))
        started = time.monotonic()
        try:
            filled = fill(seed, scale, timezone.now(), Bar(sys.stderr))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not filled:
            self.stdout.write(_("演示数据此前已装载，未做改动。"))
        else:
            self.stdout.write(_("演示数据已装载，用时 %(seconds)d 秒。") % {"seconds": time.monotonic() - started})

    def print_logins(self) -> None:
        found = logins()
        if not found:
            raise CommandError(_("没有演示账号：数据库未装载演示数据，或这里不是演示环境。"))
        head = (_("角色"), _("用户名"), _("密码"), _("可以看什么"))
        rows = [head, *((str(one.role), one.username, one.password, str(one.look_at)) for one in found)]
        widths = [max(width(row[n]) for row in rows) for n in range(len(head) - 1)]
        for row in rows:
            cells = [cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[-1]]))


def width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
