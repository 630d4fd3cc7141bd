"""More time, with leave: suspended, extended, parked. One person asks, another grants."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import User
from directory.parties import LEADER
from petitions import clocks
from petitions.models import Milestone, Petition
from petitions.operations.taking import GRANTED, REFUSED, Done, decide, propose, step
from workdays.limits import WORKING_DAYS, Limit
from workdays.queries import current_calendar

LONGEST_PARKING = timedelta(days=183)  # then the conference decides again
Plan = list[tuple[date, str]]


def until(now: datetime, day: date) -> Limit:
    """The working days from now to the end of that day, as a limit; 0 of them is none."""
    days = current_calendar().working_days_between(localdate(now), day)
    if days < 1:
        raise ValueError(_("请选择今天之后的工作日。"))
    return Limit(days, WORKING_DAYS)


# --- Suspended ------------------------------------------------------------------------------------------------------


@step
def ask_suspend(petition: Petition, by: User, now: datetime, *, reason: str, until_on: date, note: str) -> Done:
    check_suspension(petition, now, until_on)
    propose(petition, "suspend", by, now, reason=reason, until_on=until_on.isoformat(), note=note)
    return Done(note=note, facts={"suspended_for": reason, "until_on": until_on.isoformat()})


def check_suspension(petition: Petition, now: datetime, until_on: date) -> Limit:
    most = petition.standard.limit("suspension")
    try:
        asked = until(now, until_on)
    except ValueError as wrong:
        raise ValidationError({"until_on": str(wrong)}) from wrong
    if most and current_calendar().due(now, most).at < current_calendar().due(now, asked).at:
        raise ValidationError({"until_on": _("每次挂起最长 %(days)d 个工作日。") % {"days": most.n}})
    return asked


@step
def suspend(petition: Petition, by: User, now: datetime) -> Done:
    """The unit's clocks stand still; the enterprise is told, sees its own clock run on, and may object."""
    asked = decide(petition, by, now, GRANTED).facts
    until_on = workable(now, date.fromisoformat(asked["until_on"]))
    petition.suspend_count += 1
    petition.was_protested = False
    turn = clocks.Turn(limits={"suspension": until(now, until_on)})
    return Done(
        note=asked["note"], facts={"suspended_for": asked["reason"], "until_on": until_on.isoformat()}, turn=turn
    )


def next_working_day(now: datetime) -> date:
    return current_calendar().add_working_days(localdate(now), 1)


def workable(now: datetime, day: date) -> date:
    """That day; the first working day after it or after today, where it is a day off or has passed."""
    return max(current_calendar().add_working_days(day, 0), next_working_day(now))


