"""Who stands where in a visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.parties import LEADER, OVERSEERS, SUPERVISION, Party


@dataclass(frozen=True)
class Person(Party):
    """Somebody named in the record itself: the path ends at a user, not at a unit or an enterprise."""

    def anchors(self, user, day: date) -> frozenset[int]:
        return frozenset({user.pk}) if user.is_authenticated and user.is_active else frozenset()

    def _held(self, anchors: Iterable[int] | None, day: date) -> Q:
        return Q(pk__in=anchors or ())


@dataclass(frozen=True)
class Companions(Person):
    """Several a visit, so asked by a subquery: a join would repeat the visit's row."""

    def rows(self, user, day: date) -> Q:
        companions = apps.get_model("visits", "Companion").objects
        return Q(pk__in=companions.filter(cadre__user__in=self.anchors(user, day)).values("visit"))


HOST = Person("host", _("走访干部"), "host__user")
COMPANION = Companions("companion", _("同行干部"), "companions__cadre__user")
REPRESENTATIVE = Party("representative", _("企业代表"), "enterprise", seat="representative")
CADRE = Party("cadre", _("挂点干部"), "enterprise", seat="cadre")
UNIT_HEAD = Party("unit head", _("派出单位负责人"), "unit", ("head",))

# The one rule for who may see a visit: of these parties, or it does not exist for you.
VIEWERS = (HOST, COMPANION, REPRESENTATIVE, CADRE, UNIT_HEAD, *OVERSEERS)
# Of those, who reads the risk signs.
RISK_READERS = (HOST, CADRE, SUPERVISION, LEADER)
