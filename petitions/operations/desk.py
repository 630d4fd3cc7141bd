"""What the desk decides, and the panel after it: where a petition belongs, and whether it is one."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Unit, User
from petitions import clocks
from petitions.models import Category, CoOrganisation, Petition, ServiceStandard
from petitions.operations.taking import GRANTED, REFUSED, Done, decide, locked, propose, step
from petitions.process import ENDS


@step
def dispatch(
    petition: Petition, by: User, now: datetime, *, lead: Unit, category: Category, standard: str,
    co_organisers: Iterable[Unit] = (), note: str = "",
) -> Done:  # fmt: skip
    """Name one lead unit, its co-organisers, the category and the service standard."""
    petition.lead, petition.category = lead, category
    petition.dispatched_at = petition.handed_at = now
    petition.standard = ServiceStandard.objects.on(standard, localdate(now))
    helpers = [unit for unit in co_organisers if unit != lead]
    petition.co_organisations.filter(answered_at=None).delete()  # asked before it was merged, and split again
    ask(petition, helpers, "", now)
    facts = {"lead": lead.code, "category": category.code, "standard": standard}
    return Done(facts=facts | {"co_organisers": [unit.code for unit in helpers], "instruction": note})


def ask(petition: Petition, units: Iterable[Unit], question: str, now: datetime) -> None:
    """Ask these units, anew where they have answered before: the earlier answer stays in the event log."""
    for unit in units:
        CoOrganisation.objects.update_or_create(
            petition=petition, unit=unit,
            defaults={"question": question, "asked_at": now, "answer": "", "answered_at": None, "answered_by": None,
                      "waived_because": ""},
        )  # fmt: skip
    vars(petition).get("_prefetched_objects_cache", {}).pop("co_organisations", None)  # what was read before is stale


@step
def clarify(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """Ask the enterprise, once, for what is missing."""
    petition.was_clarified = True
    return Done(note=note)


@step
def propose_decline(petition: Petition, by: User, now: datetime, *, reason: str, guidance: str) -> Done:
    propose(petition, "decline", by, now, reason=reason, guidance=guidance)
    return Done(note=guidance, facts={"reason": reason})


@step
def decline(petition: Petition, by: User, now: datetime) -> Done:
    """The second person agrees: the enterprise hears the reason and where to go instead."""
    proposal = decide(petition, by, now, GRANTED)
    return Done(note=proposal.facts["guidance"], facts={"reason": proposal.facts["reason"]})


@step
def keep(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """The proposal to decline is turned down, or taken back: the petition waits for dispatch again."""
    decide(petition, by, now, REFUSED)
    return Done(note=note)


@step
def merge(petition: Petition, by: User, now: datetime, *, master: Petition, note: str) -> Done:
    """The same enterprise's same matter: it follows the other petition from here on."""
    master = locked(master, wait=False)  # two petitions merged into each other would wait for ever
    if master.pk == petition.pk or master.enterprise_id != petition.enterprise_id:
        raise ValidationError({"master": _("只能并入同一企业的另一件诉求。")})
    if master.stage in ENDS:
        raise ValidationError({"master": _("只能并入尚未办结的诉求。")})
    left, petition.master, petition.lead, petition.handler = petition.lead, master, None, None
    return Done(note=note, facts={"master": master.number}, left=left)


@step
def split(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """It was another matter after all: it waits for dispatch like a new one."""
    master, petition.master = petition.master, None
    return Done(note=note, facts={"master": master.number})


@step
def transfer(
    petition: Petition, by: User, now: datetime, *, transferred_to: str, receipt_number: str, note: str
) -> Done:
    """Handed to a body outside, which gave a receipt: this platform's clocks stop."""
    petition.transferred_to, petition.receipt_number = transferred_to, receipt_number
    return Done(note=note, facts={"transferred_to": transferred_to, "receipt_number": receipt_number})


@step
def reclassify(petition: Petition, by: User, now: datetime, *, category: Category, standard: str, note: str) -> Done:
    """Another category or service standard; clocks that run are computed anew."""
    old = {"category": petition.category and petition.category.code, "standard": petition.standard.code}
    row = ServiceStandard.objects.on(standard, localdate(now))
    if petition.category == category and petition.standard_id == row.pk:
        raise ValidationError({"standard": _("类别和服务标准都没有变化。")})
    petition.category, petition.standard = category, row
    moved = clocks.change_standard(petition, now)
    return Done(note=note, facts={"old": old, "category": category.code, "standard": standard}, moved=moved)


# --- A unit turned the ticket away ----------------------------------------------------------------------------------


@step
def redispatch(
    petition: Petition, by: User, now: datetime, *, lead: Unit, co_organisers: Iterable[Unit] = (), note: str
) -> Done:
    """Another unit takes it: its time to accept begins anew, feedback keeps its date."""
    if lead.pk == petition.lead_id:
        raise ValidationError({"lead": _("请选择另一个单位；如维持原单位，请驳回退单。")})
    return handed(petition, now, lead, co_organisers, note)


HANDED = frozenset({"accept", "answer"})  # the new unit accepts anew, and owes no answer to what the former was urged


def handed(petition: Petition, now: datetime, lead: Unit, co_organisers: Iterable[Unit], note: str) -> Done:
    left, petition.lead, petition.handler, petition.handed_at = petition.lead, lead, None, now
    CoOrganisation.objects.filter(petition=petition, unit=lead, answered_at=None).delete()
    helpers = [unit for unit in co_organisers if unit != lead]
    known = {one.unit_id for one in petition.co_organisations.all()}
    ask(petition, [unit for unit in helpers if unit.pk not in known], "", now)
    moved, turn = clocks.hand_over(petition, now), clocks.Turn(restart=HANDED)
    facts = {"lead": lead.code, "co_organisers": [unit.code for unit in helpers]}
    return Done(note=note, facts=facts, moved=moved, turn=turn, left=left)


@step
def uphold(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """The ticket stays with its unit; it may still ask the panel within a working day."""
    petition.handed_at = now
    return Done(note=note)


@step
def rule(petition: Petition, by: User, now: datetime, *, lead: Unit, note: str) -> Done:
    """The panel names the unit; nobody can turn the ticket away after that."""
    if lead.pk == petition.lead_id:
        petition.handed_at = now
        return Done(note=note, facts={"lead": lead.code})
    return handed(petition, now, lead, (), note)


DESK_STEPS = (
    dispatch, clarify, propose_decline, decline, keep, merge, split, transfer, reclassify, redispatch, uphold, rule,
)  # fmt: skip
