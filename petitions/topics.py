"""What the apps below must know of petitions: who may hear of a change, how stored values are worded in notices, and
which kinds of notices there are."""

import re
from datetime import datetime

from django.utils.timezone import localdate

from directory.models import Unit
from directory.parties import DESK, seats_of
from notices import kinds, live, wording
from petitions.kinds import KINDS
from petitions.models import Evaluation, Petition
from petitions.wording import DeclineReason, SuspendReason

NUMBER = re.compile(r"[A-Za-z0-9-]{1,24}")


def petition(user, number: str, now: datetime) -> bool:
    seen = Petition.objects.visible_to(user, now)
    return bool(NUMBER.fullmatch(number)) and seen.filter(number=number).exists()


def unit(user, code: str, now: datetime) -> bool:
    mine = seats_of(user, localdate(now)).units_as(("member", "head"))
    return bool(mine and NUMBER.fullmatch(code)) and Unit.objects.filter(code=code, pk__in=mine).exists()


def desk(user, name: str, now: datetime) -> bool:
    return bool(DESK.anchors(user, localdate(now)))


live.TOPICS.update(petition=petition, unit=unit, desk=desk)
wording.LABELS.update(
    conclusion=dict(Petition.Conclusion.choices),
    reason=dict(DeclineReason.choices),
    solved=dict(Evaluation.Solved.choices),
    suspended_for=dict(SuspendReason.choices),
)
kinds.KINDS.update(KINDS)
