"""Where every address leads."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

APPS = ("assessment", "petitions", "visits", "notices", "directory")
urlpatterns = [
    *(
        path("", include(f"{app}.urls"))
        for app in ("assessment", "petitions", "visits", "notices")
        if find_spec(f"{app}.urls")
    ),
    path("", include("directory.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
