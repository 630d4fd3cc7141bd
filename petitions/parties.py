"""Who stands where in a petition: one path each, for rows, checks, buttons and recipients alike."""

from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from directory.parties import AUDITOR, CALL_BACK, DESK, EVERYWHERE, LEADER, SUPERVISION, Party

LAST_CONTEST = 2  # the second time a unit turns a ticket away, the panel rules, and that is the end of it


@dataclass(frozen=True, eq=False)
class CoOrganisers(Party):
    """Several a petition, so asked by a subquery: a join would repeat the petition's row."""

    def rows(self, user, day: date) -> Q:
        asked = apps.get_model("petitions", "CoOrganisation").objects
        return Q(pk__in=asked.filter(unit__in=self.anchors(user, day)).values("petition"))


@dataclass(frozen=True, eq=False)
class Panel(Party):
    """Sits over the tickets turned away twice, and knows of no others."""

    def rows(self, user, day: date) -> Q:
        return super().rows(user, day) & Q(contest_count__gte=LAST_CONTEST)

    def includes(self, user, record: Model, day: date) -> bool:
        return getattr(record, "contest_count", 0) >= LAST_CONTEST and super().includes(user, record, day)


@dataclass(frozen=True, eq=False)
class AtConference(Party):
    """Units with something to do at a joint conference; by a subquery, for each may be there in several ways."""

    published: bool = False  # only those whose minutes are out

    def rows(self, user, day: date) -> Q:
        there = apps.get_model("petitions", "Conference").objects.filter(
            **{f"{self.path}__in": self.anchors(user, day)}
        )
        return Q(pk__in=(there.exclude(published_at=None) if self.published else there).values("pk"))


REPRESENTATIVE = Party("representative", _("企业代表"), "enterprise", seat="representative")
CADRE = Party("cadre", _("挂点干部"), "enterprise", seat="cadre")
LEAD = Party("lead", _("牵头单位"), "lead", ("member", "head"))
LEAD_HEAD = Party("lead head", _("牵头单位负责人"), "lead", ("head",))
CO_ORGANISER = CoOrganisers("co-organiser", _("协办单位"), "co_organisations__unit", ("member", "head"))
CO_HEAD = CoOrganisers("co-organiser head", _("协办单位负责人"), "co_organisations__unit", ("head",))
PANEL = Panel("panel", _("裁定小组"), EVERYWHERE, ("panel",))
SYSTEM = Party("system", _("系统"), "pk", ())  # nobody sits here; the loops act in its name

# The one rule for who may see a petition: of these parties, or it does not exist for you.
STAFF_VIEWERS = (CADRE, LEAD, CO_ORGANISER, DESK, CALL_BACK, SUPERVISION, LEADER, AUDITOR, PANEL)
VIEWERS = (REPRESENTATIVE, *STAFF_VIEWERS)

# The one rule for who may know of a joint conference; the enterprise learns its outcome on its petition.
STAFF = ("member", "head")
INVITED = AtConference("invited", _("参会单位"), "units", STAFF)
CONFERENCE_OVERSEERS = (SUPERVISION, LEADER, DESK, AUDITOR)
CONFERENCE_VIEWERS = (
    *CONFERENCE_OVERSEERS,
    INVITED,
    AtConference("lead on the agenda", _("议题牵头单位"), "agenda__petition__lead", STAFF),
    AtConference("co-organiser on the agenda", _("议题协办单位"), "agenda__petition__co_organisations__unit", STAFF),
    AtConference("owner", _("议定事项责任单位"), "agenda__owner", STAFF, published=True),
)
