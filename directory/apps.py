from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("名录")
    default = True


class BackOfficeConfig(admin.AdminConfig):
    """Django's admin, as directory/site.py opens it."""

    default_site = "directory.site.BackOffice"
    default = False
