"""Signing in and out, and what people choose about their own pages."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from directory.addresses import is_ours
from directory.forms import ChoiceForm, PreferencesForm, SignInForm

YEAR = 365 * 24 * 3600
# A cookie for each choice, so that the sign-in page shows it as well; the person's row keeps it for other machines.
CHOICES = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": "theme"}


class SignIn(LoginView):
    """The first page everybody meets."""

    template_name = "directory/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **context) -> dict:
        logins = ("assessment/_demonstration_logins.html", "components/_nothing.html")
        return super().get_context_data(demonstration=logins if settings.DEMONSTRATION else (), **context)

    def form_valid(self, form) -> HttpResponse:
        """A choice made on this machine before signing in stays; else the person's own is restored."""
        response = super().form_valid(form)
        missing = {name for name, cookie in CHOICES.items() if cookie not in self.request.COOKIES}
        remember(response, {name: getattr(form.get_user(), name) for name in missing})
        return response


class SignOut(LogoutView):
    """Leaves nothing of the person on a shared machine."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        for cookie in CHOICES.values():
            response.delete_cookie(cookie, samesite="Lax")
        return response


class ChangePassword(PasswordChangeView):
    template_name = "directory/password.html"
    success_url = reverse_lazy("directory:preferences")

    def form_valid(self, form) -> HttpResponse:
        messages.success(self.request, _("密码已修改。"))
        return super().form_valid(form)


def remember(response: HttpResponse, chosen: dict[str, str]) -> None:
    """Set the cookies of these choices."""
    for name, value in chosen.items():
        response.set_cookie(CHOICES[name], value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Change language or look with one click, and come back to the same page."""
    form = ChoiceForm(request.POST)
    response = redirect(back_to(request))
    if form.is_valid():
        chosen = {name: value for name, value in form.cleaned_data.items() if value}
        remember(response, chosen)
        if request.user.is_authenticated and chosen:
            for name, value in chosen.items():
                setattr(request.user, name, value)
            request.user.save(update_fields=chosen)
    return response


def back_to(request: HttpRequest) -> str:
    """The page the form names, if it is one of ours."""
    wanted = request.POST.get("next", "")
    return wanted if is_ours(request, wanted) else "/"


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, look, address for notices."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "directory/preferences.html", {"form": form}, status=422 if form.is_bound else 200)
    form.save()
    response = redirect("directory:preferences")
    remember(response, {name: form.cleaned_data[name] for name in CHOICES})
    with override(form.cleaned_data["language"]):
        messages.success(request, str(_("设置已保存。")))
    return response
