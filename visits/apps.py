from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from notices.kinds import KINDS, Group, Kind


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("走访")

    def ready(self) -> None:
        KINDS["visited"] = Kind(_("走访记录"), Group.PROGRESS)
