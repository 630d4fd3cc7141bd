"""The pages that list petitions."""

from datetime import datetime

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from directory.models import Unit
from directory.pages import Keyset
from directory.parties import seats_of
from petitions.lists import FilterForm, Queue
from petitions.models import Petition

MOST_URGENT_FIRST = (F("due_at").asc(nulls_last=True), "id")
NEWEST_FIRST = ("-filed_at", "-id")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What awaits this person first; `?show=` names another tab."""
    now = timezone.now()
    shown = Queue(request.user, now, request.GET.get("show", ""))
    page = Keyset(shown.petitions, MOST_URGENT_FIRST).page(request.GET.get("after", ""))
    topics = queue_topics(request.user, now)
    context = {"queue": shown, "page": page, "stats": shown.stats(), "topics": topics, "now": now}
    return render(request, "petitions/queue.html", context)


def queue_topics(user, now: datetime) -> str:
    """What the page of this person's queue listens to: the desk, the own units, else what is told to them."""
    seats = seats_of(user, localdate(now))
    units = Unit.objects.filter(pk__in=seats.units_as(("member", "head"))).values_list("code", flat=True)
    topics = [f"unit:{code}" for code in (units if seats.units else ())]
    return " ".join([*topics, *(["desk"] if "desk" in seats.roles else [])]) or "me"


@require_safe
def petitions(request: HttpRequest) -> HttpResponse:
    """All this person may know of, the newest first, narrowed by `FilterForm`."""
    now = timezone.now()
    form = FilterForm(request.GET, now=now)
    found = form.narrow(Petition.objects.visible_to(request.user, now)).for_rows()
    page = Keyset(found, NEWEST_FIRST).page(request.GET.get("after", ""))
    may_file = may_file_for(request.user, now)
    return render(request, "petitions/petitions.html", {"page": page, "form": form, "may_file": may_file, "now": now})


def may_file_for(user, now: datetime) -> frozenset[int]:
    """The enterprises this person may file for."""
    seats = seats_of(user, localdate(now))
    return seats.represents | seats.cares_for
