"""What operators see of the channels, and how they have one tried again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from directory.backends import administers
from notices import choices
from notices.channels import WAYS
from notices.models import Address, Channel, Delivery

MOST_SHOWN = 100


@dataclass
class Line:
    """One channel: what waits, and how it has fared."""

    name: str
    label: str
    health: Channel
    due: int = 0  # could go now
    again: int = 0  # has failed, waits for another try
    later: int = 0  # waits for the end of quiet hours or for a digest
    oldest: datetime | None = None  # of what could go or has failed


@require_GET
def operations(request: HttpRequest) -> HttpResponse:
    """Every channel that was ever used, and the addresses that fail; for system administrators."""
    only_administrators(request)
    now = timezone.now()
    failing = Address.objects.failing().select_related("owner")
    failing = failing.annotate(waiting=Count("deliveries", filter=Q(deliveries__sent_at=None)))[:MOST_SHOWN]
    return render(request, "notices/operations.html", {"lines": lines(now), "failing": failing, "now": now})


def lines(now: datetime) -> list[Line]:
    found = {one.name: Line(one.name, label(one.name), one) for one in Channel.objects.all()}
    stuck = Q(next_try_at__lte=now) | Q(attempts__gt=0)
    waiting = Delivery.objects.unsent().values("channel").order_by("channel").annotate(
        due=Count("id", filter=Q(next_try_at__lte=now)),
        again=Count("id", filter=Q(next_try_at__gt=now, attempts__gt=0)),
        later=Count("id", filter=Q(next_try_at__gt=now, attempts=0)),
        oldest=Min("notice__created_at", filter=stuck),
    )  # fmt: skip
    for row in waiting:
        name = row.pop("channel")
        line = found.setdefault(name, Line(name, label(name), Channel(name=name)))
        for figure, value in row.items():
            setattr(line, figure, value)
    return sorted(found.values(), key=lambda line: (not line.health.failures, line.name))


def label(name: str) -> str:
    """What a channel is called: its way, and the host where it has several."""
    way, _space, host = name.partition(" ")
    return f"{WAYS.get(way, way)} {host}".strip()


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try a channel (`channel`) or an address (`address`) again now."""
    only_administrators(request)
    now = timezone.now()
    if name := request.POST.get("channel", ""):
        choices.try_channel_again(name.replace("\0", ""), now)
    else:
        choices.try_address_again(get_object_or_404(Address, code=code_of(request.POST.get("address", ""))), now)
    messages.success(request, _("将在十秒内重试。"))
    return redirect("notices:operations")


def code_of(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as wrong:
        raise Http404 from wrong


def only_administrators(request: HttpRequest) -> None:
    """To everybody else there is no such page."""
    if not administers(request.user):
        raise Http404
