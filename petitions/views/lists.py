"""The pages that list petitions, and the filters people keep of them."""

from datetime import datetime

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from directory.models import Unit
from directory.pages import Keyset
from directory.parties import DESK, seats_of
from petitions.bulk import bulk_actions
from petitions.lists import FilterForm, Queue, SaveFilterForm
from petitions.models import Petition, SavedFilter
from petitions.tabs import show_own_clocks


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What awaits this person first; `?show=` names another tab."""
    now = timezone.now()
    shown = Queue(request.user, now, request.GET.get("show", ""))
    page = shown.page(request.GET.get("after", ""))
    context = {"queue": shown, "page": page, "topics": queue_topics(request.user, now), "query": shown.query}
    context["may_register"] = may_register(request.user, now)
    return render(request, "petitions/queue.html", context | around(request, now))


def queue_topics(user, now: datetime) -> str:
    """What the page of this person's queue listens to: the desk, the own units, else what is told to them."""
    seats = seats_of(user, localdate(now))
    units = Unit.objects.filter(pk__in=seats.units_as(("member", "head"))).values_list("code", flat=True)
    topics = [f"unit:{code}" for code in (units if seats.units else ())]
    return " ".join([*topics, *(["desk"] if "desk" in seats.roles else [])]) or "me"


@require_safe
def petitions(request: HttpRequest) -> HttpResponse:
    """All this person may know of, the newest first, narrowed by `FilterForm`."""
    return show_list(request, request.GET)


def show_list(request: HttpRequest, query: QueryDict, status: int = 200, **context) -> HttpResponse:
    now = timezone.now()
    form = FilterForm(query, now=now, user=request.user)
    found, order = form.listed(Petition.objects.visible_to(request.user, now).for_rows())
    page = Keyset(found, order).page(query.get("after", ""))
    show_own_clocks(page.rows, request.user, now)
    may_file = may_file_for(request.user, now)
    context = {"page": page, "form": form, "may_file": may_file, "query": form.query} | around(request, now) | context
    return render(request, "petitions/petitions.html", context, status=status)


def around(request: HttpRequest, now: datetime) -> dict:
    """What every list has about it: the filters kept, and what may be done with several rows at once."""
    return {
        "now": now,
        "saved": list(request.user.saved_filters.all()),
        "saving": SaveFilterForm(by=request.user, now=now),
        "picks": bulk_actions(request.user, now),
    }


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the list shown under a name of one's own."""
    now = timezone.now()
    form = SaveFilterForm(request.POST, by=request.user, now=now)
    if form.is_valid():
        kept = SavedFilter(user=request.user, made_at=now, **form.cleaned_data)
        try:
            with transaction.atomic():
                kept.save()
        except IntegrityError:  # the same form, sent twice
            return redirect(to_list(kept.query))
        messages.success(request, _("已保存筛选“%(name)s”。") % {"name": kept.name})
        return redirect(to_list(kept.query))
    return show_list(request, QueryDict(request.POST.get("query", "")[:2000]), status=422, saving=form)


@require_POST
def remove_filter(request: HttpRequest) -> HttpResponse:
    """Forget a filter of one's own; anybody else's does not exist here."""
    name = request.POST.get("name", "").replace("\0", "")
    gone, _rows = request.user.saved_filters.filter(name=name).delete()
    if gone:
        messages.success(request, _("已删除筛选“%(name)s”。") % {"name": name})
    return redirect("petitions:petitions")


def to_list(query: str) -> str:
    """The address of that list."""
    return f"{reverse('petitions:petitions')}?{query}"


def may_file_for(user, now: datetime) -> frozenset[int]:
    """The enterprises this person may file for."""
    seats = seats_of(user, localdate(now))
    return seats.represents | seats.cares_for


def may_register(user, now: datetime) -> bool:
    """May this person register what came through another channel?"""
    return bool(DESK.anchors(user, localdate(now)))
