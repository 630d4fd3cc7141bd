"""The link that shows a petition's progress without signing in: made, renewed and revoked by those who hold the
receipt. Every row stays: who made it, and who revoked it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import User
from directory.parties import DESK
from petitions.models import Petition, ProgressLink
from petitions.parties import CADRE, REPRESENTATIVE
from petitions.process import WrongStage

RECEIPT_HOLDERS = (REPRESENTATIVE, CADRE, DESK)  # who may print the receipt and hand on the link to its progress


@transaction.atomic
def make_link(petition: Petition, by: User, now: datetime) -> ProgressLink:
    """The petition's link: the one it has, else a new one."""
    hold(petition, by, now)
    return active_link(petition) or ProgressLink.objects.create(petition=petition, made_by=by, made_at=now)


@transaction.atomic
def renew_link(petition: Petition, by: User, now: datetime, *, token: str) -> ProgressLink:
    """Another one in place of the one with that token, which opens nothing from here on."""
    revoke_link(petition, by, now, token=token)
    return ProgressLink.objects.create(petition=petition, made_by=by, made_at=now)


@transaction.atomic
def revoke_link(petition: Petition, by: User, now: datetime, *, token: str) -> ProgressLink:
    """End that link. Raises WrongStage where another one is in force by now, or none."""
    hold(petition, by, now)
    link = active_link(petition)
    if link is None or link.token != token:
        raise WrongStage(_("该链接已被撤销或更换，请查看现在的回执。"))
    link.revoked_by, link.revoked_at = by, now
    link.save(update_fields=["revoked_by", "revoked_at"])
    return link


def hold(petition: Petition, by: User, now: datetime) -> None:
    """One at a time, and only those who hold the receipt."""
    if not any(party.includes(by, petition, localdate(now)) for party in RECEIPT_HOLDERS):
        raise PermissionDenied(_("回执供企业、其挂点干部和分拨台使用。"))
    Petition.objects.select_for_update().only("pk").get(pk=petition.pk)


def active_link(petition: Petition) -> ProgressLink | None:
    return petition.links.filter(revoked_at=None).first()
