"""What every request must be, and what every answer carries."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from config.errors import refuse


class OnlyUtf8:
    """A request said to be in another encoding is refused, before anybody reads it wrongly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.content_params.get("charset", "utf-8").lower()
        return self.get_response(request) if said in ("utf-8", "utf8") else refuse(request, 415)


class PrivatePages:
    """What somebody sees by session or token is never kept by a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_somebody = request.user.is_authenticated or "Authorization" in request.headers
        if is_somebody and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response


class WholePageSignIn:
    """A fragment asked for after the session ended leads the whole page to the sign-in page, and back to itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        asked_by_htmx = request.headers.get("HX-Request") == "true"
        login = resolve_url(settings.LOGIN_URL)
        if asked_by_htmx and response.status_code == 302 and urlsplit(response["Location"]).path == login:
            return HttpResponse(headers={"HX-Redirect": redirect_to_login(page_of(request), login)["Location"]})
        return response


def page_of(request: HttpRequest) -> str:
    """The path of the page a fragment was asked for from; the home page where that cannot be read."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    except ValueError:
        return "/"
