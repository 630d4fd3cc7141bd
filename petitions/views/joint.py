"""The pages of joint conferences."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from directory.pages import Keyset
from directory.parties import Words
from petitions import operations
from petitions.conferences import Minutes, may_look, standing
from petitions.forms.conference import ArrangeForm, CallOffForm, ConferenceForm, MinuteForm, PublishForm
from petitions.models import Conference
from petitions.process import WrongStage

page_door = require_http_methods(["GET", "HEAD", "POST"])
LATEST_FIRST = ("-held_at", "-id")


def known(request: HttpRequest, number: str, now: datetime) -> Conference:
    """The conference of that number, if this person may know of it."""
    seen = Conference.objects.visible_to(request.user, now).select_related("convened_by", "published_by")
    return get_object_or_404(seen, number=number)


@require_safe
def conferences(request: HttpRequest) -> HttpResponse:
    """The conferences this person may know of, the latest first."""
    now = timezone.now()
    if not may_look(request.user, now):
        raise Http404
    page = Keyset(Conference.objects.visible_to(request.user, now), LATEST_FIRST).page(request.GET.get("after", ""))
    rows = [(one, *standing(one, now)) for one in page.rows]
    context = {"page": page, "rows": rows, "convenes": operations.convenes(request.user, now), "now": now}
    return render(request, "petitions/conferences.html", context)


@require_safe
def conference(request: HttpRequest, number: str) -> HttpResponse:
    return shown(request, number, timezone.now())


def shown(request: HttpRequest, number: str, now: datetime, **context) -> HttpResponse:
    """Its page; alert: why a change was not made."""
    minutes = Minutes(known(request, number, now), request.user, now)
    context = {"minutes": minutes, "conference": minutes.conference, "now": now} | context
    return render(request, "petitions/conference.html", context, status=409 if "alert" in context else 200)


@require_safe
def minutes(request: HttpRequest, number: str) -> HttpResponse:
    """The published minutes, fit for paper."""
    now = timezone.now()
    conference = known(request, number, now)
    if conference.published_at is None:
        raise Http404
    context = {"minutes": Minutes(conference, request.user, now), "conference": conference, "now": now}
    return render(request, "petitions/minutes.html", context)


@page_door
def convene(request: HttpRequest) -> HttpResponse:
    """Call a conference; `?petition=` ticks one of those that wait for it, or names another."""
    now = timezone.now()
    check_convenes(request, now)
    if request.method != "POST":
        first = {"petition": request.GET.get("petition", "").replace("\0", "")[:24]}
        return render(request, "petitions/convene.html", {"form": ArrangeForm(by=request.user, now=now, initial=first)})
    form = ArrangeForm(request.POST, by=request.user, now=now)
    if form.is_valid():
        try:
            conference = operations.convene(by=request.user, now=now, **form.arguments)
        except ValidationError as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("联席会议已召集，参会单位会收到通知。"))
            return redirect(conference)
    return render(request, "petitions/convene.html", {"form": form}, status=422)


def check_convenes(request: HttpRequest, now: datetime) -> None:
    """Whoever may not know of conferences finds nothing here; the others may not call one."""
    if not may_look(request.user, now):
        raise Http404
    if not operations.convenes(request.user, now):
        raise PermissionDenied(_("只有督查室和区领导可以召开联席会议。"))


def door_of(act: Callable, form_class: type[ConferenceForm], template: str, done: Words) -> Callable:
    """The page of one change of a planned conference: its form, its operation, and back."""

    @page_door
    def change(request: HttpRequest, number: str) -> HttpResponse:
        now = timezone.now()
        conference = known(request, number, now)
        check_convenes(request, now)
        sent = request.POST if request.method == "POST" else None
        form = form_class(sent, by=request.user, now=now, conference=conference)
        try:
            if form.is_valid():
                act(conference, request.user, now, **form.arguments)
                messages.success(request, done)
                return redirect(following(request, conference))
            operations.check_planned(conference)
        except ValidationError as wrong:
            form.refuse(wrong)
        except WrongStage as late:
            return shown(request, number, now, alert=str(late))
        minutes = Minutes(known(request, number, now), request.user, now, form.refusals)
        context = {"form": form, "minutes": minutes, "conference": minutes.conference, "now": now}
        return render(request, template, context, status=422 if form.is_bound else 200)

    return change


def following(request: HttpRequest, conference: Conference) -> str:
    """Where a change leads: to its page, or on to the publication where that was asked for."""
    door = "petitions:publish" if "publish" in request.POST else "petitions:conference"
    return reverse(door, args=[conference.number])


arrange = door_of(
    operations.rearrange, ArrangeForm, "petitions/convene.html", _lazy("会议安排已更新，新邀请的单位会收到通知。")
)
minute = door_of(operations.minute, MinuteForm, "petitions/minute.html", _lazy("已保存，公布纪要之前不生效。"))
publish = door_of(
    operations.publish, PublishForm, "petitions/publish.html", _lazy("会议纪要已公布，议定事项已写入诉求。")
)
call_off = door_of(
    operations.call_off, CallOffForm, "petitions/call_off.html", _lazy("会议已取消，参会单位会收到通知。")
)
