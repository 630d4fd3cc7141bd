"""The home page: what each person finds there, and that it costs the same however much there is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions import operations
from petitions.models import Petition
from tests.cast import Role, assign, make_cadre, make_enterprise, make_user, represent, seat
from tests.petitions.stories import dispatched, filed, rated, replied
from tests.visits.making import visited

SECTIONS = {
    "lan": ["representative"],
    "mei": ["desk"],
    "wen": ["unit"],
    "zhao": ["unit"],
    "luo": ["leader"],
    "shen": ["supervision"],
    "hua": ["call_back"],
    "ping": ["panel"],
    "chen": ["cadre"],
    "ada": ["places"],
    "root": ["places"],
}
QUERIES = {
    "lan": 6, "mei": 9, "wen": 8, "zhao": 8, "luo": 9, "shen": 9, "hua": 7, "ping": 7, "chen": 9, "ada": 5, "root": 5,
}  # fmt: skip


def home(client, person):
    client.force_login(person)
    page = client.get("/")
    assert page.status_code == 200
    return {
        section.template.split("/")[-1].removesuffix(".html"): section.shown for section in page.context["sections"]
    }


def fill(lan, lantern, mei, wen, hua, chen) -> Petition:
    """One petition at every stage, and a visit."""
    now = timezone.now() - timedelta(days=30)
    stages = [filed(lan, lantern, now, f"诉求 {n}") for n in range(5)]
    stages = [stages[0], *(dispatched(one, mei, now) for one in stages[1:])]
    stages[2:] = [operations.accept(one, wen, now) for one in stages[2:]]
    stages[3:] = [replied(one, wen, now) for one in stages[3:]]
    rated(stages[4], lan, now, solved="no", satisfaction=1)
    visited(chen.cadre, lantern, (timezone.localdate() - timedelta(days=1)).isoformat())
    return stages[0]


@pytest.mark.parametrize("person", SECTIONS)
def test_each_person_finds_what_the_seat_is_for(client, request, catalogue, person):
    assert list(home(client, request.getfixturevalue(person))) == SECTIONS[person]


def test_who_holds_no_seat_is_told_whom_to_ask(client, db):
    client.force_login(make_user("nobody", "无岗位"))
    assert "请联系系统管理员开通" in client.get("/").content.decode()


def test_who_holds_several_seats_finds_a_section_for_each(client, catalogue, chen):
    seat(chen, "SWJ", Role.HEAD)
    assert list(home(client, chen)) == ["unit", "cadre"]


def test_home_costs_the_same_however_much_there_is(client, request, catalogue, lan, lantern, mei, wen, hua, chen):
    people = {name: request.getfixturevalue(name) for name in QUERIES}
    for more in (0, 1, 8):
        for _ in range(more):
            fill(lan, lantern, mei, wen, hua, chen)
        assert {name: cost(client, person) for name, person in people.items()} == QUERIES


def cost(client, person) -> int:
    client.force_login(person)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    return len(asked)


def test_the_enterprise_sees_first_what_waits_for_its_rating(
    client, catalogue, lan, lantern, mei, wen, hua, chen, stranger
):
    fill(lan, lantern, mei, wen, hua, chen)
    shown = home(client, lan)["representative"]
    assert [one.stage for one in shown["petitions"]] == ["replied", "rework", "accepted", "dispatched", "filed"]
    passed = [[station["passed"] for station in one.stations].count(True) for one in shown["petitions"]]
    assert (passed, shown["to_rate"]) == ([4, 3, 3, 2, 1], 1)
    assert home(client, stranger)["representative"]["petitions"] == []


def test_a_unit_sees_its_own_counters_and_what_is_most_urgent(
    client, catalogue, lan, lantern, mei, wen, hua, chen, rui
):
    fill(lan, lantern, mei, wen, hua, chen)
    now = timezone.now()
    today = operations.accept(dispatched(filed(lan, lantern, now), mei, now), wen, now)
    Petition.objects.filter(pk=today.pk).update(due_at=timezone.localtime(now).replace(hour=23, minute=59, second=59))
    dispatched(filed(lan, lantern, now), mei, now, lead="JTJ")
    shown = home(client, wen)["unit"]
    counters = {name: shown[name] for name in ("to_accept", "in_hand", "due_today", "overdue")}
    assert counters == {"to_accept": 1, "in_hand": 3, "due_today": 1, "overdue": 3}
    assert [one.stage for one in shown["petitions"]] == ["dispatched", "accepted", "rework", "accepted"]
    assert home(client, rui)["unit"]["to_accept"] == 1


def test_the_desk_sees_what_waits_for_dispatch_by_its_clock(client, catalogue, lan, lantern, mei):
    now = timezone.now()
    late, fresh = filed(lan, lantern, now - timedelta(days=9), "九天前"), filed(lan, lantern, now, "刚才")
    shown = home(client, mei)["desk"]
    assert (shown["waiting"], shown["overdue"], list(shown["petitions"])) == (2, 1, [late, fresh])


def test_a_cadre_sees_week_quarter_whom_to_visit_and_what_is_open(client, catalogue, lan, lantern, chen):
    others = [make_enterprise(f"企业{n}", 700 + n) for n in range(3)]
    for enterprise in others:
        assign(chen.cadre, enterprise)
    today = timezone.localdate()
    visited(chen.cadre, lantern, today.isoformat())
    petition = filed(lan, lantern, timezone.now())
    shown = home(client, chen)["cadre"]
    assert (shown["week"].done, shown["quarter"].covered, shown["quarter"].due) == (1, 1, 4)
    assert (set(shown["next"]), list(shown["petitions"])) == (set(others), [petition])


def test_call_back_sees_who_is_silent_and_who_is_dissatisfied(client, catalogue, lan, lantern, mei, wen, hua):
    now = timezone.now() - timedelta(days=2)
    answered = [
        replied(operations.accept(dispatched(filed(lan, lantern, now), mei, now), wen, now), wen, now) for _ in range(3)
    ]
    rated(answered[1], lan, now, satisfaction=5)
    rated(answered[2], lan, now, solved="no", satisfaction=2)
    shown = home(client, hua)["call_back"]
    assert [one.pk for one in shown["unrated"]] == [answered[0].pk]
    assert [said.petition_id for said in shown["dissatisfied"]] == [answered[2].pk]


def test_supervision_and_leader_see_what_is_overdue(client, catalogue, lan, lantern, shen, luo):
    late = filed(lan, lantern, timezone.now() - timedelta(days=9))
    filed(lan, lantern, timezone.now())
    shown = home(client, shen)["supervision"]
    assert (shown["overdue"], list(shown["petitions"])) == (1, [late])
    leader = home(client, luo)["leader"]
    assert {card["figure"].measure.key: card["figure"].part for card in leader["cards"]} == {
        "received": 2, "completion": 0, "feedback": 0, "coverage": 0, "overdue": 1,
    }  # fmt: skip


def test_a_petition_of_another_enterprise_is_on_nobody_elses_home(client, catalogue, lan, lantern, stranger, chen):
    other = make_enterprise("别家", 800)
    neighbour = make_user("neighbour", "邻居")
    represent(neighbour, other)
    assign(make_cadre("C9", "nine", "干部九"), other)
    operations.file(by=neighbour, now=timezone.now(), key=uuid4(), enterprise=other, title="别家的诉求", body="内容")
    for person in (lan, stranger, chen):
        client.force_login(person)
        assert "别家" not in client.get("/").content.decode()


def test_a_live_refresh_answers_with_the_fragment_alone(client, catalogue, wen):
    client.force_login(wen)
    fragment = client.get("/", headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip().startswith('<div id="home"')
    assert "<html" not in fragment
