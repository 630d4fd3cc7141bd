"""Pages about visits and the enterprises they go to. To record one is a door of petitions, which may file as well."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.models import Cadre, Enterprise, User
from directory.pages import Keyset
from directory.uploads import answer_with
from visits.duties import my_quarter, my_week, quarter_of, with_reach
from visits.forms import FilterForm
from visits.models import Photo, Visit
from visits.parties import CADRE, RISK_READERS

NEWEST_FIRST = ("-visited_on", "-id")
ON_CARD = 10  # visits shown on an enterprise's card
NEVER = date(1900, 1, 1)


def cadre_of(user: User, day: date) -> Cadre | None:
    """The person as a cadre in office that day."""
    return Cadre.objects.valid_on(day).filter(user=user).select_related("unit", "user").first()


def duty_of(cadre: Cadre, now: datetime) -> list[dict]:
    """“本周 1/2 · 本季 9/20” as cards for visits/_duty.html, each a link to what it counts."""
    week, quarter = my_week(cadre, now), my_quarter(cadre, now)
    visits, waiting = reverse("visits:visits"), reverse("visits:enterprises")
    return [
        {
            "label": _("本周走访"),
            "value": f"{week.done}/{week.quota}",
            "note": _("%(first)s 至 %(last)s")
            % {"first": f"{week.span.first:%m-%d}", "last": f"{week.span.last:%m-%d}"},
            "tone": "green" if week.done >= week.quota else "orange",
            "icon": "calendar",
            "url": f"{visits}?since={week.span.first}&until={week.span.last}&counted=1",
        },
        {
            "label": _("本季覆盖"),
            "value": f"{quarter.covered}/{quarter.due}",
            "note": _("还有 %(left)d 家待走访，截止 %(last)s")
            % {"left": len(quarter.uncovered), "last": f"{quarter.span.last:%m-%d}"},
            "tone": "green" if not quarter.uncovered else "blue",
            "icon": "building",
            "url": f"{waiting}?waiting=1",
        },
    ]


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """The visits this person may know of; for a cadre first the own ones."""
    now = timezone.now()
    cadre = cadre_of(request.user, localdate(now))
    form = FilterForm(request.GET)
    found = form.narrow(Visit.objects.visible_to(request.user, now).for_rows())
    mine = cadre is not None and "all" not in request.GET and not form.names_others()
    if mine:
        found = found.filter(host=cadre)
    page = Keyset(found, NEWEST_FIRST).page(request.GET.get("after", ""))
    context = {"page": page, "form": form, "duty": duty_of(cadre, now) if cadre else None, "tabs": _tabs(cadre, mine)}
    return render(request, "visits/visits.html", context)


def _tabs(cadre: Cadre | None, mine: bool) -> list[dict]:
    if cadre is None:
        return []
    url = reverse("visits:visits")
    return [
        {"url": url, "label": _("我的走访"), "active": mine},
        {"url": f"{url}?all=1", "label": _("可查看的全部走访"), "active": not mine},
    ]


@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    """The cadre's own enterprises, longest unvisited first, each reached this quarter or not."""
    now = timezone.now()
    today = localdate(now)
    cadre = cadre_of(request.user, today)
    if cadre is None:
        raise PermissionDenied(_("只有挂点干部有自己的企业名单。"))
    words, waiting = request.GET.get("q", "")[:60].replace("\0", ""), "waiting" in request.GET
    mine = with_reach(Enterprise.objects.cared_for_by(cadre, today), quarter_of(today)).select_related("street")
    mine = mine.named_like(words) if words else mine
    mine = mine.filter(reached=False) if waiting else mine
    page = Keyset(mine.annotate(seen_on=Coalesce("last_visited_on", Value(NEVER))), ("seen_on", "id")).page(
        request.GET.get("after", "")
    )
    for one in page.rows:
        one.days = (today - one.last_visited_on).days if one.last_visited_on else None
    context = {"page": page, "q": words, "waiting": waiting, "duty": duty_of(cadre, now)}
    return render(request, "visits/enterprises.html", context)


@require_safe
def visit(request: HttpRequest, number: str) -> HttpResponse:
    now = timezone.now()
    visit = get_object_or_404(Visit.objects.visible_to(request.user, now).for_page(), number=number)
    reads_risk = any(party.includes(request.user, visit, localdate(now)) for party in RISK_READERS)
    context = {
        "visit": visit,
        "reads_risk": reads_risk,
        "below": ("petitions/_of_visit.html", "components/_nothing.html"),
    }
    return render(request, "visits/visit.html", context)


@require_safe
def photo(request: HttpRequest, number: str, key: str) -> FileResponse:
    """A photo of a visit this person may see, as a download: nothing of it runs in the browser."""
    seen = Visit.objects.visible_to(request.user, timezone.now()).filter(number=number)
    photo = get_object_or_404(Photo, visit__in=seen, key=key)
    try:
        return answer_with(photo.file, photo.name, photo.content_type)
    except FileNotFoundError as lost:
        raise Http404 from lost


@require_safe
def enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """An enterprise's card: profile, who looks after it, its latest visits; petitions add theirs below."""
    now = timezone.now()
    today = localdate(now)
    seen = with_reach(Enterprise.objects.visible_to(request.user, today), quarter_of(today)).select_related("street")
    enterprise = get_object_or_404(seen, code=code)
    calls = Visit.objects.visible_to(request.user, now).filter(enterprise=enterprise).for_rows().newest_first()
    held = enterprise.assignments.valid_on(today).select_related("cadre__user", "cadre__unit").first()
    context = {
        "enterprise": enterprise,
        "held": held,
        "visits": calls[:ON_CARD],
        "is_mine": enterprise.pk in CADRE.anchors(request.user, today),
        "days": (today - enterprise.last_visited_on).days if enterprise.last_visited_on else None,
        "below": ("petitions/_of_enterprise.html", "components/_nothing.html"),
    }
    return render(request, "visits/enterprise.html", context)
