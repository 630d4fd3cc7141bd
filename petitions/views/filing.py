"""The pages on which petitions are filed."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.models import Cadre, Enterprise
from petitions import operations
from petitions.filing import ConcernForm, FileForm, RegisterForm
from petitions.models import Petition
from petitions.process import WrongStage
from petitions.views.lists import may_file_for, may_register
from visits.forms import VisitForm
from visits.models import Difficulty

page_door = require_http_methods(["GET", "HEAD", "POST"])


@page_door
def new(request: HttpRequest) -> HttpResponse:
    """File a petition: as a representative, or as the cadre of an enterprise with its consent."""
    now = timezone.now()
    if not may_file_for(request.user, now):
        raise PermissionDenied(_("只有企业代表和挂点干部可以提交诉求。"))
    if request.method != "POST":
        first = {name: request.GET[name] for name in ("enterprise", "follows") if name in request.GET}
        form = FileForm(by=request.user, now=now, initial=first)
        if form.followed:
            form.initial.setdefault("enterprise", form.followed.enterprise.code)
        return render(request, "petitions/new.html", {"form": form})
    form = FileForm(request.POST, request.FILES, by=request.user, now=now)
    if petition := filed(request, form, now, _("诉求已提交，编号 %(number)s。")):
        return redirect(petition)
    return render(request, "petitions/new.html", {"form": form}, status=422)


def filed(request: HttpRequest, form: FileForm | RegisterForm, now: datetime, words: str) -> Petition | None:
    """The petition, or None where the form or the operation objected; the form then says why."""
    if not form.is_valid():
        return None
    try:
        petition, is_new = operations.file(by=request.user, now=now, **form.arguments)
    except ValidationError as wrong:
        form.refuse(wrong)
        return None
    except WrongStage as late:
        form.add_error(None, str(late))
        return None
    if is_new:
        messages.success(request, words % {"number": petition.number})
    return petition


@page_door
def register(request: HttpRequest) -> HttpResponse:
    """The desk finds the enterprise, then registers what it sent by letter, in person, on the web or by phone."""
    now = timezone.now()
    if not may_register(request.user, now):
        raise PermissionDenied(_("只有分拨台可以登记信访网电来件。"))
    if request.method == "POST":
        form = RegisterForm(request.POST, request.FILES, now=now)
        if petition := filed(request, form, now, _("来件已登记，编号 %(number)s。")):
            return redirect(petition)
        return render(request, "petitions/register.html", {"form": form}, status=422)
    if chosen := Enterprise.objects.select_related("street").filter(code=plain_code(request)).first():
        return render(request, "petitions/register.html", {"form": RegisterForm(now=now, chosen=chosen)})
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:60]
    context = {"q": words, "found": named_like(words), "most": MOST_FOUND, "enough": len(words) >= SHORTEST}
    template = "petitions/_enterprises.html" if request.htmx else "petitions/register.html"
    return render(request, template, context)


MOST_FOUND = 10


def named_like(words: str) -> list[Enterprise]:
    """A few enterprises of that name, those initials or that code, the shortest names first; one more than is shown."""
    if len(words) < SHORTEST:
        return []
    found = Enterprise.objects.named_like(words).select_related("street")
    return list(found.order_by(Length("name"), "pinyin", "id")[: MOST_FOUND + 1])


SHORTEST = 2  # letters, before a search is worth it


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
