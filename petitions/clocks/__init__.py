"""The clocks of `process.CLOCKS` as rows: begun, met, paused, moved, ended, and when each has something to tell.

What a step did to each clock comes back as a line of its event: {"clock", "did", "due", "old", "unit"}.
"""

from petitions.clocks.beginning import DAY, Turn, ask_units, share_until, started, starting
from petitions.clocks.moving import change_standard, extend, hand_over, recompute, replayed
from petitions.clocks.telling import Level, line_of, next_event_at, reached
from petitions.clocks.turning import LEVELS, advance, meet, most_urgent, turned

__all__ = [
    "DAY",
    "LEVELS",
    "Level",
    "Turn",
    "advance",
    "ask_units",
    "change_standard",
    "extend",
    "hand_over",
    "line_of",
    "meet",
    "most_urgent",
    "next_event_at",
    "reached",
    "recompute",
    "replayed",
    "share_until",
    "started",
    "starting",
    "turned",
]
