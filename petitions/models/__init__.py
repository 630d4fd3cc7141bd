"""A petition with its clocks, its events, what units and enterprise said, and what was planned."""

from petitions.models.answers import Approval, Attachment, CoOrganisation, Evaluation, Reply
from petitions.models.catalogue import Category, ServiceStandard, StandardReply
from petitions.models.clock import Adjustment, Alert, CalendarSeen, Deadline
from petitions.models.handy import ProgressLink, SavedFilter
from petitions.models.log import Event
from petitions.models.petition import CLOCK_NAMES, Petition
from petitions.models.plans import AgendaItem, Conference, Milestone

__all__ = [
    "CLOCK_NAMES",
    "Adjustment",
    "AgendaItem",
    "Alert",
    "Approval",
    "Attachment",
    "CalendarSeen",
    "Category",
    "CoOrganisation",
    "Conference",
    "Deadline",
    "Evaluation",
    "Event",
    "Milestone",
    "Petition",
    "ProgressLink",
    "Reply",
    "SavedFilter",
    "ServiceStandard",
    "StandardReply",
]
