"""Where every address leads."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

# TEMPORARY while the apps are being written at the same time: an app without addresses yet is passed over.
APPS = [app for app in ("assessment", "petitions", "visits", "notices", "directory") if find_spec(f"{app}.urls")]
urlpatterns = [
    *(path("", include(f"{app}.urls")) for app in APPS),
    path("admin/", admin.site.urls),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
