from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from notices import wording
from petitions.process import CLOCKS


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = _("诉求")

    def ready(self) -> None:
        wording.LABELS["clock"] = {name: clock.label for name, clock in CLOCKS.items()}
        import_module("petitions.topics")
