"""The invented district: its numbers, its inner order, and where it refuses to go."""

from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Max, Min
from stdnum.cn import uscc

from assessment.demonstration.accounts import LOGINS, PASSWORD, logins
from assessment.demonstration.filling import Refused, fill
from assessment.demonstration.texts import Texts
from assessment.models import Demonstration
from directory.models import Assignment, Cadre, Enterprise, Representative, User
from petitions.models import Category, Conference, CoOrganisation, Deadline, Evaluation, Event, Petition, Reply
from petitions.process import CLOCKS, OPEN, STEPS, Stage
from petitions.sweep import sweep
from tests.cast import at, make_user
from visits.models import Visit
from workdays.queries import current_calendar

pytestmark = pytest.mark.django_db
NOW = at("2026-11-18", "10:30")  # a Wednesday
ANY_HOUR = ("2026-11-22 03:00", "2026-10-03 15:00", "2026-02-24 09:05", "2026-12-31 23:59", "2027-01-04 08:00")
SCALE = 0.01
YEAR_END = at("2024-01-01", "00:00")
TOLD = (Petition, Event, Deadline, Reply, Evaluation, CoOrganisation, Visit, Enterprise, User)


@pytest.fixture
def place(settings) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def district(place) -> None:
    assert fill(2023, SCALE, NOW)


def test_the_published_year_is_there_in_proportion(district) -> None:
    year = Petition.objects.filter(filed_at__year=2023)
    assert Cadre.objects.count() == 6
    assert Enterprise.objects.count() == Assignment.objects.values("enterprise").distinct().count() == 120
    assert Visit.objects.filter(visited_on__year=2023).count() == 580
    assert year.filter(closed_at__lt=YEAR_END).count() == 53
    assert year.filter(closed_at=None, stage__in=OPEN).count() == 1
    assert year.count() == 54


def test_every_code_is_well_formed_and_of_an_area_that_does_not_exist(district) -> None:
    codes = list(Enterprise.objects.values_list("code", flat=True))
    assert [code for code in codes if not uscc.is_valid(code) or code[2:8] != "449999"] == []


def test_every_petition_tells_its_story_without_a_gap(district) -> None:
    told = Petition.objects.annotate(n=Count("events"), first=Min("events__seq"), last=Max("events__seq"))
    assert not told.exclude(n=F("version"), last=F("version"), first=1).exists()
    before: dict[int, Event] = {}
    for event in Event.objects.order_by("petition", "seq").select_related("petition"):
        last = before.get(event.petition_id)
        assert event.stage_from == (last.stage_to if last else "")
        assert last is None or last.at <= event.at <= NOW
        assert event.step == "due" or event.stage_from in STEPS[event.step].at
        before[event.petition_id] = event
    assert all(event.stage_to == event.petition.stage for event in before.values())


def test_clocks_agree_with_the_stage(district) -> None:
    running = Deadline.objects.running()
    assert not running.exclude(petition__stage__in=OPEN).exists()
    assert not Deadline.objects.filter(cancelled_at=None, met_at__gt=F("due_at"), on_time=True).exists()
    assert not Deadline.objects.filter(met_at__lte=F("due_at"), on_time=False).exists()
    for petition in Petition.objects.open().prefetch_related("deadlines"):
        left = [one for one in petition.deadlines.all() if not one.met_at and not one.cancelled_at]
        assert {one.clock for one in left} <= {
            name for name, clock in CLOCKS.items() if petition.stage in clock.runs | clock.pauses
        }
        own = [one.due_at for one in left if not one.paused_at and not CLOCKS[one.clock].each_unit]
        assert petition.due_at == min(own, default=None)
        assert all(one.next_event_at or one.paused_at for one in left)
        assert all(bool(one.paused_at) == (petition.stage in CLOCKS[one.clock].pauses) for one in left)


def test_replies_and_ratings_agree_with_the_petition(district) -> None:
    for petition in Petition.objects.prefetch_related("replies", "evaluations"):
        shown = [one for one in petition.replies.all() if one.shown_at]
        assert petition.answered_at == min((one.shown_at for one in shown), default=None)
        assert petition.replied_at == max((one.shown_at for one in shown if one.final), default=None)
        assert petition.replied_at or petition.stage not in (Stage.REPLIED, Stage.REWORK, Stage.CLOSED)
        assert petition.rework_count == sum(
            1 for one in petition.evaluations.all() if one.cycle < petition.rework_count
        )


