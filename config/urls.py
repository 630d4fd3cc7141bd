"""Every door of the house."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

# TEMPORARY while the apps are being written at the same time
urlpatterns = [path("admin/", admin.site.urls)]
for app in ("directory", "notices", "petitions", "visits", "assessment"):
    if find_spec(f"{app}.urls"):
        urlpatterns.append(path("", include(f"{app}.urls")))
