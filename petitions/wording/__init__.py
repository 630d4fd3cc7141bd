"""What pages say about steps, stages, clocks and events, in the reader's language."""

from petitions.wording.actions import ACTIONS, FIRST, Action, DeclineReason, SuspendReason
from petitions.wording.events import (
    clock_lines,
    details,
    done,
    moment,
    proposal_lines,
    reason_words,
    solved_words,
    suspend_words,
)
from petitions.wording.promises import group_label, promise, state_of

__all__ = [
    "ACTIONS",
    "FIRST",
    "Action",
    "DeclineReason",
    "SuspendReason",
    "clock_lines",
    "details",
    "done",
    "group_label",
    "moment",
    "promise",
    "proposal_lines",
    "reason_words",
    "solved_words",
    "state_of",
    "suspend_words",
]  # fmt: skip
