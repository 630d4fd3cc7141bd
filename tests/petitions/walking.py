"""Random people taking random steps on two petitions of one enterprise under a moving clock; after each, everything
that must always hold is checked. What clocks must run is worked out here from the events alone, by tables of its own.
"""

import itertools
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from directory.models import Unit
from directory.parties import people_of
from notices.models import Notice
from petitions import operations
from petitions.models import Alert, Category, Deadline, Petition
from petitions.process import ENDS, STEPS, Stage, WrongStage, open_steps
from petitions.recomputing import recompute_clocks
from petitions.sweep import sweep
from tests.cast import at, fresh_calendar
from tests.petitions.stories import filed
from workdays.models import DayException
from workdays.queries import current_calendar

SELDOM = {  # how likely these are beside the others: they end, undo or only accompany the way
    "withdraw": 0.02, "correct": 0.1, "urge": 0.1, "transfer": 0.03, "merge": 0.05, "supervise": 0.1, "reassign": 0.2,
    "reclassify": 0.2, "resolve": 0.05, "propose_decline": 0.1, "keep": 0.3, "clarify": 0.2, "ask_extend": 0.4,
    "ask_suspend": 0.6, "interim": 0.6, "refuse_suspend": 0.2, "refuse_extend": 0.2, "refuse_park": 0.1,
}  # fmt: skip
START = at("2026-06-08", "09:30")
REPORT = 100  # walks, in the long run
PAUSES = (0, 1, 10, 60, 240)  # between the steps of one round
MOST_STORMS = 2  # days closed in one walk
LEAPS = (0, 1, 45, 180, 600, 1440, 2880, 4320, 11520)  # minutes

# The clocks that may be there in each stage, and those that stand still then.
MAY_RUN = {
    "filed": {"dispatch"},
    "incomplete": {"supplement", "dispatch"},
    "dispatched": {"accept", "feedback", "close", "answer"},
    "contested": {"accept", "feedback", "close", "ruling", "panel_ruling", "answer"},
    "accepted": {"feedback", "close", "answer"},
    "suspended": {"feedback", "close", "suspension", "answer"},
    "signing": {"feedback", "close", "sign", "milestone", "answer"},
    "replied": {"evaluate"},
    "rework": {"feedback", "close", "answer"},
    "parked": {"milestone", "answer"},
}
STANDING = {"incomplete": {"dispatch"}, "suspended": {"feedback", "close", "co_organise"}}
MEETS = {
    "dispatch": {"dispatch"}, "supplement": {"supplement"}, "accept": {"accept"}, "redispatch": {"ruling"},
    "uphold": {"ruling"}, "rule": {"panel_ruling"}, "interim": {"feedback", "answer"},
    "reply": {"feedback", "close", "milestone", "answer"}, "sign": {"feedback", "close", "milestone", "answer", "sign"},
    "send_back": {"sign"}, "park": {"feedback"}, "achieve": {"milestone"}, "respond": {"answer"},
    "resume": {"suspension"}, "evaluate": {"evaluate"},
}  # fmt: skip
BEGINS = {
    "file": {"dispatch"}, "object": {"dispatch"}, "split": {"dispatch"}, "clarify": {"supplement"},
    "dispatch": {"accept", "feedback", "close"}, "contest": {"ruling"}, "appeal": {"panel_ruling"},
    "redispatch": {"accept"}, "submit": {"sign"}, "reply": {"evaluate"}, "sign": {"evaluate"},
    "reopen": {"feedback", "close"}, "suspend": {"suspension"}, "park": {"milestone"}, "achieve": {"milestone"},
    "urge": {"answer"}, "supervise": {"answer"},
}  # fmt: skip
CO_ORGANISED = {"accepted", "rework", "parked", "suspended"}


def clocks_after(events: list) -> set[str]:
    """The clocks that must run after these events, all but the co-organisers'."""
    running: set[str] = set()
    standard, again = "P2", False  # X1 knows no close clock, but for reworks
    lead = ""
    for event in events:
        standard = event.facts.get("standard", standard) if event.step in ("dispatch", "reclassify") else standard
        running -= MEETS.get(event.step, set())
        if event.facts.get("lead", lead) != lead:  # what the former unit was urged to answer is not the new one's
            lead, running = event.facts["lead"], running - {"answer"}
        begun = BEGINS.get(event.step, set())
        again = again or event.stage_to == "rework"
        if event.step == "reclassify" and standard == "X1" and not again:
            running = running - {"close"}
        elif event.step == "reclassify" and event.stage_to != "signing":
            begun = {"close"}
        if event.step == "evaluate" and event.stage_to == "rework":
            begun = {"feedback", "close"}
        if event.step == "dispatch" and standard == "X1":
            begun = begun - {"close"}
        running = (running | begun) & MAY_RUN.get(event.stage_to, set())
    return running


