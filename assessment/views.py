"""Home, the board, and the lists behind its figures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from assessment import boards, drills
from assessment.cohorts import Scope
from assessment.forms import ScopeForm
from assessment.home import sections
from assessment.measures import MEASURES
from assessment.parties import reach_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, by the seats held today."""
    now = timezone.now()
    template = "assessment/_home.html" if request.htmx else "assessment/home.html"
    return render(request, template, {"sections": sections(request.user, now), "now": now})


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    form = scope_form(request)
    if not form.is_valid():
        return asked_wrongly(request, form)
    scope = form.scope()
    context = boards.board(form, scope, request.GET.get("by", ""))
    context |= {"form": form.filled(scope), "periods": boards.periods(form, scope)}
    return render(request, "assessment/board.html", context | spoken_of(form, scope))


@require_safe
def drill(request: HttpRequest, key: str) -> HttpResponse:
    """The rows behind one figure of the board, in the same scope."""
    form = scope_form(request)
    measure = MEASURES.get(key)
    if measure is None:
        raise Http404
    if not form.is_valid():
        return asked_wrongly(request, form)
    scope = form.scope()
    found = drills.drill(measure, scope, request.GET.get("face", ""), request.GET.get("after", ""))
    context = {"drill": found, "measure": measure, "board": boards.address(scope), "reach": form.reach}
    return render(request, "assessment/drill.html", context | spoken_of(form, scope))


def asked_wrongly(request: HttpRequest, form: ScopeForm) -> HttpResponse:
    """The question once more, with what is wrong at its field; it is sent to the page it was meant for."""
    return render(request, "assessment/board.html", {"form": form, "now": form.now}, status=400)


def spoken_of(form: ScopeForm, scope: Scope) -> dict:
    """What every page of figures says of itself."""
    return {"scope": scope, "group_label": form.group_label(scope.group) if scope.group else "", "now": form.now}


def scope_form(request: HttpRequest) -> ScopeForm:
    """What is asked for, by somebody who may look at figures; for anybody else there is no such page."""
    now = timezone.now()
    reach = reach_of(request.user, localdate(now))
    if not reach:
        raise Http404
    return ScopeForm(request.GET, reach=reach, now=now)
