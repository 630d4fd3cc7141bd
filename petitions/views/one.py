"""The page of one petition, and the one door for all its steps."""

from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import Representative
from directory.uploads import answer_with
from petitions import operations
from petitions.forms import FORMS, StepForm
from petitions.models import Petition
from petitions.page import Page
from petitions.process import WrongStage, check
from petitions.standard_replies import Offer, offer, typed_in
from petitions.wording import ACTIONS

page_door = require_http_methods(["GET", "HEAD", "POST"])


def found(request: HttpRequest, number: str, now: datetime) -> Petition:
    """The petition of that number, if this person may know of it."""
    seen = Petition.objects.visible_to(request.user, now).for_page().prefetch_related(None)
    seen = seen.annotate(has_hearer=Exists(hearers(localdate(now))))
    return get_object_or_404(seen, number=number)


def hearers(day: date) -> QuerySet:
    """The people of the petition's enterprise who get its notices."""
    held = Representative.objects.valid_on(day).filter(user__is_active=True)
    return held.filter(enterprise=OuterRef("enterprise"))


@require_safe
def petition(request: HttpRequest, number: str) -> HttpResponse:
    """Its page; to htmx the same cards alone, as they stand now."""
    now = timezone.now()
    return show(request, Page(found(request, number, now), request.user, now))


def show(request: HttpRequest, page: Page, *, status: int = 200, **context) -> HttpResponse:
    """The page, or for htmx its fragment. alert: why a step was not taken; form: what was written then."""
    context |= {"page": page, "petition": page.petition, "now": page.now}
    template = "petitions/_petition.html" if request.htmx else "petitions/petition.html"
    return placed(request, render(request, template, context, status=status), "#petition", "outerHTML")


def placed(request: HttpRequest, response: HttpResponse, target: str, swap: str) -> HttpResponse:
    """Tells htmx where this answer belongs, whatever asked for it."""
    if request.htmx:
        response["HX-Retarget"], response["HX-Reswap"] = target, swap
    return response


@page_door
def take_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """One door for all steps: the form, the operation, and the page as it is then."""
    now = timezone.now()
    petition = found(request, number, now)
    if step not in FORMS:
        raise Http404
    asked = {"petition": petition, "by": request.user, "now": now}
    form = None
    try:
        if request.method != "POST" or "fill" in request.POST:
            page = Page(petition, request.user, now)
            check(step, petition, request.user, now)
            return show_form(request, page, step, FORMS[step](initial=prefilled(request, step), **asked))
        form = FORMS[step](request.POST, request.FILES, **asked)
        if form.is_valid():
            operations.OPERATIONS[step](petition, request.user, now, **form.arguments)
            return taken(request, number, step, now)
        check(step, petition, request.user, now)
    except ValidationError as wrong:
        form.refuse(wrong)
    except (WrongStage, PermissionDenied) as refusal:
        status = 409 if isinstance(refusal, WrongStage) else 403
        page = Page(found(request, number, now), request.user, now)
        return show(request, page, status=status, alert=str(refusal), **form_context(step, form))
    return show_form(request, Page(petition, request.user, now), step, form, status=422)


def prefilled(request: HttpRequest, step: str) -> dict[str, str]:
    return {name: request.GET[name] for name in FORMS[step].prefilled if name in request.GET}


def form_context(step: str, form: StepForm | None) -> dict:
    return {"form": form, "step": step, "action": ACTIONS[step]}


def show_form(request: HttpRequest, page: Page, step: str, form: StepForm, status: int = 200) -> HttpResponse:
    """The step's form: alone in its place for htmx, else above the petition on a page of its own."""
    context = {"page": page, "petition": page.petition, "now": page.now, **form_context(step, form)}
    context["offer"] = put_in(request, page, step, form)
    template = "petitions/_step.html" if request.htmx else "petitions/petition.html"
    drawn = render(request, template, context, status=status)
    return drawn if "fill" in request.POST else placed(request, drawn, "#step", "innerHTML")


def put_in(request: HttpRequest, page: Page, step: str, form: StepForm) -> Offer | None:
    """The standard replies on offer; the one asked for goes into the form, with all that was typed."""
    found = offer(page.petition, step, request.user, page.now, request.POST.get("promised_on", ""))
    if "fill" in request.POST:
        form.initial |= typed_in(form, request.POST)
    asked = request.POST.get("standard_reply") or request.GET.get("standard_reply", "")
    if found and not form.is_bound and asked:
        form.initial[found.field] = found.put_in(asked, form.initial.get(found.field) or "")
    return found


def taken(request: HttpRequest, number: str, step: str, now: datetime) -> HttpResponse:
    """After a step: back to the page, which says so."""
    messages.success(request, _("已完成：%(step)s。") % {"step": ACTIONS[step].words})
    if not request.htmx:
        return redirect("petitions:petition", number)
    return show(request, Page(found(request, number, now), request.user, now), taken=True)


@require_safe
def attachment(request: HttpRequest, number: str, key: str) -> FileResponse:
    """A file of a petition this person may see; internal ones are the staff's."""
    now = timezone.now()
    page = Page(found(request, number, now), request.user, now)
    file = next((one for one in page.attachments if one.key == key), None)
    if file is None:
        raise Http404
    try:
        return answer_with(file.file, file.name, file.content_type)
    except FileNotFoundError as lost:
        raise Http404 from lost