class Walk(RuleBasedStateMachine):
    """One random walk. `people` by user name and `lantern` are set on a subclass by the test that runs it."""

    people: dict
    lantern = None
    walks = 0  # begun so far, of all
    taken: Counter[str] = Counter()  # steps, of all

    @initialize(channel=st.sampled_from(["lan", "lan", "chen", "mei"]))
    def begin(self, channel: str) -> None:
        type(self).walks += 1
        if self.walks % REPORT == 0:
            print(f"{self.walks} walks, {self.taken.total()} steps", flush=True)
        self.now, self.undone = START, transaction.atomic()
        self.undone.__enter__()
        words = {"chen": {"consent": "当面同意"}, "mei": {"channel": "letter", "outside_number": "L-1"}}
        filers = {"lan": filed, "chen": filed, "mei": filed}
        first = filers[channel](self.people[channel], self.lantern, self.now, **words.get(channel, {}))
        second = filed(self.people["lan"], self.lantern, self.now, title="另一件")
        self.waits_for_conference, self.storms, self.seen = False, 0, {}
        self.petitions, self.turn = {one.pk: one.filed_at for one in (first, second)}, 0

    def teardown(self) -> None:
        if hasattr(self, "undone"):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)
            fresh_calendar()

    @precondition(lambda self: hasattr(self, "petitions"))
    @rule(minutes=st.sampled_from(LEAPS))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: hasattr(self, "petitions"))
    @rule()
    def the_sweep_comes_by(self) -> None:
        sweep(self.now)

    @precondition(lambda self: hasattr(self, "petitions"))
    @rule(days=st.integers(1, 4))
    def a_typhoon_closes_the_district(self, days: int) -> None:
        """Open clocks only ever move later."""
        if self.storms == MOST_STORMS:
            return
        self.storms += 1
        day = current_calendar().add_working_days(localdate(self.now), days)
        DayException.objects.get_or_create(
            date=day, source="closure", defaults={"reason": "台风", "authority": "市三防办"}
        )
        before = self.running()
        self.taken["dates moved by a closure"] += recompute_clocks(self.now)
        after = self.running()
        assert before.keys() == after.keys()
        assert all(after[pk] >= due for pk, due in before.items())

    def running(self) -> dict[int, datetime]:
        rows = Deadline.objects.running().filter(petition__in=self.petitions)
        return dict(rows.values_list("pk", "due_at"))

    @precondition(lambda self: hasattr(self, "petitions"))
    @rule(dice=st.integers(0, 2**32))
    def some_do_something(self, dice: int) -> None:
        """A few people, one after the other."""
        self.turn += 1
        rng = Random(f"{dice} {self.turn}")
        for _ in range(rng.randint(1, 6)):
            self.somebody_does_something(rng)
            self.everything_is_whole()
            self.now += timedelta(minutes=rng.choice(PAUSES))

    def somebody_does_something(self, rng: Random) -> None:
        """Mostly a step that is open to the person, sometimes any; allowed exactly where `open_steps` offers it."""
        petition = Petition.objects.for_page().get(pk=rng.choice(sorted(self.petitions)))
        for name in rng.sample(sorted(self.people), len(self.people)):
            person = self.people[name]
            offered = open_steps(petition, person, self.now)
            likely = [SELDOM.get(step, 1) for step in offered]
            if rng.random() < 0.03:
                step = rng.choice(sorted(STEPS.keys() - {"file"}))
            elif offered and rng.random() < max(likely):
                step = rng.choices(offered, likely)[0]
            else:
                continue
            self.take(petition, step, person, offered, filled_in(step, petition, self.now, rng))
            break

    def take(self, petition: Petition, step: str, person, offered: list[str], words: dict) -> None:
        before, key, act = petition.version, uuid4(), operations.OPERATIONS[step]
        try:
            with transaction.atomic():
                taken = act(petition, person, self.now, key=key, **words)
        except (PermissionDenied, WrongStage):
            assert step not in offered, step
        except ValidationError:
            assert step in offered, step
        else:
            assert step in offered, step
            assert taken.version == before + 1
            assert act(petition, person, self.now, key=key, **words).version == taken.version
            self.told(taken, step, person)
            self.taken[step] += 1
            self.waits_for_conference = self.waits_for_conference or step == "ask_park"

    def told(self, petition: Petition, step: str, person) -> None:
        """Everyone the table names heard of it once, but for who did it."""
        people = set(people_of(STEPS[step].tells, petition, localdate(self.now)).values_list("pk", flat=True))
        key = f"petition:{petition.number}:{petition.version}"
        heard = list(Notice.objects.filter(key=key).values_list("recipient", flat=True))
        assert len(heard) == len(set(heard))
        inside = step == "respond" and not petition.events.get(seq=petition.version).public  # an order's answer
        assert inside or people - {person.pk} <= set(heard), step
        assert person.pk not in heard

    @precondition(lambda self: getattr(self, "waits_for_conference", False))
    @rule(granted=st.sampled_from([True, True, True, False]))
    def a_conference_decides(self, granted: bool) -> None:
        """Over whatever waits for one."""
        self.waits_for_conference = False
        waiting = Petition.objects.filter(
            pk__in=self.petitions, approvals__decided_at=None, approvals__step__in=("park", "extend")
        )
        self.decide([one for one in waiting if one.proposal and one.proposal.step == "park"], granted)

    def decide(self, petitions: list, granted: bool) -> None:
        shen = self.people["shen"]
        if not petitions:
            return
        held = operations.convene(
            by=shen, now=self.now, title="专题会", held_at=self.now, chair="罗区长", petitions=petitions
        )
        held.agenda.update(decision="按计划推进", verdict="approved" if granted else "refused")
        operations.publish(held, shen, self.now)
        stages = set(Petition.objects.filter(pk__in=[one.pk for one in petitions]).values_list("stage", flat=True))
        assert not granted or stages == {"parked"}
        self.taken["park" if granted else "refuse_park"] += len(petitions)

    # --- What must always hold --------------------------------------------------------------------------------------

    @invariant()
    def everything_is_whole(self) -> None:
        for pk, filed_at in getattr(self, "petitions", {}).items():
            petition = Petition.objects.get(pk=pk)
            if self.seen.get(pk) == petition.version:
                continue  # nothing has happened to it
            self.seen[pk] = petition.version
            check_clocks(petition)
            check_events(petition)
            assert petition.filed_at == filed_at
            assert (petition.stage == "closed") == (petition.closed_at is not None)
            assert petition.approvals.filter(decided_at=None).count() <= 1


