"""The petitions that take years: parked by a joint conference, with milestones no further apart than allowed, each
reported when it is reached, and every half year a new plan."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from assessment.demonstration.course import MINUTE, Course
from assessment.demonstration.loading import Loader
from assessment.demonstration.story import Later
from directory.models import Unit, User
from directory.numbers import new_number
from petitions.clocks import Turn
from petitions.models import AgendaItem, Approval, Conference, Milestone
from petitions.operations.leave import LONGEST_PARKING, until
from workdays.calendar import Calendar

WEDNESDAY = 2
PLANNED, LAST_BEFORE = 6, timedelta(days=16)  # milestones of a plan; a new plan is asked for so long before the last
LATE = 0.04  # of the milestones are reached late
HELD, PUBLISHED = time(15), time(9, 30)
REMARKS = "逐件听取牵头单位汇报，各单位发表意见，形成议定事项。"


class Conferences:
    """The joint conference meets on Wednesdays over what was asked for; its minutes are out the next working day."""

    def __init__(self, loader: Loader, calendar: Calendar, seed: int) -> None:
        self.loader, self.calendar, self.rng = loader, calendar, Random(f"{seed}:conferences")
        self.held: dict[date, Conference] = {}
        self.numbers: set[str] = set()
        self.seated: set[tuple[int, int]] = set()

    def after(self, at: datetime) -> tuple[datetime, datetime]:
        """When the next one meets, and when its minutes are published."""
        day = at.date() + timedelta(days=(WEDNESDAY - at.date().weekday()) % 7 or 7)
        day = self.calendar.add_working_days(day - timedelta(days=1), 1)
        published = self.calendar.add_working_days(day, 1)
        return (datetime.combine(on, hour, self.calendar.zone) for on, hour in ((day, HELD), (published, PUBLISHED)))

    def seat(self, held: datetime, published: datetime, by: User, chair: User, units: list[Unit]) -> Conference:
        """The conference of that day, with these units at its table."""
        if held.date() not in self.held:
            self.held[held.date()] = self.loader.add(self.conference(held, published, by, chair))
        conference, seats = self.held[held.date()], Conference.units.through
        for unit in units:
            if (conference.pk, unit.pk) not in self.seated:
                self.seated.add((conference.pk, unit.pk))
                self.loader.add(seats(conference_id=conference.pk, unit_id=unit.pk))
        return conference

    def conference(self, held: datetime, published: datetime, by: User, chair: User) -> Conference:
        while (number := new_number(held.date(), "HY", self.rng.choice)) in self.numbers:
            pass
        self.numbers.add(number)
        convened = self.calendar.day_start(held.date()) - timedelta(hours=17)
        return Conference(
            number=number, key=UUID(int=self.rng.getrandbits(128), version=4), held_at=held, chair=chair.name,
            title=f"疑难诉求联席会议（{held:%Y-%m-%d}）", place="区企业服务中心 201 会议室", remarks=REMARKS,
            convened_by=by, convened_at=convened, published_by=by, published_at=published,
        )  # fmt: skip


class LongCourse(Course):
    """A hard matter: planned, parked with milestones, and reported on ever since."""

    def __init__(self, *told, conferences: Conferences, **words) -> None:
        super().__init__(*told, **words)
        self.conferences = conferences

    def run(self) -> bool:
        try:
            self.dispatch()
            self.accept()
            self.hear_helpers()
            self.plan(self.later(self.when("feedback", 0.3, 0.7), self.story.events[-1].at))
            self.park(self.story.events[-1].at)
            while True:
                self.report()
                last = self.calendar.day_start(self.ahead[-1].due_on - LAST_BEFORE)
                self.park(max(last, self.story.events[-1].at))
        except Later:
            pass
        return False

    def hear_helpers(self) -> None:
        at = self.petition.accepted_at
        for one in self.story.helpers:
            at = self.tidy(self.calendar.add_working_hours(at, timedelta(minutes=self.rng.randint(30, 200))))
            self.story.advise(at, one, self.worker(one.unit), self.texts.say(self.rng, "advice"))

    # --- The plan ---------------------------------------------------------------------------------------------------

    def park(self, since: datetime) -> None:
        """The unit's head asks, the conference decides, the minutes say so."""
        asked = self.tidy(self.calendar.add_working_hours(since, self.rng.randint(20, 150) * MINUTE))
        plan = self.goals(asked)
        approval = self.ask(self.story.reach("ask_park", asked), plan)
        held, published = self.conferences.after(asked)
        self.grant(self.story.reach("park", published), held, approval, plan)

    def goals(self, asked: datetime) -> list[tuple[date, str]]:
        """Days not further apart than the standard allows, all of them within half a year."""
        most, day, days = self.petition.standard.limit("milestone").n, asked.date(), []
        for _ in range(PLANNED):
            day = self.calendar.add_working_days(day, most - self.rng.randint(0, 2))
            if day <= asked.date() + LONGEST_PARKING:
                days.append(day)
        said = self.rng.sample(self.texts.phrases["goals"], len(days) - 1)
        return list(zip(days, [*said, "书面答复企业或报联席会议调整计划"], strict=True))

    def ask(self, at: datetime, plan: list[tuple[date, str]]) -> Approval:
        by = self.rng.choice(self.heads(self.petition.lead))
        leader, note = self.officer("leader"), self.texts.say(self.rng, "parked")
        days = [[day.isoformat(), goal] for day, goal in plan]
        facts = {"note": note, "responsible": leader.name, "username": leader.username, "milestones": days}
        approval = Approval(petition=self.petition, step="park", asked_by=by, asked_at=at, facts=facts)
        self.story.approvals.append(approval)
        self.story.conclude("ask_park", at, by, note, {"responsible": leader.name, "milestones": days})
        return approval

    def grant(self, at: datetime, held: datetime, approval: Approval, plan: list[tuple[date, str]]) -> None:
        story, petition, facts = self.story, self.petition, approval.facts
        by, leader = self.officer("supervision"), self.officer("leader")
        units = [petition.lead, *(one.unit for one in story.helpers)]
        conference = self.conferences.seat(held, at, by, leader, units)
        decision = self.texts.say(self.rng, "decided")
        item = AgendaItem(conference=conference, petition=petition, question=petition.title, decision=decision)
        item.verdict, item.owner, item.due_on = "approved", petition.lead, plan[-1][0]
        story.agenda.append(item)
        approval.decided_by, approval.decided_at, approval.outcome = by, at, Approval.Outcome.APPROVED
        petition.responsible, petition.promised_on = leader, plan[-1][0]
        for one in story.milestones:
            one.replaced_at = one.replaced_at or (None if one.done_at else at)
        self.ahead = [Milestone(petition=petition, due_on=day, goal=goal) for day, goal in plan]
        story.milestones += self.ahead
        turn = Turn(limits={"milestone": until(at, plan[0][0])}, restart=frozenset({"milestone"}))
        said = {"responsible": leader.name, "milestones": facts["milestones"], "goal": plan[0][1]}
        said |= {"due_on": plan[0][0].isoformat()}
        story.conclude("park", at, by, facts["note"], said, turn=turn)
        said = {"conference": conference.number, "owner": petition.lead.code, "due_on": plan[-1][0].isoformat()}
        story.conclude("resolve", at, by, decision, said)

    # --- The reports ------------------------------------------------------------------------------------------------

    def report(self) -> None:
        """Each milestone as it is reached; the last one waits for the new plan."""
        for here, ahead in zip(self.ahead, self.ahead[1:], strict=False):
            self.achieve(self.reached(), here, ahead)

    def reached(self) -> datetime:
        deadline = self.story.running("milestone")
        if self.rng.random() < LATE:
            return self.too_late(deadline)
        early = timedelta(minutes=self.rng.randint(30, 2400))
        at = self.tidy(self.calendar.subtract_working_hours(deadline.due_at, early))
        return self.later(at, self.story.events[-1].at)

    def achieve(self, at: datetime, here: Milestone, ahead: Milestone) -> None:
        story, note = self.story, self.texts.progress(self.rng, self.category.code)
        here.done_at, here.report = story.reach("achieve", at), note
        day = max(ahead.due_on, self.calendar.add_working_days(at.date(), 1))
        facts = {"milestone": here.goal, "goal": ahead.goal, "due_on": ahead.due_on.isoformat()}
        turn = Turn(limits={"milestone": until(at, day)})
        story.conclude("achieve", at, self.petition.handler, note, facts, turn=turn)
