"""Who hears of which clock, when: the unit that owes it, its own head once it is late, and nobody else."""

from datetime import date

import pytest

from directory.models import Post, Unit
from notices.models import Notice
from petitions import operations
from petitions.models import Alert
from petitions.sweep import sweep
from tests.cast import at, make_user, seat
from tests.petitions.dates import MONDAY, accepted, short, swept
from tests.petitions.stories import dispatched, drafted, filed
from workdays.models import DayException

pytestmark = pytest.mark.usefixtures("catalogue")


def told(clock: str) -> list[tuple[str, str]]:
    """(person, kind) of every notice of that clock, in order."""
    kinds = ("yellow", "soon", "due", "overdue")
    rows = Notice.objects.filter(facts__clock=clock, kind__in=kinds).order_by("id")
    return list(rows.values_list("recipient__username", "kind"))


def levels(clock: str) -> list[tuple[int, str]]:
    rows = Alert.objects.filter(deadline__clock=clock).order_by("id").values_list("level", "crossed_at")
    return [(level, short(moment)) for level, moment in rows]


@pytest.fixture
def heads(catalogue) -> None:
    """Each of the units has a head of its own."""
    for code, name in (("JTJ", "head of roads"), ("GXJ", "head of industry")):
        seat(make_user(name.replace(" ", "-"), name), code, Post.Role.HEAD)


def test_a_co_organisers_lateness_is_told_in_its_own_unit_alone(lan, lantern, mei, wen, zhao, rui, heads):
    seat(make_user("gao", "高经办"), "GXJ", Post.Role.MEMBER)
    petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY, helpers=("JTJ", "GXJ"))
    petition = operations.accept(petition, wen, MONDAY)  # both by Wednesday 12:00
    operations.advise(petition, rui, at("2026-06-08", "15:00"), answer="可以")
    swept(*(at(f"2026-06-{moment[:2]}", moment[3:]) for moment in ("09 17:48", "10 10:00", "10 12:00", "11 09:00")))
    assert levels("co_organise") == [(1, "06-09 17:48"), (2, "06-10 10:00"), (3, "06-10 12:00"), (4, "06-11 09:00")]
    assert told("co_organise") == [
        *((who, kind) for kind in ("yellow", "soon", "due") for who in ("head-of-industry", "gao")),
        ("head-of-industry", "overdue"),
    ]


def test_a_reply_that_waits_for_its_signature_is_told_to_the_head(lan, lantern, mei, wen, zhao):
    drafted(accepted(lan, lantern, mei, wen, standard="P3"), wen, MONDAY)
    swept(at("2026-06-09", "16:00"), at("2026-06-09", "18:00"), at("2026-06-10", "09:00"), at("2026-06-11", "09:00"))
    assert told("sign") == [("zhao", kind) for kind in ("soon", "due", "overdue", "overdue")]


def test_a_ruling_is_told_to_the_desk_and_a_second_one_to_the_panel(lan, lantern, mei, wen, zhao, ping, catalogue):
    roads = Unit.objects.get(code="JTJ")
    petition = dispatched(filed(lan, lantern, MONDAY), mei, MONDAY)
    petition = operations.contest(petition, zhao, MONDAY, note="依据职责分工规定", proposed=roads)
    swept(at("2026-06-09", "18:00"))
    petition = operations.uphold(petition, mei, at("2026-06-10"), note="属本单位职责")
    operations.appeal(petition, zhao, at("2026-06-10"), note="依据职责分工规定", proposed=roads)
    swept(at("2026-06-11", "18:00"), at("2026-06-12", "09:00"))
    assert told("ruling") == [("mei", "due")]
    assert told("panel_ruling") == [("ping", "due"), ("ping", "overdue")]


def test_of_a_clock_of_four_hours_the_two_hours_come_before_yellow_and_stand_for_it(lan, lantern, mei):
    petition = filed(lan, lantern, MONDAY)
    row = petition.deadlines.get()
    row.limit, row.due_at = "4wh", at("2026-06-08", "16:00")
    row.warn_at, row.next_event_at = at("2026-06-08", "15:12"), at("2026-06-08", "14:00")
    row.save()
    swept(at("2026-06-08", "14:00"), at("2026-06-08", "15:12"), at("2026-06-08", "16:00"))
    assert levels("dispatch") == [(2, "06-08 14:00"), (3, "06-08 16:00")]


def test_a_day_closed_afterwards_is_not_counted_twice_nor_does_it_stop_the_sweep(lan, lantern, mei):
    petition = filed(lan, lantern, MONDAY)
    swept(at("2026-06-08", "12:00"), at("2026-06-09", "09:00"), at("2026-06-10", "09:00"))
    DayException.objects.create(date=date(2026, 6, 10), reason="台风停工", authority="区三防指挥部")
    assert sweep(at("2026-06-11", "09:00")).failed == 0  # the second day late is this one, and was told
    swept(at("2026-06-12", "09:00"))
    assert [level for level, _ in levels("dispatch")] == [3, 4, 5, 6]
    assert petition.deadlines.get().failures == 0


def test_once_given_more_time_it_is_told_anew(lan, lantern, mei, wen, zhao):
    petition = accepted(lan, lantern, mei, wen)
    operations.ask_extend(petition, wen, at("2026-06-10"), clock="feedback", days=1, note="需要二次勘察")
    swept(at("2026-06-11", "16:00"))
    operations.extend(petition, mei, at("2026-06-11", "17:00"))
    swept(at("2026-06-12", "16:00"))
    assert levels("feedback") == [(2, "06-11 16:00"), (2, "06-12 16:00")]


def test_the_enterprise_is_reminded_of_what_it_owes(lan, lantern, mei, wen):
    petition = filed(lan, lantern, MONDAY)
    operations.clarify(petition, mei, MONDAY, note="请补充产权证明")
    swept(at("2026-06-12", "18:00"), at("2026-06-15", "17:00"))
    assert told("supplement") == [("lan", "yellow")]
