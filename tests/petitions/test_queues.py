"""The tabs of the queue: whose move it is, whose clock a row shows, what the ladder proposes, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions import operations
from petitions.models import Deadline, Petition
from petitions.tabs import LATE_FOR, TABS, later_than
from tests.cast import at, fresh_calendar
from tests.petitions.stories import dispatched, filed, replied
from workdays.queries import current_calendar

pytestmark = pytest.mark.usefixtures("catalogue")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = at("2023-06-15", "10:00")


@pytest.fixture
def at_now(monkeypatch) -> None:
    """The pages speak of NOW."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def petition(lan, lantern) -> Petition:
    return filed(lan, lantern, NOW - DAY)


@pytest.fixture
def accepted(petition, mei, wen) -> Petition:
    """With Water, and Roads asked to help."""
    return operations.accept(dispatched(petition, mei, NOW - 20 * HOUR, helpers=("JTJ",)), wen, NOW - 19 * HOUR)


def held(name: str, user, now=NOW) -> list[str]:
    found = Petition.objects.visible_to(user, now).open()
    return [one.title for one in TABS[name].rows(found, user, now)]


ONE = ["厂区门口积水"]


class TestWaiting:
    """等待他人: mine to answer for, while another has to move."""

    def test_of_the_lead_are_its_helpers_its_head_the_panel_and_the_desk(self, accepted, mei, wen, zhao, rui):
        assert held("waiting", wen) == ONE
        settled = operations.advise(accepted, rui, NOW, answer="道路归我局")
        assert held("waiting", wen) == []
        operations.ask_suspend(
            settled, wen, NOW, reason="waiting for material", until_on=(NOW + 5 * DAY).date(), note="等"
        )
        assert held("waiting", wen) == ONE
        assert held("waiting", rui) == []

    def test_of_the_desk_are_what_the_enterprise_and_the_panel_owe(self, petition, mei, zhao):
        assert held("waiting", mei) == []
        operations.clarify(petition, mei, NOW, note="补营业执照")
        assert held("waiting", mei) == ONE

    def test_of_the_enterprise_is_all_that_is_not_with_it(self, accepted, lan, wen, chen):
        assert (held("waiting", lan), held("waiting", chen)) == (ONE, ONE)
        replied(accepted, wen, NOW, waiver="不等了")
        assert (held("waiting", lan), held("waiting", chen)) == ([], ONE)

    def test_of_supervision_is_what_was_ordered_and_not_answered(self, accepted, shen, wen):
        assert held("waiting", shen) == []
        ordered = operations.supervise(accepted, shen, NOW, level=1, note="今天答复")
        assert held("waiting", shen) == ONE
        operations.respond(ordered, wen, NOW + HOUR, note="已派人")
        assert held("waiting", shen) == []

    def test_says_whom_and_to_officials_only(self, client, accepted, wen, lan, at_now):
        for user, says in ((wen, True), (lan, False)):
            client.force_login(user)
            html = client.get("/petitions/?show=waiting").content.decode()
            assert ONE[0] in html
            assert ("等待：市交通运输局宝安管理局协办" in html) is says


class TestHelping:
    """A co-organiser's own clock, and its own lateness."""

    def test_shows_the_clock_of_that_unit(self, client, accepted, rui, wen, at_now):
        own = Deadline.objects.get(clock="co_organise").due_at
        lead = Deadline.objects.get(clock="feedback").due_at
        shown = {}
        for user in (rui, wen):
            client.force_login(user)
            shown[user] = client.get("/petitions/").content.decode()
        assert f'datetime="{timezone.localtime(own).isoformat()}"' in shown[rui]
        assert f'datetime="{timezone.localtime(lead).isoformat()}"' in shown[wen]
        assert ">协办 · 已 1 天<" in shown[rui]
        assert ">反馈 · 已 1 天<" in shown[wen]

    def test_is_late_alone(self, accepted, rui, wen):
        own = Deadline.objects.get(clock="co_organise").due_at
        late = own + HOUR
        assert (held("overdue", rui, late), held("overdue", wen, late)) == (ONE, [])

    def test_is_not_late_with_the_lead(self, accepted, rui, wen):
        answered = operations.advise(accepted, rui, NOW, answer="道路归我局")
        late = answered.due_at + HOUR
        assert (held("overdue", rui, late), held("overdue", wen, late)) == ([], ONE)

    def test_has_it_until_it_has_answered(self, accepted, rui, wen):
        assert (held("helping", rui), held("helping", wen)) == (ONE, [])
        operations.advise(accepted, rui, NOW, answer="道路归我局")
        assert (held("helping", rui), held("unit", rui)) == ([], ONE)

    def test_names_whose_clock_it_is_once_it_owes_nothing(self, client, accepted, rui, at_now):
        operations.advise(accepted, rui, NOW, answer="道路归我局")
        client.force_login(rui)
        assert ">牵头单位反馈 · 已 1 天<" in client.get("/petitions/?show=unit").content.decode()


