"""Where every address leads."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("assessment.urls")),
    path("", include("petitions.urls")),
    path("", include("visits.urls")),
    path("", include("notices.urls")),
    path("", include("directory.urls")),
    path("api/v1/", include("config.api")),
    path("admin/", admin.site.urls),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
