"""The receipt of a petition with the link to its progress, and that progress for whoever holds the link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from petitions.models import ProgressLink
from petitions.operations import links
from petitions.page import Page
from petitions.process import WrongStage
from petitions.receipt import PublicProgress, address_of, qr_code
from petitions.views.one import found

DONE = {
    "make": gettext_lazy("进展链接已生成。"),
    "renew": gettext_lazy("进展链接已更换，原来的链接和二维码不再有效。"),
    "revoke": gettext_lazy("进展链接已撤销，原来的链接和二维码不再有效。"),
}
# Kept by nobody, found by no search, and told to no other site.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """A page to be printed: what was filed, what was promised, who handles it, and the code that opens its progress."""
    now = timezone.now()
    page = Page(found(request, number, now), request.user, now)
    if not page.has_receipt:
        raise PermissionDenied(_("回执供企业、其挂点干部和分拨台使用。"))
    made = list(page.petition.links.select_related("made_by", "revoked_by").order_by("-id"))
    link = next((one for one in made if one.revoked_at is None), None)
    address = address_of(link) if link else ""
    context = {"page": page, "petition": page.petition, "now": now, "link": link, "address": address}
    context |= {"code": qr_code(address) if link else "", "revoked": [one for one in made if one is not link]}
    return render(request, "petitions/receipt.html", context)


@require_POST
def link(request: HttpRequest, number: str) -> HttpResponse:
    """Make, renew or revoke the link; `token` names the one that the page showed."""
    now = timezone.now()
    petition = found(request, number, now)
    act, token = request.POST.get("act", ""), request.POST.get("token", "")
    if act not in DONE:
        raise Http404
    try:
        if act == "make":
            links.make_link(petition, request.user, now)
        elif act == "renew":
            links.renew_link(petition, request.user, now, token=token)
        else:
            links.revoke_link(petition, request.user, now, token=token)
    except WrongStage as late:
        messages.warning(request, str(late))
    else:
        messages.success(request, DONE[act])
    return redirect("petitions:receipt", number)


@login_not_required
@require_safe
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How a petition gets on, for whoever holds its link; one that was revoked is as if it had never been."""
    held = ProgressLink.objects.filter(token=token, revoked_at=None)
    link = held.select_related(
        "petition__standard", "petition__lead", "petition__master__lead", "petition__master__standard"
    ).first()
    name, context = "gone", {}
    if link:
        name, context = "public", {"progress": PublicProgress(link.petition, timezone.now()), "token": token}
    fragment = "_" if request.htmx else ""
    # Without the reader's session: it is the same page for everybody.
    drawn = render_to_string(f"petitions/{fragment}{name}.html", context | {"request": request})
    return HttpResponse(drawn, status=200 if link else 404, headers=HEADERS)
