"""How the tests tell of a joint conference."""

from datetime import datetime
from uuid import uuid4

from directory.models import Unit, User
from petitions import operations
from petitions.models import Conference, Petition

HELD = {"title": "排涝专题联席会议", "chair": "罗区长", "place": "区政府 301"}


def convened(by: User, now: datetime, *petitions: Petition, held_at: datetime | None = None, units=(), **words):
    invited = Unit.objects.filter(code__in=units)
    words = HELD | {"held_at": held_at or now, "key": uuid4()} | words
    return operations.convene(by=by, now=now, petitions=petitions, units=invited, **words)


def decided(conference: Conference, by: User, now: datetime, **said) -> Conference:
    """The same written down of each petition on the agenda."""
    said = {"decision": "由区水务局牵头推进。"} | said
    numbers = conference.agenda.values_list("petition__number", flat=True)
    return operations.minute(conference, by, now, items=dict.fromkeys(numbers, said), remarks="各单位无异议。")
