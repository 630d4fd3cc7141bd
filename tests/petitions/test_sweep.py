"""What is due is told exactly once: to whom, at which level, however late, however many sweeps run at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from notices.models import Notice
from petitions import operations
from petitions.models import Alert, Deadline, Event, Petition
from petitions.process import WrongStage
from petitions.sweep import sweep
from tests.cast import at
from tests.petitions.stories import dispatched, filed, replied
from workdays.queries import current_calendar

MONDAY = at("2026-06-08")


def kinds(user) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("id").values_list("kind", flat=True))


def alerts(clock: str) -> list[tuple[int, str]]:
    rows = Alert.objects.filter(deadline__clock=clock).order_by("id")
    return [(row.level, f"{row.crossed_at.astimezone(MONDAY.tzinfo):%m-%d %H:%M}") for row in rows]


@pytest.mark.usefixtures("catalogue")
class TestLevels:
    def test_nothing_is_told_before_its_time(self, lan, lantern, mei):
        filed(lan, lantern, MONDAY)
        assert sweep(MONDAY).all == 0

    def test_yellow_soon_due_then_each_working_morning_to_the_head(self, lan, lantern, mei, wen, zhao):
        dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)  # accept by Tuesday 18:00
        for moment in (
            at("2026-06-09", "16:00"),
            at("2026-06-09", "18:00"),
            at("2026-06-10", "09:00"),
            at("2026-06-11", "09:00"),
        ):
            sweep(moment - timedelta(seconds=1))
            sweep(moment)
        told = alerts("accept")
        assert [level for level, _ in told] == [1, 2, 3, 4, 5]
        assert [moment for _, moment in told[1:]] == ["06-09 16:00", "06-09 18:00", "06-10 09:00", "06-11 09:00"]
        clocks = Notice.objects.filter(facts__clock="accept").exclude(kind="dispatch")
        assert list(clocks.filter(recipient=wen).order_by("id").values_list("kind", flat=True)) == [
            "yellow",
            "soon",
            "due",
        ]
        assert list(
            clocks.filter(recipient=zhao, kind="overdue").values_list("facts__days", flat=True).order_by("id")
        ) == [1, 2]

    def test_after_days_of_silence_only_the_highest_level_with_its_true_moment(self, lan, lantern, mei, wen, zhao):
        dispatched(filed(lan, lantern, at("2026-06-12")), mei, at("2026-06-12"))  # Friday: accept by Monday 18:00
        sweep(at("2026-06-18", "08:00"))
        assert alerts("accept") == [(5, "06-17 09:00")]
        assert Deadline.objects.get(clock="accept").next_event_at == at("2026-06-18", "09:00")

    def test_a_met_clock_is_silent(self, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        operations.accept(petition, wen, MONDAY)
        sweep(at("2026-06-10"))
        assert alerts("accept") == []

    def test_no_answer_from_the_enterprise_closes_as_not_evaluated(self, lan, lantern, mei, wen):
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        replied(petition, wen, MONDAY)
        assert sweep(at("2026-06-15", "18:00")).lapsed == 1
        petition.refresh_from_db()
        assert (petition.stage, petition.evaluations.count(), petition.due_at) == ("closed", 0, None)
        assert petition.events.latest("seq").by is None
        assert "lapse" in kinds(lan)

    def test_the_page_is_right_without_any_sweep(self, lan, lantern, mei):
        dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        assert Petition.objects.overdue(at("2026-06-09", "18:00")).count() == 0
        assert Petition.objects.overdue(at("2026-06-09", "18:00:01")).count() == 1


@pytest.mark.usefixtures("catalogue")
class TestWork:
    def test_is_the_same_number_of_queries_for_one_clock_and_for_fifty(
        self, lan, lantern, mei, wen, django_assert_num_queries
    ):
        for moment, petitions in ((MONDAY, 1), (at("2026-06-15"), 50)):
            told = [dispatched(filed(lan, lantern, moment, title=f"积水 {n}"), mei, moment) for n in range(petitions)]
            current_calendar()  # asks for newer rows at most every five seconds
            with django_assert_num_queries(13):
                assert sweep(moment.replace(day=moment.day + 1, hour=16)).told == petitions
            for petition in told:
                operations.withdraw(petition, lan, moment, note="已自行解决")

    def test_one_bad_row_does_not_stop_the_rest_and_is_put_aside_after_five_tries(self, lan, lantern, mei, wen):
        bad, good = (filed(lan, lantern, MONDAY, title=title) for title in ("坏行", "好行"))
        # An event that already has the number the sweep will want makes this one row fail in the database.
        Event.objects.create(petition=bad, seq=bad.version + 1, step="correct", at=MONDAY, stage_to="filed")
        due = at("2026-06-08", "12:00")
        assert sweep(due).failed == 1
        assert good.deadlines.get().level == 3
        for minutes in (5, 15, 60, 120):
            sweep(due + timedelta(minutes=minutes))
        row = bad.deadlines.get()
        assert (row.failures, row.next_event_at, row.level) == (5, None, 0)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_eight_sweeps_at_once_tell_everything_once(self, catalogue, lan, lantern, mei, wen):
        for n in range(40):
            filed(lan, lantern, MONDAY, title=f"积水 {n}")
        due = at("2026-06-08", "12:00")
        in_threads(8, lambda: sweep(due, limit=7))
        assert Alert.objects.count() == 40
        assert Notice.objects.filter(recipient=mei, kind="due").count() == 40

    def test_a_sweep_and_a_step_at_once_leave_one_whole_story(self, catalogue, lan, lantern, mei, wen):
        petitions = [filed(lan, lantern, MONDAY, title=f"积水 {n}") for n in range(20)]
        due = at("2026-06-08", "12:00")

        def dispatch_all():
            for petition in petitions:
                dispatched(petition, mei, due)

        in_threads(1, lambda: sweep(due, limit=3), lambda: sweep(due, limit=3), dispatch_all)
        for petition in Petition.objects.all():
            seqs = list(petition.events.values_list("seq", flat=True))
            assert seqs == list(range(1, petition.version + 1))
            assert petition.stage == "dispatched"


@pytest.mark.django_db(transaction=True)
def test_two_officials_pressing_accept_at_once(catalogue, lan, lantern, mei, wen, zhao):
    for _ in range(10):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
        outcomes: list[str] = []

        def press(who, petition=petition, outcomes=outcomes):
            try:
                operations.accept(petition, who, MONDAY)
                outcomes.append("won")
            except WrongStage:
                outcomes.append("told")

        in_threads(1, lambda: press(wen), lambda: press(zhao))
        assert sorted(outcomes) == ["told", "won"]
        assert petition.events.filter(step="accept").count() == 1


def in_threads(copies: int, *acts) -> None:
    """Run each act in so many threads, started together; a failure in any fails the test."""
    failures: list[BaseException] = []
    barrier = threading.Barrier(copies * len(acts))

    def run(act):
        barrier.wait()
        try:
            act()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts for _ in range(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
