"""Phrases about petitions, as queues and boards ask for them."""

from datetime import date, datetime
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate

from directory.parties import seats_of, visible_rows
from petitions.parties import CO_ORGANISER, CONFERENCE_VIEWERS, LAST_CONTEST, LEAD, LEAD_HEAD, VIEWERS
from petitions.process import CONTESTED, DISPATCHED, FILED, IN_HAND, INCOMPLETE, OPEN, REPLIED, SIGNING, SUSPENDED


def asked_of_conference() -> models.QuerySet:
    """The open proposals that a joint conference decides."""
    asked = apps.get_model("petitions", "Approval").objects.filter(decided_at=None)
    hard = Q(step="extend", petition__standard__extend_by_conference=True)
    return asked.filter(Q(step="park") | hard)


class PetitionQuerySet(models.QuerySet):
    def visible_to(self, user, now: datetime) -> Self:
        """The petitions this person may know of: the one rule for lists, pages, files, search and live topics."""
        return self.filter(visible_rows(VIEWERS, user, localdate(now)))

    def open(self) -> Self:
        return self.filter(stage__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        """Whose most urgent clock has run out; the truth, whatever the sweep has told so far."""
        return self.filter(due_at__lt=now)

    def awaiting(self, user, now: datetime) -> Self:
        """Where the next move is this person's: as desk, unit, co-organiser or representative."""
        day, seats = localdate(now), seats_of(user, localdate(now))
        mine = LEAD.rows(user, day) & Q(stage__in=IN_HAND | {DISPATCHED, SUSPENDED})
        mine |= LEAD_HEAD.rows(user, day) & Q(stage=SIGNING)
        asked = {"unit__in": CO_ORGANISER.anchors(user, day), "answered_at": None, "waived_because": ""}
        unanswered = apps.get_model("petitions", "CoOrganisation").objects.filter(**asked)
        mine |= Q(pk__in=unanswered.values("petition"), stage__in=IN_HAND)
        proposed = apps.get_model("petitions", "Approval").objects.filter(decided_at=None)
        if "desk" in seats.roles:
            mine |= Q(stage=FILED) | Q(stage=CONTESTED, contest_count__lt=LAST_CONTEST)
            easy = Q(step="suspend") | Q(step="extend", petition__standard__extend_by_conference=False)
            mine |= Q(pk__in=proposed.filter(easy).values("petition"))
        if "panel" in seats.roles:
            mine |= Q(stage=CONTESTED, contest_count__gte=LAST_CONTEST)
        if seats.roles & {"supervision", "leader"}:
            mine |= Q(pk__in=asked_of_conference().values("petition"))
        if seats.represents:
            mine |= Q(enterprise__in=seats.represents, stage__in=(INCOMPLETE, REPLIED))
        return self.filter(mine)

    def awaiting_conference(self) -> Self:
        """Where the lead unit asked for what a joint conference decides."""
        return self.filter(pk__in=asked_of_conference().values("petition"))

    def for_rows(self) -> Self:
        """With all that one line of a queue shows."""
        return self.select_related("enterprise__street", "lead", "handler", "category", "standard")

    def for_page(self) -> Self:
        """With all that the petition's own page asks of it, but not its long lists."""
        related = ("enterprise__street", "lead", "handler", "category", "visit", "filed_by", "standard")
        return self.select_related(*related).prefetch_related("co_organisations__unit", "approvals")

    def most_urgent_first(self) -> Self:
        return self.order_by(F("due_at").asc(nulls_last=True), "id")

    def newest_first(self) -> Self:
        return self.order_by("-filed_at", "-id")


class StandardQuerySet(models.QuerySet):
    def on(self, code: str, day: date):
        """The service standard of that code in force on that day."""
        return self.filter(code=code, valid_from__lte=day).latest("valid_from")


class DeadlineQuerySet(models.QuerySet):
    def running(self) -> Self:
        """Neither met nor cancelled."""
        return self.filter(met_at=None, cancelled_at=None)

    def missed(self, clock: str, now: datetime) -> Self:
        """Clocks of that name that were not met in time, or still run and are overdue."""
        ran_out = Q(paused_at=None, due_at__lt=now) | Q(due_at__lt=F("paused_at"))
        return self.filter(Q(on_time=False) | ran_out & Q(met_at=None, cancelled_at=None), clock=clock)

    def to_tell(self, now: datetime) -> Self:
        """Running clocks with something to tell by now, the longest waiting first; served by a partial index."""
        return self.running().filter(next_event_at__lte=now).order_by("next_event_at")


class ConferenceQuerySet(models.QuerySet):
    def visible_to(self, user, now: datetime) -> Self:
        """The conferences this person may know of: the one rule for lists, pages and the API."""
        return self.filter(visible_rows(CONFERENCE_VIEWERS, user, localdate(now)))

    def planned(self) -> Self:
        """Neither published nor cancelled."""
        return self.filter(published_at=None, cancelled_at=None)
