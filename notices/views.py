"""The inbox, the bell, and the way to the live process."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory.addresses import is_ours
from directory.pages import Keyset
from notices import live, wording
from notices.models import Notice
from notices.operations import ALL, mark_read, mark_read_about


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """All that was told to this person, the newest first; `?unread=1` for what is unread."""
    notices = Notice.objects.of(request.user)
    unread_only = request.GET.get("unread") == "1"
    listed = notices.unread() if unread_only else notices
    page = Keyset(listed, ["-created_at", "-id"]).page(request.GET.get("after", ""))
    rows = [(notice, wording.render(notice, get_language())) for notice in page.rows]
    tabs = [
        {"url": "?", "label": _("全部"), "active": not unread_only},
        {"url": "?unread=1", "label": _("未读"), "active": unread_only},
    ]
    return render(request, "notices/inbox.html", {"page": page, "rows": rows, "tabs": tabs})


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, as the head of every page includes it."""
    return render(request, "notices/_bell.html")


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark as read: `key` (any number), `about` (a public number), or `all`; then back to the page it came from."""
    now, keys = timezone.now(), [storable(key) for key in request.POST.getlist("key")]
    if about := storable(request.POST.get("about", "")):
        mark_read_about(request.user, about, now)
    else:
        mark_read(request.user, ALL if "all" in request.POST else keys, now)
    if request.htmx and len(keys) == 1:
        return _row(request, keys[0])
    back = request.POST.get("next", "")
    return redirect(back if is_ours(request, back) else "notices:inbox")


def storable(text: str) -> str:
    """The text as a column may hold it; no database takes NUL."""
    return text.replace("\0", "")


def _row(request: HttpRequest, key: str) -> HttpResponse:
    notice = Notice.objects.of(request.user).filter(key=key).first()
    if notice is None:
        raise Http404
    return render(request, "notices/_notice.html", {"notice": notice, "words": wording.render(notice, get_language())})


@login_not_required  # an event stream cannot follow to a login page: it is told 401
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """Ask the rights of each `?topic=` once, then send the browser to the live process with a permit for them."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    now, topics = timezone.now(), set(request.GET.getlist("topic"))
    allowed = 0 < len(topics) <= live.MOST_TOPICS and all(live.may_watch(request.user, topic, now) for topic in topics)
    if not allowed:
        raise Http404
    query = urlencode({"token": live.token_for(request.user, topics)})
    answer = HttpResponseRedirect(f"{live_origin(request)}/live/?{query}", preserve_request=True)
    answer["Cache-Control"] = "no-store"
    return answer


def live_origin(request: HttpRequest) -> str:
    """Where the live process answers: "" for this origin, else its port on the host the browser asked."""
    if not settings.LIVE_PORT:
        return ""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return f"{request.scheme}://{f'[{host}]' if ':' in host else host}:{settings.LIVE_PORT}"
