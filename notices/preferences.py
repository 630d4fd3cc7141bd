"""The pages where people choose how they are told."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notices import choices, preview
from notices.channels import WAYS
from notices.forms import AddressForm, PreferenceForm, PreviewForm, ProofForm
from notices.models import Address

require_page = require_http_methods(["GET", "HEAD", "POST"])


@require_page
def preferences(request: HttpRequest) -> HttpResponse:
    """The channels of this person, what goes where, and when nothing may disturb."""
    addresses = list(Address.objects.of(request.user))
    form = PreferenceForm(
        request.POST if request.method == "POST" else None,
        owner=request.user, addresses=[one for one in addresses if one.confirmed_at],
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        choices.keep_preferences(request.user, form.wishes, form.chosen)
        messages.success(request, _("通知设置已保存。"))
        return redirect("notices:preferences")
    context = {"form": form, "addresses": addresses, "most": choices.MOST_ADDRESSES}
    return render(request, "notices/preferences.html", context, status=422 if form.is_bound else 200)


@require_page
def new_address(request: HttpRequest) -> HttpResponse:
    """Enter a robot, a phone or another address; a test message goes there at once."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            said = form.cleaned_data
            choices.add_address(request.user, said["way"], said["label"], form.entry, timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("测试消息已交发送，通常十秒内到达。请填入其中的六位验证码。"))
            return redirect("notices:preferences")
    context = {"form": form, "sign": settings.NOTICE_SIGN}
    return render(request, "notices/new_address.html", context, status=422 if form.is_bound else 200)


@require_POST
def test_address(request: HttpRequest, code: UUID) -> HttpResponse:
    """Send a test message there."""
    try:
        choices.test_address(own(request, code), timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("测试消息已交发送，通常十秒内到达。"))
    return redirect("notices:preferences")


@require_POST
def confirm_address(request: HttpRequest, code: UUID) -> HttpResponse:
    """The code of the test message: from now on the address is used."""
    form = ProofForm(request.POST)
    address = own(request, code)
    if form.is_valid() and choices.confirm_address(address, form.cleaned_data["proof"], timezone.now()):
        messages.success(request, _("渠道已启用，请在下面选择发送哪些通知。"))
    else:
        messages.error(request, _("验证码不正确，请核对；多次不正确时请重新发送测试消息。"))
    return redirect("notices:preferences")


@require_POST
def remove_address(request: HttpRequest, code: UUID) -> HttpResponse:
    """Nothing goes there any more, and the address is forgotten."""
    own(request, code).delete()
    messages.success(request, _("渠道已删除。"))
    return redirect("notices:preferences")


@require_GET
def show_preview(request: HttpRequest) -> HttpResponse:
    """The very text that would be sent: `?kind=…`, `?form=digest` for that of a digest."""
    form = PreviewForm(request.GET if "kind" in request.GET else None)
    sights = []
    if form.is_bound and form.is_valid():
        show = preview.digest if form.cleaned_data["form"] == "digest" else preview.one
        found = show(request.user, form.cleaned_data["kind"], timezone.now())
        sights = [(WAYS[sight.way], sight) for sight in found]
    return render(request, "notices/preview.html", {"form": form, "sights": sights})


def own(request: HttpRequest, code: UUID) -> Address:
    """This person's address of that code; anybody else's is not found."""
    return get_object_or_404(Address.objects.of(request.user), code=code)