def check_clocks(petition: Petition) -> None:
    running = list(petition.deadlines.running())
    helping = [row for row in running if row.clock == "co_organise"]
    events = list(petition.events.filter(step__in=STEPS).order_by("seq"))
    there = sorted(row.clock for row in running if row not in helping)
    assert there == sorted(clocks_after(events)), (there, [(event.step, event.stage_to) for event in events])
    asked = set()
    if petition.stage in CO_ORGANISED:
        asked = {one.unit_id for one in petition.co_organisations.all() if not one.is_settled}
    assert sorted(row.unit_id for row in helping) == sorted(asked)
    still = STANDING.get(petition.stage, set())
    assert all((row.paused_at is not None) == (row.clock in still) for row in running)
    moving = [row for row in running if not row.paused_at]
    due = {row.clock: row.due_at for row in moving if row not in helping}
    assert petition.due_at == min(due.values(), default=None)
    assert due.get(petition.due_clock) == petition.due_at
    assert all(row.next_event_at for row in moving)


def check_events(petition: Petition) -> None:
    events = list(petition.events.order_by("seq"))
    assert [event.seq for event in events] == list(range(1, petition.version + 1))
    assert all(after.stage_from == before.stage_to for before, after in itertools.pairwise(events))
    assert all(after.at >= before.at for before, after in itertools.pairwise(events))
    assert (events[-1].stage_to, petition.stage in Stage.values) == (petition.stage, True)
    assert (petition.stage in ENDS) == (petition.stage not in MAY_RUN)
    drafts = sum(event.step in ("reply", "submit") for event in events)
    assert petition.replies.filter(final=True).count() == drafts
    shown = sum(event.step in ("reply", "sign") for event in events)
    assert petition.replies.filter(final=True, shown_at__isnull=False).count() == shown
    told = [event for event in events if event.step not in STEPS and event.step != "recompute"]
    assert Alert.objects.filter(deadline__petition=petition).count() == len(told)
    keys = list(Notice.objects.filter(about=petition.number).values_list("recipient", "key"))
    assert len(keys) == len(set(keys))


