"""Who stands where in a petition: one path each, for rows, checks, buttons and recipients alike."""

from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.parties import AUDITOR, CALL_BACK, DESK, LEADER, SUPERVISION, Party


@dataclass(frozen=True, eq=False)
class CoOrganisers(Party):
    """Several a petition, so asked by a subquery: a join would repeat the petition's row."""

    def rows(self, user, day: date) -> Q:
        asked = apps.get_model("petitions", "CoOrganisation").objects
        return Q(pk__in=asked.filter(unit__in=self.anchors(user, day)).values("petition"))


REPRESENTATIVE = Party("representative", _("企业代表"), "enterprise", seat="representative")
CADRE = Party("cadre", _("挂点干部"), "enterprise", seat="cadre")
LEAD = Party("lead", _("牵头单位"), "lead", ("member", "head"))
LEAD_HEAD = Party("lead head", _("牵头单位负责人"), "lead", ("head",))
CO_ORGANISER = CoOrganisers("co-organiser", _("协办单位"), "co_organisations__unit", ("member", "head"))
SYSTEM = Party("system", _("系统"), "pk", ())  # nobody sits here; the loops act in its name

# The one rule for who may see a petition: of these parties, or it does not exist for you.
STAFF_VIEWERS = (CADRE, LEAD, CO_ORGANISER, DESK, CALL_BACK, SUPERVISION, LEADER, AUDITOR)
VIEWERS = (REPRESENTATIVE, *STAFF_VIEWERS)
