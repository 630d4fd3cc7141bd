"""The back office, for system staff only: Django's own admin behind our sign-in page and our posts."""

from collections.abc import Callable
from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from directory.backends import administers


class BackOffice(AdminSite):
    site_header = site_title = _("企业诉求直达 · 后台管理")
    index_title = _("名录、标准与日历")
    site_url = "/"

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """No address of the back office holds NUL, which no database takes."""
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def asked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if any("\0" in said for name in request.GET for said in (name, *request.GET.getlist(name))):
                raise BadRequest
            return page(request, *args, **kwargs)

        return asked

    def has_permission(self, request: HttpRequest) -> bool:
        return administers(request.user)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Nobody signs in here: strangers go to the one sign-in page, others have no business here."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("后台仅供系统管理员使用。"))
        target = request.GET.get("next", "/admin/")
        return redirect("/admin/") if request.user.is_authenticated else redirect_to_login(target)

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("directory:password")
