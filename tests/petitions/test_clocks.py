"""Clocks that stand still and run on, get longer, begin anew with rework: each date, and what the log keeps of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from petitions import clocks, operations
from petitions.models import Alert, Deadline
from petitions.process import WrongStage
from petitions.sweep import sweep
from tests.cast import at
from tests.petitions.dates import (
    MONDAY,
    accepted,
    adjustments,
    clock,
    extended,
    most_urgent,
    running,
    said,
    short,
    suspended,
    swept,
)
from tests.petitions.stories import dispatched, drafted, filed, promised, rated, replied
from workdays.limits import Limit

pytestmark = pytest.mark.usefixtures("catalogue")


class TestStandingStill:
    def test_the_worked_example_of_five_days_over_the_new_year(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen, at("2026-02-10"))
        assert running(petition) == {"close": "02-24 18:00", "feedback": "02-13 18:00"}
        suspended(petition, wen, mei, at("2026-02-12"), date(2026, 2, 26))
        assert said(petition) == [
            ("feedback", "paused", "02-13 18:00"),
            ("close", "paused", "02-24 18:00"),
            ("suspension", "started", "02-26 18:00"),
        ]
        assert most_urgent(petition) == ("suspension", "02-26 18:00")
        operations.resume(petition, wen, at("2026-02-26"))
        assert running(petition) == {"close": "03-02 18:00", "feedback": "02-27 18:00"}
        assert said(petition) == [
            ("feedback", "resumed", "02-27 18:00", "02-13 18:00"),
            ("close", "resumed", "03-02 18:00", "02-24 18:00"),
            ("suspension", "met", "02-26 18:00"),
        ]
        assert adjustments(petition, "close") == [("pause", "02-24 18:00", "03-02 18:00")]
        assert most_urgent(petition) == ("feedback", "02-27 18:00")

    def test_working_hours_that_were_left_are_left_still(self, lan, lantern, mei):
        petition = filed(lan, lantern, MONDAY)
        operations.clarify(petition, mei, at("2026-06-08", "10:30"), note="请补充产权证明")
        assert running(petition) == {"dispatch": "06-08 12:00", "supplement": "06-15 18:00"}
        assert most_urgent(petition) == ("supplement", "06-15 18:00")
        operations.supplement(petition, lan, at("2026-06-09", "09:30"), body="见附件")
        assert running(petition) == {"dispatch": "06-09 11:00"}
        assert said(petition) == [
            ("dispatch", "resumed", "06-09 11:00", "06-08 12:00"),
            ("supplement", "met", "06-15 18:00"),
        ]

    def test_round_the_clock_the_time_itself_is_given_back(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen, standard="P0")
        suspended(petition, wen, mei, at("2026-06-08", "22:00"), date(2026, 6, 10))
        operations.resume(petition, wen, at("2026-06-09", "20:30"))
        assert running(petition) == {"close": "06-12 18:00", "feedback": "06-10 08:30"}

    def test_what_had_run_out_before_stays_late(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        swept(at("2026-06-11", "18:00"))
        suspended(petition, wen, mei, at("2026-06-12"), date(2026, 6, 16))
        swept(at("2026-06-15", "09:00"))
        operations.resume(petition, wen, at("2026-06-15"))
        assert running(petition) == {"close": "06-16 18:00", "feedback": "06-11 18:00"}
        assert clock(petition, "feedback").level == 3
        assert adjustments(petition, "feedback") == [("pause", "06-11 18:00", "06-11 18:00")]
        swept(at("2026-06-15", "10:01"))
        levels = Alert.objects.filter(deadline__clock="feedback").order_by("id").values_list("level", flat=True)
        assert list(levels) == [3, 5]  # two mornings late, but silent while it stood still
        promised(petition, wen, at("2026-06-15"), on=date(2026, 6, 16))
        assert petition.deadlines.get(clock="feedback").on_time is False

    def test_nothing_is_told_of_a_clock_that_stands_still(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        suspended(petition, wen, mei, at("2026-06-09"), date(2026, 6, 18))
        swept(at("2026-06-18", "17:59"))
        assert set(Alert.objects.values_list("deadline__clock", flat=True)) == {"suspension"}

    def test_two_suspensions_one_after_the_other(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        for day, until, back in (("09", date(2026, 6, 12), "11"), ("15", date(2026, 6, 24), "22")):
            suspended(petition, wen, mei, at(f"2026-06-{day}"), until)
            operations.resume(petition, wen, at(f"2026-06-{back}"))
        # close: four days left on the 9th, so the 17th; two left on the 15th, so the 24th; of feedback nothing was left
        assert running(petition) == {"close": "06-24 18:00", "feedback": "06-22 18:00"}
        assert [moved[2] for moved in adjustments(petition, "close")] == ["06-17 18:00", "06-24 18:00"]
        with pytest.raises(WrongStage):
            suspended(petition, wen, mei, at("2026-06-23"), date(2026, 6, 26))

    @pytest.mark.parametrize("came", [at("2026-06-12", "18:00"), at("2026-06-16", "11:00")])
    def test_at_its_end_the_sweep_resumes_it_with_the_same_dates_however_late(self, came, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        suspended(petition, wen, mei, at("2026-06-09"), date(2026, 6, 12))
        assert sweep(came - timedelta(days=5)).lapsed == 0
        assert sweep(came).lapsed == 1
        petition.refresh_from_db()
        assert petition.stage == "accepted"
        assert running(petition) == {"close": "06-18 18:00", "feedback": "06-16 18:00"}
        assert petition.deadlines.get(clock="suspension").on_time is None  # it ended; nobody was late
        assert ("suspension", "ended", "06-12 18:00") in said(petition)


class TestMoreTime:
    def test_each_extension_counts_from_the_day_it_was_due(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        extended(petition, wen, mei, at("2026-06-09"), "feedback", 2)
        assert said(petition) == [("feedback", "moved", "06-15 18:00", "06-11 18:00")]
        assert most_urgent(petition)[1] == "06-15 18:00"
        with pytest.raises(ValidationError, match="该时限现在不能延期"):
            extended(petition, wen, mei, at("2026-06-09"), "feedback", 1)
        extended(petition, wen, mei, at("2026-06-10"), "close", 5)
        extended(petition, wen, mei, at("2026-06-11"), "close", 1)
        assert adjustments(petition, "close") == [
            ("extension", "06-15 18:00", "06-23 18:00"),  # over Friday the 19th
            ("extension", "06-23 18:00", "06-24 18:00"),
        ]
        with pytest.raises(WrongStage, match="没有可以延期的时限"):
            extended(petition, wen, mei, at("2026-06-11"), "close", 1)

    def test_is_asked_for_a_working_day_before_it_is_due(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        late, in_time = (petition.extendable(at(f"2026-06-{moment}", "17:00")) for moment in ("11", "10"))
        assert [[row.clock for row in rows] for rows in (late, in_time)] == [["close"], ["feedback", "close"]]

    def test_granted_once_it_has_run_out_it_takes_the_lateness_back(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        operations.ask_extend(petition, wen, at("2026-06-10"), clock="feedback", days=3, note="需要二次勘察")
        swept(at("2026-06-12", "09:00"))
        assert clock(petition, "feedback").level == 4
        operations.extend(petition, mei, at("2026-06-12", "10:00"))
        row = clock(petition, "feedback")
        assert (short(row.due_at), row.level, row.due_version) == ("06-16 18:00", 0, 2)
        assert Alert.objects.filter(deadline=row, level=4, due_version=1).exists()  # that it was told stays known
        swept(at("2026-06-16", "16:00"))
        assert Alert.objects.filter(deadline=row, due_version=2).get().level == 2

    def test_granted_too_late_for_that_it_is_still_late(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        extended(petition, wen, mei, at("2026-06-10"), "feedback", 1, granted=at("2026-06-16"))
        assert running(petition)["feedback"] == "06-12 18:00"

    def test_of_an_urgent_matter(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen, standard="P0")
        extended(petition, wen, mei, MONDAY, "close", 2)
        assert running(petition) == {"close": "06-15 18:00", "feedback": "06-09 10:00"}
        assert [row.clock for row in petition.extendable(MONDAY)] == ["close"]  # 24 hours leave no day to ask in
        clocks.extend(clock(petition, "feedback"), Limit.parse("2wd"), MONDAY)
        assert running(petition)["feedback"] == "06-11 18:00"

    def test_an_extension_and_a_pause_follow_each_other(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        extended(petition, wen, mei, at("2026-06-09"), "close", 2)  # to the 17th
        suspended(petition, wen, mei, at("2026-06-10"), date(2026, 6, 15))  # five days left: 11, 12, 15, 16, 17
        operations.resume(petition, wen, at("2026-06-15"))
        assert running(petition)["close"] == "06-23 18:00"


class TestOnceMore:
    def test_rework_has_limits_of_its_own_and_leaves_the_first_round_as_it_was(self, lan, lantern, mei, wen, zhao):
        petition = replied(accepted(lan, lantern, mei, wen), wen, at("2026-06-09"))
        rated(petition, lan, at("2026-06-10"), solved="no", satisfaction=1)
        assert running(petition) == {"close": "06-25 18:00", "feedback": "06-15 18:00"}
        first = petition.deadlines.filter(cycle=0, clock__in=("feedback", "close"))
        assert set(first.values_list("met_at", "on_time")) == {(at("2026-06-09"), True)}
        petition = drafted(petition, wen, at("2026-06-11"))
        assert running(petition) == {"close": "06-25 18:00", "feedback": "06-15 18:00", "sign": "06-12 18:00"}
        operations.send_back(petition, zhao, at("2026-06-11"), note="依据不足")
        assert running(petition) == {"close": "06-25 18:00", "feedback": "06-15 18:00"}
        operations.sign(drafted(petition, wen, at("2026-06-12")), zhao, at("2026-06-12"))
        assert running(petition) == {"evaluate": "06-22 18:00"}

    def test_reopened_weeks_later_it_is_not_late_at_once(self, lan, lantern, mei, wen):
        petition = replied(accepted(lan, lantern, mei, wen), wen, at("2026-06-09"))
        rated(petition, lan, at("2026-06-10"))
        operations.reopen(petition, lan, at("2026-07-06"), note="又积水了")
        assert running(petition) == {"close": "07-20 18:00", "feedback": "07-09 18:00"}
        assert sweep(at("2026-07-06", "11:00")).all == 0
        assert petition.deadlines.filter(cycle=0, on_time=True).count() == 5


class TestWhatIsLeftAlone:
    def test_a_met_clock_is_never_touched_again(self, lan, lantern, mei, wen):
        petition = promised(accepted(lan, lantern, mei, wen), wen, MONDAY, on=date(2026, 6, 15))
        before = Deadline.objects.filter(petition=petition, clock__in=("accept", "feedback")).values()
        kept = list(before)
        suspended(petition, wen, mei, at("2026-06-09"), date(2026, 6, 12))
        operations.resume(petition, wen, at("2026-06-12"))
        extended(petition, wen, mei, at("2026-06-12"), "close", 2)
        swept(at("2026-06-30"))
        assert list(before.all()) == kept

    def test_one_that_waits_for_nothing_reminds_once_and_then_the_petition_lapses(self, lan, lantern, mei):
        petition = filed(lan, lantern, MONDAY)
        operations.clarify(petition, mei, MONDAY, note="请补充产权证明")
        for hours in range(0, 24 * 10, 3):
            sweep(MONDAY + timedelta(hours=hours))
        assert list(Alert.objects.filter(deadline__clock="supplement").values_list("level", flat=True)) == [1]
        petition.refresh_from_db()
        assert (petition.stage, petition.events.latest("seq").step, running(petition)) == ("withdrawn", "expire", {})
        assert most_urgent(petition) == ("", "")

    def test_letters_and_visits_count_from_filing(self, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, at("2026-06-10"), standard="X1")
        assert running(petition) == {"accept": "06-15 18:00", "feedback": "09-08 18:00"}
        assert petition.deadlines.get(clock="accept").started_at == MONDAY

    def test_but_a_unit_that_gets_the_letter_late_has_a_working_day(self, lan, lantern, mei, wen):
        petition = dispatched(filed(lan, lantern, MONDAY), mei, at("2026-06-17"), standard="X1")
        assert running(petition)["accept"] == "06-18 18:00"