def test_key_matters_are_signed_by_somebody_else_than_their_drafter(district) -> None:
    drafts = Reply.objects.filter(final=True, withdrawn_at=None)
    key = drafts.filter(petition__standard__signed=True)
    assert key.count() > 10
    for reply in key.filter(shown_at__isnull=False):
        signed = reply.petition.events.get(step="sign", at=reply.shown_at)
        assert signed.by_id != reply.by_id
        assert signed.by.posts.filter(unit=reply.unit, role="head").exists()
    assert not drafts.filter(shown_at=None).exclude(petition__stage=Stage.SIGNING).exists()


def test_co_organisers_have_clocks_of_their_own(district) -> None:
    asked = CoOrganisation.objects.filter(petition__accepted_at__isnull=False)
    for one in asked.select_related("petition"):
        clock = one.petition.deadlines.get(clock="co_organise", unit=one.unit)
        assert clock.met_at == one.answered_at
        assert bool(clock.cancelled_at) == bool(one.waived_because)
    late = Deadline.objects.running().filter(due_at__lt=NOW)
    helping = late.filter(clock="co_organise").exclude(petition__in=late.filter(clock="close").values("petition"))
    assert set(helping.values_list("unit__code", flat=True)) >= {"SWJ", "CGJ"}


def test_what_takes_years_is_parked_by_a_conference_and_reported_on(district) -> None:
    calendar, petition = current_calendar(), Petition.objects.get(filed_at__year=2023, closed_at=None)
    assert petition.stage == Stage.PARKED
    assert petition.responsible.posts.filter(role="leader").exists()
    assert petition.due_clock == "milestone"
    assert petition.due_at > NOW
    assert petition.milestones.filter(done_at__isnull=False).count() > 25
    for event in petition.events.filter(step="park"):
        days = [event.at.date(), *(date.fromisoformat(day) for day, _goal in event.facts["milestones"])]
        assert all(calendar.working_days_between(*pair) <= 20 for pair in pairwise(days[1:]))
        item = petition.agenda.get(conference__published_at=event.at)
        assert item.verdict == "approved"
        assert item.conference.published_by.posts.filter(role="supervision").exists()
        assert (days[-1] - days[0]).days <= 183


def test_visits_fall_on_working_days_and_move_the_day_of_the_last_one(district) -> None:
    assert not Visit.objects.filter(visited_on__in=["2023-01-23", "2023-10-02", "2023-06-24"]).exists()
    assert not Visit.objects.filter(received_at__gt=NOW).exists()
    last = Enterprise.objects.annotate(latest=Max("visits__visited_on")).exclude(latest=F("last_visited_on"))
    assert not last.filter(latest__isnull=False).exists()
    linked = Petition.objects.filter(visit__isnull=False)
    assert linked.exclude(enterprise=F("visit__enterprise")).count() == 0
    assert linked.count() == Visit.objects.filter(difficulty="petition").count()


