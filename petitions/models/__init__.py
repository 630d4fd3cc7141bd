"""A petition with its clocks, its events, and what units and enterprise said."""

from petitions.models.answers import Approval, Attachment, CoOrganisation, Evaluation, Reply
from petitions.models.catalogue import Category, ServiceStandard
from petitions.models.clock import Alert, Deadline
from petitions.models.log import Event
from petitions.models.petition import CLOCK_NAMES, Petition

__all__ = [
    "CLOCK_NAMES",
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
