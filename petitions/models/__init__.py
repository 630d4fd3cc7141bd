"""A petition with its clocks, its events, and what units and enterprise said."""

from petitions.models.answers import Approval, Attachment, CoOrganisation, Evaluation, Reply
from petitions.models.catalogue import Category, ServiceStandard
from petitions.models.clock import Alert, Deadline
from petitions.models.log import Event
from petitions.models.petition import Petition

__all__ = [
    "Alert",
    "Approval",
    "Attachment",
    "Category",
    "CoOrganisation",
    "Deadline",
    "Evaluation",
    "Event",
    "Petition",
    "Reply",
    "ServiceStandard",
]
