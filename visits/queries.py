"""Phrases about visits, as lists and boards ask for them."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.utils.timezone import localdate

from directory.parties import visible_rows
from visits.duties import quarter_of, week_of
from visits.parties import VIEWERS


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user, now: datetime) -> Self:
        """The visits this person may know of. The one rule for lists, pages, photos, exports and search."""
        return self.filter(visible_rows(VIEWERS, user, localdate(now)))

    def counted(self) -> Self:
        """Visits that meet the duty: effective, and recorded in time."""
        return self.filter(counts=True)

    def between(self, first: date, last: date) -> Self:
        """Made from the first to the last day, both included."""
        return self.filter(visited_on__range=(first, last))

    def of_week(self, day: date) -> Self:
        return self.between(*week_of(day))

    def of_quarter(self, day: date) -> Self:
        return self.between(*quarter_of(day))

    def for_rows(self) -> Self:
        """With all that one line of a list shows."""
        return self.select_related("enterprise", "host__user", "unit")

    def for_page(self) -> Self:
        """With all that the visit's own page shows."""
        related = ("enterprise__street", "host__user", "unit", "recorded_by")
        people = ("companions__cadre__user", "companions__unit")
        return self.select_related(*related).prefetch_related(*people, "photos")

    def newest_first(self) -> Self:
        return self.order_by("-visited_on", "-id")