def filled_in(step: str, petition: Petition, now: datetime, rng: Random) -> dict:
    """What a person might fill in, rightly or wrongly."""
    act = WORDS.get(step)
    return act(petition, now, rng) if act else {"note": "写明理由"} if step in NOTED else {}


def unit(rng, *codes: str) -> Unit:
    return Unit.objects.get(code=rng.choice(codes or ("SWJ", "JTJ", "GXJ")))


def day(now: datetime, rng, last: int):
    return localdate(now) + timedelta(days=rng.randint(-1, last))


def answered(petition, now, rng) -> dict:
    return {"conclusion": "solved", "body": "已办", "basis": "条例", "waiver": rng.choice(["", "另案"])}


def plan(petition, now, rng) -> dict:
    calendar, ahead, days = current_calendar(), localdate(now), []
    for _ in range(rng.randint(1, 3)):
        ahead = calendar.add_working_days(ahead, rng.randint(1, 21))
        days.append((ahead, "完成一段"))
    return {"note": "计划", "responsible": Walk.people["luo"], "milestones": days}


def contested(petition, now, rng) -> dict:
    return {"note": "依据", "proposed": unit(rng, "JTJ", "SWJ")}


def other(petition: Petition) -> Petition:
    return Petition.objects.exclude(pk=petition.pk).filter(enterprise=petition.enterprise).first()


NOTED = {
    "clarify", "keep", "object", "protest", "split", "uphold", "send_back", "respond", "refuse_suspend",
    "refuse_extend", "refuse_park", "achieve", "urge", "reopen", "resume",
}  # fmt: skip
WORDS = {
    "correct": lambda p, now, rng: {"title": "更正", "body": "更正后的内容"},
    "supplement": lambda p, now, rng: {"body": "补充材料"},
    "withdraw": lambda p, now, rng: {"note": "不办了", "pressed": rng.random() < 0.5},
    "dispatch": lambda p, now, rng: {
        "lead": unit(rng, "SWJ", "JTJ"), "category": Category.objects.get(code="E2"),
        "standard": rng.choice(["P0", "P1", "P2", "P3", "P4", "X1"]),
        "co_organisers": list(Unit.objects.filter(code__in=rng.choice([[], ["JTJ"], ["JTJ", "GXJ"]]))),
    },
    "propose_decline": lambda p, now, rng: {"reason": "not ours", "guidance": "请向法院起诉。"},
    "merge": lambda p, now, rng: {"note": "同一事项", "master": other(p)},
    "transfer": lambda p, now, rng: {"note": "转", "transferred_to": "市局", "receipt_number": "W1"},
    "reclassify": lambda p, now, rng: {
        "note": "调整", "category": Category.objects.get(code="E2"),
        "standard": rng.choice(["P0", "P1", "P2", "P3", "P4", "X1"]),
    },
    "contest": contested, "appeal": contested,
    "redispatch": lambda p, now, rng: {"note": "改派", "lead": unit(rng, "JTJ", "SWJ")},
    "rule": lambda p, now, rng: {"note": "裁定", "lead": unit(rng, "JTJ", "SWJ")},
    "reassign": lambda p, now, rng: {"handler": Walk.people[rng.choice(["wen", "zhao"])]},
    "consult": lambda p, now, rng: {"units": [unit(rng, "JTJ"), unit(rng, "SWJ")], "question": "？"},
    "advise": lambda p, now, rng: {"answer": "可以"},
    "interim": lambda p, now, rng: {"body": "计划", "promised_on": day(now, rng, 9)},
    "reply": answered, "submit": answered,
    "ask_suspend": lambda p, now, rng: {"note": "等", "reason": "force majeure", "until_on": day(now, rng, 20)},
    "ask_extend": lambda p, now, rng: {
        "note": "等", "clock": rng.choice(["feedback", "close"]), "days": rng.randint(1, 6),
    },
    "ask_park": plan,
    "supervise": lambda p, now, rng: {"note": "速办", "level": rng.randint(1, 4)},
    "resolve": lambda p, now, rng: {
        "note": "议定", "conference": "HY-1", "owner": unit(rng), "due_on": day(now, rng, 9),
    },
    "evaluate": lambda p, now, rng: {
        "solved": rng.choice(["yes", "partly", "no"]), "contacted": True,
        "satisfaction": rng.randint(1, 5),
    },
}  # fmt: skip
