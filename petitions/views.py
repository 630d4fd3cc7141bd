"""The pages of petitions. Each asks the right first: what a person may not know of does not exist for them."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import Cadre, Enterprise, Unit
from directory.pages import Keyset
from directory.parties import seats_of
from directory.uploads import answer_with
from petitions import operations
from petitions.filing import ConcernForm, FileForm
from petitions.forms import FORMS, StepForm
from petitions.lists import FilterForm, Queue
from petitions.models import Petition
from petitions.page import Page
from petitions.process import WrongStage, check
from petitions.wording import ACTIONS
from visits.forms import VisitForm
from visits.models import Difficulty

MOST_URGENT_FIRST = (F("due_at").asc(nulls_last=True), "id")
NEWEST_FIRST = ("-filed_at", "-id")
page_door = require_http_methods(["GET", "HEAD", "POST"])


# --- Lists ----------------------------------------------------------------------------------------------------------


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


# --- Filing ---------------------------------------------------------------------------------------------------------


@page_door
def new(request: HttpRequest) -> HttpResponse:
    """File a petition: as a representative, or as the cadre of an enterprise with its consent."""
    now = timezone.now()
    if not may_file_for(request.user, now):
        raise PermissionDenied(_("只有企业代表和挂点干部可以提交诉求。"))
    if request.method != "POST":
        first = {"enterprise": request.GET.get("enterprise", "")}
        return render(request, "petitions/new.html", {"form": FileForm(by=request.user, now=now, initial=first)})
    form = FileForm(request.POST, request.FILES, by=request.user, now=now)
    if form.is_valid():
        try:
            petition, is_new = operations.file(by=request.user, now=now, **form.arguments)
        except ValidationError as wrong:
            form.refuse(wrong)
        except WrongStage as late:
            form.add_error(None, str(late))
        else:
            if is_new:
                messages.success(request, _("诉求已提交，编号 %(number)s。") % {"number": petition.number})
            return redirect(petition)
    return render(request, "petitions/new.html", {"form": form}, status=422)


@page_door
def log_visit(request: HttpRequest) -> HttpResponse:
    """Log a visit and, where it heard of a difficulty to be petitioned, file that in the same save."""
    now = timezone.now()
    host = Cadre.objects.valid_on(localdate(now)).filter(user=request.user).select_related("unit", "user").first()
    if host is None:
        raise PermissionDenied(_("只有挂点干部可以登记走访。"))
    if request.method != "POST":
        return render(request, "visits/new.html", visit_forms(request, host, now))
    pages = visit_forms(request, host, now, request.POST, request.FILES)
    form, concern_form = pages["form"], pages["concern_form"]
    valid = form.is_valid()
    heard = form.cleaned_data.get("difficulty") == Difficulty.PETITION
    if heard:
        valid = concern_form.is_valid() and valid
    else:
        pages["concern_form"] = visit_forms(request, host, now)["concern_form"]
    if valid and (visit := logged(request, host, now, form, concern_form if heard else None)):
        return redirect(visit)
    return render(request, "visits/new.html", pages, status=422)


def visit_forms(request: HttpRequest, host: Cadre, now: datetime, *sent) -> dict:
    chosen = Enterprise.objects.cared_for_by(host, localdate(now)).filter(code=plain_code(request)).first()
    first = {"enterprise": chosen.code, "met": chosen.contact, "met_phone": chosen.phone} if chosen else {}
    known = {"contact": chosen.contact, "phone": chosen.phone} if chosen else {}
    return {
        "form": VisitForm(*sent, host=host, now=now, initial=first),
        "concern_form": ConcernForm(*sent[:1], now=now, prefix="concern", initial=known),
    }


def plain_code(request: HttpRequest) -> str:
    return request.GET.get("enterprise", "").replace("\0", "")[:18]


def logged(request: HttpRequest, host: Cadre, now: datetime, form: VisitForm, concern_form: ConcernForm | None):
    """The visit, or None where the operation objected; what it said is then in the form it belongs to."""
    said = form.arguments()
    try:
        visit, petition, _is_new = operations.log_visit_with_concern(
            host=host, by=request.user, now=now, uid=said["uid"], enterprise=said["enterprise"],
            visit_fields=said["fields"], concern=concern_form.cleaned_data if concern_form else None,
        )  # fmt: skip
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
        return None
    except (PermissionDenied, WrongStage) as refusal:
        form.add_error(None, str(refusal) or _("当前不能为该企业登记。"))
        return None
    words = _("走访已登记，诉求已提交，编号 %(number)s。") if petition else _("走访已登记。")
    messages.success(request, words % {"number": petition.number} if petition else words)
    return visit


# --- One petition ---------------------------------------------------------------------------------------------------


def found(request: HttpRequest, number: str, now: datetime) -> Petition:
    """The petition of that number, if this person may know of it."""
    seen = Petition.objects.visible_to(request.user, now).for_page().prefetch_related(None)
    return get_object_or_404(seen, number=number)


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
        if request.method != "POST":
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
    template = "petitions/_step.html" if request.htmx else "petitions/petition.html"
    return placed(request, render(request, template, context, status=status), "#step", "innerHTML")


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
