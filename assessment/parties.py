"""Who may look at the figures: those who oversee the district see all of them, a head those of the own unit."""

from datetime import date
from typing import NamedTuple

from directory.parties import OVERSEERS, seats_of

HEAD = "head"


class Reach(NamedTuple):
    """Whose figures a person may see: everybody's, or those of these units; neither: no board exists for them."""

    everywhere: bool
    units: frozenset[int]

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.units)


def reach_of(user, day: date) -> Reach:
    everywhere = any(party.anchors(user, day) for party in OVERSEERS)
    return Reach(everywhere, seats_of(user, day).units_as((HEAD,)))