def test_each_account_finds_work(district, client) -> None:
    users = {login.username: User.objects.get(username=login.username) for login in LOGINS}
    waiting = {name: Petition.objects.awaiting(user, NOW) for name, user in users.items()}
    assert waiting["desk"].filter(stage="filed").count() >= 5
    assert waiting["desk"].filter(stage="contested").count() >= 2
    assert waiting["desk"].filter(approvals__decided_at=None, approvals__step="suspend").exists()
    assert waiting["panel"].filter(stage="contested").count() == 2
    assert waiting["handler"].filter(lead__code="SWJ").count() >= 5
    assert waiting["handler"].overdue(NOW).exists()
    assert set(waiting["handler"].values_list("stage", flat=True)) >= {
        "dispatched", "accepted", "suspended", "rework", "parked",
    }  # fmt: skip
    assert waiting["handler"].filter(deadlines__clock="answer", deadlines__met_at=None).count() >= 2
    assert waiting["head"].filter(stage="signing").count() == 2
    assert waiting["supervisor"].exists()
    assert waiting["leader"].exists()
    assert waiting["enterprise"].filter(stage="replied").exists()
    assert Conference.objects.filter(published_at=None, held_at__gt=NOW).get().agenda.count() == 2
    assert Petition.objects.filter(standard__code="X1").values("channel").distinct().count() == 4
    firm = Representative.objects.get(user=users["enterprise"]).enterprise
    assert set(firm.petitions.values_list("stage", flat=True)) >= {
        "filed", "incomplete", "declined", "dispatched", "accepted", "suspended", "replied", "merged", "closed",
    }  # fmt: skip
    assert Enterprise.objects.cared_for_by(users["cadre"].cadre, NOW.date()).count() >= 10
    assert Visit.objects.filter(host=users["cadre"].cadre).of_quarter(NOW.date()).count() >= 5
    assert all(user.check_password(PASSWORD) for user in users.values())


def test_the_sweep_goes_over_it_and_leaves_the_published_year_as_it_was(district) -> None:
    assert sweep(NOW).failed == 0
    assert sweep(NOW + timedelta(days=30)).failed == 0
    assert Petition.objects.filter(filed_at__year=2023, closed_at=None).count() == 1


def snapshot() -> list:
    """What was told, without ids and without the salted password."""
    return [
        sorted(Petition.objects.values_list("number", "title", "body", "stage", "filed_at", "due_at", "lead__code")),
        sorted(Event.objects.values_list("petition__number", "seq", "step", "at", "by__username")),
        sorted(Visit.objects.values_list("number", "enterprise__code", "host__code", "visited_on", "notes")),
        sorted(Enterprise.objects.values_list("code", "name", "address", "last_visited_on")),
    ]


def test_the_same_seed_tells_the_same_and_another_seed_another(place) -> None:
    told = []
    for seed in (7, 7, 8):
        with pytest.raises(Undone):
            remember(seed, told)
    assert told[0] == told[1]
    assert told[0] != told[2]


class Undone(Exception):
    pass


def remember(seed: int, told: list) -> None:
    with transaction.atomic():
        fill(seed, 0.005, NOW)
        told.append(snapshot())
        raise Undone


@pytest.mark.parametrize("now", ANY_HOUR)
def test_it_can_be_loaded_at_any_hour(place, now) -> None:
    assert fill(2023, 0.003, at(*now.split()))
    assert not Event.objects.filter(at__gt=at(*now.split())).exists()


def test_it_refuses_a_production_place(settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("demonstrate", scale=SCALE)
    assert not Demonstration.objects.exists()


def test_it_refuses_a_database_that_holds_anything(place) -> None:
    make_user("somebody", "某人")
    with pytest.raises(Refused):
        fill(2023, SCALE, NOW)
    assert (User.objects.count(), Petition.objects.count(), Enterprise.objects.count()) == (1, 0, 0)


def test_loading_it_again_changes_nothing(district) -> None:
    before = [model.objects.count() for model in TOLD]
    assert not fill(1, 1, NOW)
    assert [model.objects.count() for model in TOLD] == before


def test_its_accounts_are_shown_and_work_only_in_a_demonstration(district, client, settings) -> None:
    out = StringIO()
    call_command("demonstrate", "--logins", stdout=out)
    assert all(login.username in out.getvalue() for login in LOGINS)
    assert client.login(username="leader", password=PASSWORD)
    assert run_checks(databases=["default"]) == []
    settings.DEMONSTRATION = False
    assert not client.login(username="leader", password=PASSWORD)
    assert logins() == []
    assert [error.id for error in run_checks(databases=["default"])] == ["assessment.E001"]
    with pytest.raises(CommandError):
        call_command("demonstrate", "--logins")


def test_no_account_is_offered_where_the_database_is_real(place) -> None:
    assert logins() == []


def test_there_are_words_for_every_category(catalogue) -> None:
    texts, codes = Texts(), set(Category.objects.values_list("code", flat=True))
    assert set(texts.answered) == set(texts.asked) == codes
    assert min(len(told) for told in texts.asked.values()) >= 3
