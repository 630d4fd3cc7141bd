"""The pages of petitions. Each asks the right first: what a person may not know of does not exist for them."""

from petitions.views.bulk import bulk
from petitions.views.export import export
from petitions.views.filing import log_visit, new, register
from petitions.views.joint import arrange, call_off, conference, conferences, convene, minute, minutes, publish
from petitions.views.lists import petitions, queue, remove_filter, save_filter
from petitions.views.one import attachment, petition, take_step
from petitions.views.receipt import link, progress, receipt
from petitions.views.replies import standard_replies

__all__ = [
    "arrange",
    "attachment",
    "bulk",
    "call_off",
    "conference",
    "conferences",
    "convene",
    "export",
    "link",
    "log_visit",
    "minute",
    "minutes",
    "new",
    "petition",
    "petitions",
    "progress",
    "publish",
    "queue",
    "receipt",
    "register",
    "remove_filter",
    "save_filter",
    "standard_replies",
    "take_step",
]
