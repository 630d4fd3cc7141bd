"""After the answer: rated, closed, taken up again."""

from datetime import datetime

from django.utils.timezone import localdate

from directory.models import User
from directory.parties import CALL_BACK
from petitions.models import Evaluation, Petition
from petitions.operations.taking import Done, step
from petitions.parties import REPRESENTATIVE
from petitions.process import CLOSED, REWORK


@step
def evaluate(
    petition: Petition, by: User, now: datetime, *, solved: str, contacted: bool, satisfaction: int, comment: str = ""
) -> Done:
    """Unsolved or dissatisfied goes back to the unit at once, the first time; later the call-back officer decides."""
    by_call_back = not REPRESENTATIVE.includes(by, petition, localdate(now))
    rating = Evaluation.objects.create(
        petition=petition, cycle=petition.rework_count, solved=solved, contacted=contacted, satisfaction=satisfaction,
        comment=comment, by=by, by_call_back=by_call_back, at=now,
    )  # fmt: skip
    facts = {"solved": solved, "contacted": contacted, "satisfaction": satisfaction, "by_call_back": by_call_back}
    content = not rating.is_dissatisfied
    if content or petition.rework_count:
        petition.closed_at = now
        return Done(note=comment, facts=facts, to=CLOSED, also_tells={} if content else {"dissatisfied": (CALL_BACK,)})
    petition.rework_count += 1
    return Done(note=comment, facts=facts, to=REWORK)


@step
def lapse(petition: Petition, by: None, now: datetime) -> Done:
    """Nobody rated in time: closed as not evaluated, never as satisfied."""
    petition.closed_at = now
    return Done()


@step
def reopen(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    petition.rework_count += 1
    petition.closed_at = None
    return Done(note=note)


ENDING_STEPS = (evaluate, lapse, reopen)