class TestHandled:
    def test_is_what_has_that_person_as_its_handler(self, accepted, wen, zhao):
        assert (held("handled", wen), held("handled", zhao)) == (ONE, [])


def levels(user, now) -> list[int]:
    found = Petition.objects.visible_to(user, now).open()
    return [one.proposed_level for one in TABS["supervise"].rows(found, user, now)]


class TestLadder:
    """建议督办: proposed by the system, signed by a person."""

    def test_rises_with_the_working_days_that_the_unit_is_late(self, accepted, shen):
        due = Petition.objects.get().due_at
        calendar, found = current_calendar(), {}
        for days in (0, 1, 3, 4, 10, 11):
            day = calendar.add_working_days(timezone.localdate(due), days) if days else None
            found[days] = levels(shen, at(day.isoformat(), "19:00") if day else due + HOUR)
        assert found == {0: [1], 1: [1], 3: [1], 4: [2], 10: [2], 11: [3]}

    def test_proposes_nothing_in_time_or_once_ordered(self, accepted, shen):
        assert levels(shen, NOW) == []
        late = Petition.objects.get().due_at + HOUR
        operations.supervise(accepted, shen, NOW, level=1, note="督办")
        assert levels(shen, late) == []

    def test_does_not_order_the_enterprise_to_rate(self, accepted, wen, shen):
        answered = replied(accepted, wen, NOW, waiver="不等了")
        assert levels(shen, answered.due_at + 30 * DAY) == []

    def test_proposes_the_second_level_for_two_returns_and_the_third_for_failed_reworks(self, accepted, shen):
        Petition.objects.update(contest_count=2)
        assert levels(shen, NOW) == [2]
        Petition.objects.update(rework_count=3)
        assert levels(shen, NOW) == [3]

    def test_is_for_supervision_and_leaders(self, client, accepted, mei, wen, shen, luo):
        shown = {}
        for user in (mei, wen, shen, luo):
            client.force_login(user)
            shown[user.username] = "建议督办" in client.get("/petitions/").content.decode()
        assert shown == {"mei": False, "wen": False, "shen": True, "luo": True}

    def test_counts_days_by_the_calendar(self):
        # Of the working days before Thursday the 29th, the 25th is a Sunday at work and the 22nd to 24th are holidays.
        assert {days: later_than(days, at("2023-06-29")) for days in LATE_FOR.values()} == {
            3: at("2023-06-26", "00:00"),
            10: at("2023-06-14", "00:00"),
        }


class TestOutside:
    def test_the_enterprise_sees_the_next_date_it_was_promised(self, client, lan, lantern, mei, wen, at_now):
        key = dispatched(filed(lan, lantern, NOW - DAY), mei, NOW - 20 * HOUR, standard="P3")
        key = operations.accept(key, wen, NOW - 19 * HOUR)
        said = {"conclusion": "solved", "body": "已修好", "basis": "条例"}
        signing = operations.submit(key, wen, NOW - 18 * HOUR, **said)
        assert signing.due_clock == "sign"
        feedback = Deadline.objects.get(clock="feedback").due_at
        client.force_login(lan)
        html = client.get("/petitions/").content.decode() + client.get("/petitions/?show=waiting").content.decode()
        assert "审签 ·" not in html
        assert f'datetime="{timezone.localtime(feedback).isoformat()}"' in html


class TestQueries:
    """However many rows: the same questions."""

    @pytest.mark.parametrize("show", ["awaiting", "helping", "waiting", "unit", "overdue"])
    def test_of_a_unit(self, client, lan, lantern, mei, wen, rui, show):
        now, counted = timezone.now(), {}
        for size in (1, 10, 50):
            for n in range(Petition.objects.count(), size):
                one = dispatched(
                    filed(lan, lantern, now - 40 * DAY, title=f"诉求 {n}"), mei, now - 39 * DAY, helpers=("JTJ",)
                )
                operations.accept(one, wen, now - 38 * DAY)
            for user in (wen, rui):
                client.force_login(user)
                fresh_calendar()
                with CaptureQueriesContext(connection) as asked:
                    client.get(f"/petitions/?show={show}")
                counted.setdefault(user.username, set()).add(len(asked))
        assert all(len(sizes) == 1 and max(sizes) <= 13 for sizes in counted.values()), counted
