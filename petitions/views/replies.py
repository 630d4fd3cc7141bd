"""Where a unit's head keeps the unit's own standard replies."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.models import Unit
from directory.queries import ValidQuerySet
from petitions.forms.replies import KeepReplyForm
from petitions.models import StandardReply
from petitions.operations.replies import end_reply, headed, keep_reply


@require_http_methods(["GET", "HEAD", "POST"])
def standard_replies(request: HttpRequest) -> HttpResponse:
    """The list, and below it one of them to be changed (`?step=&title=`) or a new one."""
    now = timezone.now()
    units = headed(request.user, now)
    if not units:
        raise PermissionDenied(_("只有单位负责人可以维护本单位的标准答复。"))
    rows = kept_by(units, now)
    row = named_in(request, rows)
    form = KeepReplyForm(request.POST or None, units=units, now=now, row=row)
    if row and "end" in request.POST:
        end_reply(row, request.user, now)
        messages.success(request, _("“%(title)s”已停用。") % {"title": row.title})
        return redirect("petitions:standard_replies")
    if request.method == "POST" and form.is_valid():
        kept = keep_reply(by=request.user, now=now, row=row, **form.cleaned_data)
        messages.success(request, _("“%(title)s”已保存。") % {"title": kept.title})
        return redirect("petitions:standard_replies")
    context = {"rows": rows, "form": form, "row": row}
    return render(request, "petitions/standard_replies.html", context, status=422 if form.is_bound else 200)


def kept_by(units: list[Unit], now: datetime) -> ValidQuerySet:
    rows = StandardReply.objects.valid_on(localdate(now)).filter(unit__in=units)
    return rows.select_related("unit", "category").order_by("step", "title", "id")


def named_in(request: HttpRequest, rows: ValidQuerySet) -> StandardReply | None:
    """The one named in the address."""
    said = {name: request.GET.get(name, "").replace("\0", "")[:60] for name in ("step", "title")}
    return rows.filter(**said).first() if all(said.values()) else None