@step
def refuse_suspend(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    decide(petition, by, now, REFUSED)
    return Done(note=note)


@step
def resume(petition: Petition, by: User | None, now: datetime, *, note: str = "") -> Done:
    """Taken up again, by hand or when the time has run out: what was left of each clock runs on."""
    return Done(note=note)


# --- Extended -------------------------------------------------------------------------------------------------------


@step
def ask_extend(petition: Petition, by: User, now: datetime, *, clock: str, days: int, note: str) -> Done:
    if clock not in {one.clock for one in petition.extendable(now)}:
        raise ValidationError({"clock": _("该时限现在不能延期。")})
    most = petition.standard.limit("extend")
    if days > most.n:
        raise ValidationError({"days": _("每次最多延期 %(days)d 个工作日。") % {"days": most.n}})
    propose(petition, "extend", by, now, clock=clock, days=days, note=note)
    return Done(note=note, facts={"clock": clock, "days": days})


@step
def extend(petition: Petition, by: User, now: datetime) -> Done:
    """Granted as it was asked for: from the day it was due; the enterprise is told why."""
    asked = decide(petition, by, now, GRANTED).facts
    row = petition.deadlines.running().filter(clock=asked["clock"]).first()
    if row is None:
        raise ValidationError(_("该时限已完成或终止，不再需要延期。"))
    said = clocks.extend(row, Limit(asked["days"], WORKING_DAYS), now)
    return Done(note=asked["note"], facts={"clock": asked["clock"], "days": asked["days"]}, moved=[said])


@step
def refuse_extend(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    decide(petition, by, now, REFUSED)
    return Done(note=note)


# --- Parked ---------------------------------------------------------------------------------------------------------


@step
def ask_park(petition: Petition, by: User, now: datetime, *, note: str, responsible: User, milestones: Plan) -> Done:
    """note: the plan; milestones: (day, goal), none further than allowed after the one before it, the last of them the
    reply itself."""
    check_plan(petition, now, milestones)
    plan = [[day.isoformat(), goal] for day, goal in milestones]
    said = {"responsible": responsible.name, "milestones": plan}
    propose(petition, "park", by, now, note=note, username=responsible.username, **said)
    return Done(note=note, facts=said)


def check_plan(petition: Petition, now: datetime, milestones: Plan) -> None:
    calendar, most = current_calendar(), petition.standard.limit("milestone")
    before = localdate(now)
    if not milestones:
        raise ValidationError({"milestones": _("请至少填写一个里程碑。")})
    for day, _goal in milestones:
        said = {"day": date_format(day, "Y-m-d"), "days": most.n if most else 0}
        if day <= before:
            raise ValidationError({"milestones": _("%(day)s：里程碑须从明天起按日期先后排列。") % said})
        if calendar.add_working_days(day, 0) != day:
            raise ValidationError({"milestones": _("%(day)s 不是工作日，请另选一天。") % said})
        if most and day > calendar.add_working_days(before, most.n):
            raise ValidationError({"milestones": _("%(day)s 距上一个节点超过 %(days)d 个工作日。") % said})
        before = day
    if before > localdate(now) + LONGEST_PARKING:
        raise ValidationError({"milestones": _("挂账最长 6 个月，到期须重新报联席会议。")})


@step
def park(petition: Petition, by: User, now: datetime) -> Done:
    """Granted in conference: the plan is the feedback, the close clock ends, each milestone has a clock of its own."""
    asked = decide(petition, by, now, GRANTED).facts
    plan = [(date.fromisoformat(day), goal) for day, goal in asked["milestones"]]
    if plan[-1][0] <= localdate(now):
        raise ValidationError(_("计划的日期都已经过去，请牵头单位重新提出计划。"))
    plan = moved_on(plan, now)
    petition.responsible = responsible_leader(asked["username"], now)
    petition.milestones.filter(done_at=None, replaced_at=None).update(replaced_at=now)
    Milestone.objects.bulk_create(Milestone(petition=petition, due_on=day, goal=goal) for day, goal in plan)
    petition.answered_at = petition.answered_at or now
    petition.promised_on = plan[-1][0]
    turn = clocks.Turn(limits={"milestone": until(now, plan[0][0])}, restart=frozenset({"milestone"}))
    said = [[day.isoformat(), goal] for day, goal in plan]
    facts = {"responsible": petition.responsible.name, "milestones": said, "goal": plan[0][1], "due_on": said[0][0]}
    return Done(note=asked["note"], facts=facts, turn=turn)


def moved_on(plan: Plan, now: datetime) -> Plan:
    """The plan as it can still be kept: what has passed meanwhile is due on the coming working days, one after the
    other, and what is ahead stays where it is as long as it comes later than that."""
    calendar, kept, before = current_calendar(), [], localdate(now)
    for day, goal in plan:
        before = max(calendar.add_working_days(day, 0), calendar.add_working_days(before, 1))
        kept.append((before, goal))
    return kept


def responsible_leader(username: str, now: datetime) -> User:
    """The leader named in the plan, if that is still one."""
    leader = LEADER.people_at(None, localdate(now)).filter(username=username).first()
    if leader is None:
        raise ValidationError(_("计划中的责任领导已不在岗，请牵头单位重新提出计划。"))
    return leader


@step
def refuse_park(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    decide(petition, by, now, REFUSED)
    return Done(note=note)


@step
def achieve(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    """One milestone is reached and reported; the next one's clock begins. The last is reached by the reply."""
    here, ahead = petition.milestones.filter(done_at=None, replaced_at=None)[:2]
    here.done_at, here.report = now, note
    here.save()
    due_on = workable(now, ahead.due_on)
    facts = {"milestone": here.goal, "goal": ahead.goal, "due_on": due_on.isoformat()}
    return Done(note=note, facts=facts, turn=clocks.Turn(limits={"milestone": until(now, due_on)}))


def last_achieved(petition: Petition, now: datetime) -> None:
    """The reply reaches the last milestone of a parked petition; those before it are no longer waited for."""
    ahead = list(petition.milestones.filter(done_at=None, replaced_at=None))
    if ahead:
        *passed, last = ahead
        Milestone.objects.filter(pk__in=[one.pk for one in passed]).update(replaced_at=now)
        Milestone.objects.filter(pk=last.pk).update(done_at=now)


LEAVE_STEPS = (
    ask_suspend, suspend, refuse_suspend, resume, ask_extend, extend, refuse_extend, ask_park, park, refuse_park,
    achieve,
)  # fmt: skip
