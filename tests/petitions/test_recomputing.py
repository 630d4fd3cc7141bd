"""A closed day, a newly published year: what it does to the clocks that run, and what it never does."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from config.celery import LOOPS
from petitions import operations
from petitions.models import Adjustment, CalendarSeen, Deadline, Event, Petition
from petitions.recomputing import recompute_clocks
from petitions.tasks import recompute_deadlines
from tests.cast import at, fresh_calendar
from tests.petitions.dates import (
    MONDAY,
    accepted,
    adjustments,
    clock,
    most_urgent,
    running,
    said,
    short,
    suspended,
    swept,
)
from tests.petitions.stories import dispatched, filed, promised
from tests.petitions.test_sweep import in_threads
from tests.workdays.notices import NOTICE_2027
from workdays.models import DayException
from workdays.notice import parse_notice
from workdays.operations import load_notice

pytestmark = pytest.mark.usefixtures("catalogue")


def close_day(day: str, reason: str = "台风“山竹”停工") -> DayException:
    closed = DayException.objects.create(date=date.fromisoformat(day), reason=reason, authority="区三防指挥部")
    fresh_calendar()
    return closed


def recomputed(now) -> int:
    """Both passes of it; how many dates moved."""
    return recompute_clocks(now) + recompute_clocks(now + timedelta(minutes=1))


def closed_when_due(petition: Petition):
    """Close the day on which the petition's close clock is due; answers the moment it was due."""
    due_at = clock(petition, "close").due_at
    close_day(timezone.localdate(due_at).isoformat())
    return due_at


@pytest.fixture(autouse=True)
def _seen(db):
    """The loop has run before."""
    recomputed(MONDAY - timedelta(days=1))


