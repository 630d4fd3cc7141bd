"""The pages of petitions. Each asks the right first: what a person may not know of does not exist for them."""

from petitions.views.filing import log_visit, new
from petitions.views.lists import petitions, queue
from petitions.views.one import attachment, petition, take_step

__all__ = ["attachment", "log_visit", "new", "petition", "petitions", "queue", "take_step"]
