"""What the receipt of a petition and its public progress show."""

from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from petitions.models import Event, Petition, ProgressLink
from petitions.process import MERGED
from petitions.progress import Mark, Promise, last_master, next_promise, promises, way
from petitions.wording import done, promise

QUIET = 4  # modules of white around a code, as its standard asks


def address_of(link: ProgressLink) -> str:
    """Where the link leads, in full."""
    return settings.SITE_URL.rstrip("/") + reverse("petitions:progress", args=[link.token])


def qr_code(text: str) -> SafeString:
    """The text as a QR code: an SVG without style attributes, black on white in light and dark alike."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=QUIET, omitsize=True, light="#fff", svgclass=None, lineclass=None)
    return mark_safe(drawn)


class PublicProgress:
    """A petition as whoever holds its link may see it: no name of a person or an enterprise, and nothing typed by
    anybody (see docs/decisions/0012). Three queries, whatever the petition."""

    def __init__(self, petition: Petition, now: datetime):
        self.petition, self.now = petition, now
        self.shown = last_master(petition)  # a merged one goes the way of the one it follows
        self.is_merged = petition.stage == MERGED
        self.deadlines = list(self.shown.deadlines.all())
        self.events = list(self.shown.events.filter(public=True).order_by("-seq"))

    @property
    def lead(self) -> str:
        return self.shown.lead.label if self.shown.lead else _("待分拨") if self.shown.is_open else "—"

    @property
    def way(self) -> list[Mark]:
        return way(self.shown, rated=any(event.step == "evaluate" for event in self.events))

    @property
    def promise(self) -> str:
        return promise(self.shown, next_promise(self.deadlines), self.now, named=False)

    @property
    def is_late(self) -> bool:
        clock = next_promise(self.deadlines)
        return bool(clock and clock.due_at < self.now)

    @property
    def promises(self) -> list[Promise]:
        return promises(self.shown, self.deadlines, self.now)

    @property
    def timeline(self) -> list[dict]:
        """What happened, the latest first: what and when."""
        return [self._line(event) for event in self.events]

    def _line(self, event: Event) -> dict:
        title, icon, tone = done(event)
        return {"at": event.at, "title": title, "icon": icon, "tone": tone}