class TestAClosedDay:
    def test_makes_the_clocks_it_lies_in_longer_and_says_so(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        close_day("2026-06-10")
        assert recomputed(at("2026-06-09")) == 2
        assert running(petition) == {"close": "06-16 18:00", "feedback": "06-12 18:00"}
        event = petition.events.latest("seq")
        assert (event.step, event.by, event.public, event.facts["reason"]) == (
            "recompute",
            None,
            True,
            "台风“山竹”停工",
        )
        assert said(petition) == [
            ("feedback", "moved", "06-12 18:00", "06-11 18:00"),
            ("close", "moved", "06-16 18:00", "06-15 18:00"),
        ]
        assert adjustments(petition, "close") == [("calendar", "06-15 18:00", "06-16 18:00")]
        assert most_urgent(petition) == ("feedback", "06-12 18:00")
        assert petition.events.count() == Petition.objects.get(pk=petition.pk).version

    def test_leaves_petitions_it_does_not_touch_without_an_event(self, lan, lantern, mei, wen):
        accepted(lan, lantern, mei, wen)
        close_day("2026-06-30")
        assert recomputed(at("2026-06-09")) == 0
        assert not Event.objects.filter(step="recompute").exists()
        assert not Adjustment.objects.exists()

    def test_taken_back_shortens_nothing_and_another_one_lengthens_no_more_than_it_must(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        first = close_day("2026-06-10")
        recomputed(at("2026-06-09"))
        first.delete()
        assert recomputed(at("2026-06-09")) == 0
        close_day("2026-06-11")
        assert recomputed(at("2026-06-09")) == 0  # one day closed, one day later: as it is
        close_day("2026-06-12")
        recomputed(at("2026-06-09"))
        assert running(petition) == {"close": "06-17 18:00", "feedback": "06-15 18:00"}

    def test_never_touches_a_met_clock_nor_one_round_the_clock(self, lan, lantern, mei, wen):
        petition = promised(accepted(lan, lantern, mei, wen), wen, MONDAY, on=date(2026, 6, 15))
        urgent = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, standard="P0")
        kept = list(Deadline.objects.filter(met_at__isnull=False).values())
        close_day("2026-06-09")
        recomputed(MONDAY)
        assert list(Deadline.objects.filter(met_at__isnull=False).values()) == kept
        assert running(petition) == {"close": "06-16 18:00"}
        assert running(urgent) == {"accept": "06-08 12:00", "close": "06-12 18:00", "feedback": "06-09 10:00"}

    def test_working_hours_that_fell_on_it_are_worked_the_day_after(self, lan, lantern, mei):
        petition = filed(lan, lantern, at("2026-06-12", "17:30"))
        assert running(petition) == {"dispatch": "06-15 10:30"}
        close_day("2026-06-15")
        recomputed(at("2026-06-14"))
        assert running(petition) == {"dispatch": "06-16 10:30"}

    def test_while_a_clock_stands_still_it_is_right_when_it_runs_again(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        suspended(petition, wen, mei, at("2026-06-09"), date(2026, 6, 18))
        close_day("2026-06-10")  # while it stood still: nothing was lost
        recomputed(at("2026-06-10"))
        assert clock(petition, "close").next_event_at is None
        assert most_urgent(petition) == ("suspension", "06-22 18:00")
        operations.resume(petition, wen, at("2026-06-11"))
        assert running(petition) == {"close": "06-17 18:00", "feedback": "06-15 18:00"}
        close_day("2026-06-09", "补登：台风")  # and one before it stood still
        close_day("2026-06-16")
        recomputed(at("2026-06-12"))
        assert running(petition) == {"close": "06-22 18:00", "feedback": "06-17 18:00"}  # five and three were left

    def test_takes_lateness_back_where_the_day_it_was_due_was_closed(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        swept(at("2026-06-12", "09:00"))
        assert clock(petition, "feedback").level == 4
        close_day("2026-06-11")
        recomputed(at("2026-06-12"))
        row = clock(petition, "feedback")
        assert (short(row.due_at), row.level, row.due_version) == ("06-12 18:00", 0, 2)
        swept(at("2026-06-12", "18:00"))
        assert clock(petition, "feedback").level == 3

    def test_moves_the_warnings_before_and_the_mornings_after(self, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, standard="X1")  # accept by Monday 15, 18:00
        swept(at("2026-06-15", "18:00"))
        assert short(clock(petition, "accept").next_event_at) == "06-16 09:00"
        close_day("2026-06-16")
        assert recomputed(at("2026-06-15", "20:00")) == 0
        assert short(clock(petition, "accept").next_event_at) == "06-17 09:00"

    def test_between_offices_alone_stays_between_offices(self, lan, lantern, mei, wen, rui):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ",), standard="X1")
        petition = operations.accept(petition, wen, MONDAY)
        close_day("2026-06-09")
        recomputed(MONDAY)
        assert [line[0] for line in said(petition)] == ["co_organise"]
        assert petition.events.latest("seq").public is False

    def test_is_told_in_words_on_the_page(self, client, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        close_day("2026-06-10")
        recomputed(at("2026-06-09"))
        for reader in (lan, wen):
            client.force_login(reader)
            page = client.get(petition.get_absolute_url()).content.decode()
            assert "工作日历变动，时限重新计算" in page
            assert "理由：台风“山竹”停工" in page
            assert "反馈时限由 2026-06-11 18:00 改为 2026-06-12 18:00" in page


class TestAYearThatWasNotPublished:
    def publish(self, now) -> None:
        load_notice(parse_notice(NOTICE_2027, 2027), "root", now)
        fresh_calendar()
        recomputed(now)

    def test_gets_its_true_dates_though_they_come_sooner(self, lan, lantern, mei, wen):
        before = at("2027-01-28")
        petition = dispatched(filed(lan, lantern, before), mei, before)
        assert running(petition) == {"accept": "01-29 18:00", "close": "02-04 18:00", "feedback": "02-02 18:00"}
        assert set(petition.deadlines.running().values_list("provisional", flat=True)) == {True}
        self.publish(at("2027-01-28", "11:00"))  # Sunday the 31st is worked
        assert running(petition) == {"accept": "01-29 18:00", "close": "02-03 18:00", "feedback": "02-01 18:00"}
        assert set(petition.deadlines.running().values_list("provisional", flat=True)) == {False}
        assert petition.events.latest("seq").facts["reason"] == "2027 年放假安排"

    def test_none_comes_before_the_end_of_the_coming_working_day(self, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, at("2026-12-31")), mei, at("2026-12-31"))
        row = clock(petition, "close")
        Deadline.objects.filter(pk=row.pk).update(due_at=at("2027-01-22", "18:00"))  # what was expected was wrong
        Deadline.objects.filter(pk=clock(petition, "feedback").pk).update(due_at=at("2027-01-12", "18:00"))
        self.publish(at("2027-01-14"))
        assert running(petition)["close"] == "01-15 18:00"
        assert running(petition)["feedback"] == "01-12 18:00"  # has run out, and stays so


class TestTheLoop:
    def test_is_in_the_table_of_loops_and_in_the_sweeps_own(self, lan, lantern, mei, wen):
        assert LOOPS["petitions.tasks.recompute_deadlines"] == 60
        petition = accepted(lan, lantern, mei, wen, timezone.now())
        late = closed_when_due(petition)
        recompute_deadlines()
        assert clock(petition, "close").due_at > late
        later = closed_when_due(petition)
        call_command("sweep")
        assert clock(petition, "close").due_at > later

    def test_costs_one_query_while_nothing_changes(self, lan, lantern, mei, wen, django_assert_num_queries):
        accepted(lan, lantern, mei, wen)
        with django_assert_num_queries(1):
            assert recompute_clocks(at("2026-06-09")) == 0

    def test_runs_once_more_for_clocks_that_began_by_the_calendar_another_process_kept(self, lan, lantern, mei, wen):
        close_day("2026-06-10")
        recompute_clocks(at("2026-06-09"))
        stale = accepted(lan, lantern, mei, wen, at("2026-06-09"))
        stale.deadlines.filter(clock="feedback").update(due_at=at("2026-06-12", "18:00"))  # as without the closure
        assert recompute_clocks(at("2026-06-09", "10:00:05")) == 0
        assert recompute_clocks(at("2026-06-09", "10:01")) == 1
        assert running(stale)["feedback"] == "06-15 18:00"
        assert CalendarSeen.objects.get().again_at is None

    def test_is_the_same_number_of_queries_for_one_petition_and_for_fifty(
        self, lan, lantern, mei, wen, django_assert_num_queries
    ):
        for day, petitions in (("2026-06-09", 1), ("2026-06-10", 49)):
            for _ in range(petitions):
                dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
            close_day(day)
            with django_assert_num_queries(25):
                assert recompute_clocks(MONDAY) >= petitions * 2

    def test_one_bad_petition_does_not_stop_the_rest(self, lan, lantern, mei, wen):
        bad, good = (accepted(lan, lantern, mei, wen) for _ in range(2))
        Event.objects.create(petition=bad, seq=bad.version + 1, step="correct", at=MONDAY, stage_to="accepted")
        close_day("2026-06-10")
        assert recomputed(at("2026-06-09")) == 2
        assert running(good) == {"close": "06-16 18:00", "feedback": "06-12 18:00"}
        assert running(bad) == {"close": "06-15 18:00", "feedback": "06-11 18:00"}


@pytest.mark.django_db(transaction=True)
class TestSeveralAtOnce:
    def test_move_each_date_once(self, lan, lantern, mei, wen):
        petitions = [accepted(lan, lantern, mei, wen) for _ in range(20)]
        close_day("2026-06-10")
        in_threads(4, lambda: recompute_clocks(at("2026-06-09"), batch=3))
        assert Event.objects.filter(step="recompute").count() == 20
        assert Adjustment.objects.count() == 40
        assert {running(one)["close"] for one in petitions} == {"06-16 18:00"}

    def test_beside_steps_and_the_sweep_leave_whole_stories(self, lan, lantern, mei, wen):
        petitions = [accepted(lan, lantern, mei, wen) for _ in range(12)]
        close_day("2026-06-10")

        def promise_all():
            for petition in petitions:
                promised(petition, wen, at("2026-06-11", "17:00"), on=date(2026, 6, 15))

        acts = (lambda: recompute_clocks(at("2026-06-11", "17:00"), batch=3), lambda: swept(at("2026-06-11", "17:00")))
        in_threads(1, *acts, promise_all)
        recompute_clocks(at("2026-06-11", "17:02"))
        for petition in Petition.objects.all():
            assert list(petition.events.values_list("seq", flat=True)) == list(range(1, petition.version + 1))
            assert running(petition) == {"close": "06-16 18:00"}
            assert most_urgent(petition) == ("close", "06-16 18:00")
