"""The lists and cards: the same number of queries however long, and what each person finds on them."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from tests.cast import assign, fresh_calendar, make_cadre, make_enterprise
from tests.visits.making import visited


@pytest.fixture
def as_chen(client, chen):
    client.force_login(chen)
    client.get("/visits/")  # what a process asks once is asked
    return client


def firms(chen, count: int, start: int) -> list:
    made = [make_enterprise(f"工厂{n}号", n) for n in range(start, start + count)]
    for firm in made:
        assign(chen.cadre, firm)
    return made


def days_ago(days: int) -> str:
    return (localdate() - timedelta(days=days)).isoformat()


@pytest.mark.parametrize("path", ["/visits/", "/visits/enterprises/"])
def test_a_list_of_fifty_asks_as_much_as_a_list_of_one(as_chen, chen, path, django_assert_num_queries):
    for more, start in ((1, 100), (9, 200), (40, 300)):
        for firm in firms(chen, more, start):
            visited(chen.cadre, firm, days_ago(1))
        fresh_calendar()
        with django_assert_num_queries(QUERIES[path]):
            page = as_chen.get(path)
    assert len(page.context["page"].rows) == 50


QUERIES = {"/visits/": 9, "/visits/enterprises/": 9}


def test_a_visit_and_a_card_ask_at_most_twelve_queries(as_chen, chen, lantern, django_assert_max_num_queries):
    for n in range(12):
        visit = visited(chen.cadre, lantern, f"2023-06-{n + 10}")
        cadre = make_cadre(f"C1{n}", f"more{n}", "同行", "SWJ")
        visit.companions.create(cadre=cadre, unit=cadre.unit)
    for path in (visit.get_absolute_url(), f"/enterprises/{lantern.code}/"):
        with django_assert_max_num_queries(12):
            as_chen.get(path)


def test_the_next_page_goes_on_where_the_first_ended(as_chen, chen):
    made = [visited(chen.cadre, firm, days_ago(n % 7)).number for n, firm in enumerate(firms(chen, 52, 100))]
    first = as_chen.get("/visits/").context["page"]
    second = as_chen.get("/visits/", {"after": first.next_cursor}).context["page"]
    assert (len(first.rows), len(second.rows)) == (50, 2)
    assert {one.number for one in first.rows + second.rows} == set(made)


def test_my_enterprises_come_longest_unvisited_first(as_chen, chen, lantern):
    seen, waiting = firms(chen, 2, 100)
    for firm, days in ((seen, 0), (waiting, 200)):
        firm.last_visited_on = days_ago(days)
        firm.save()
    visited(chen.cadre, seen, days_ago(0))
    page = as_chen.get("/visits/enterprises/")
    assert [(one.name, one.days, one.reached) for one in page.context["page"].rows] == [
        (lantern.name, None, False),
        (waiting.name, 200, False),
        (seen.name, 0, True),
    ]
    cards = [(card["value"]) for card in page.context["duty"]]
    assert cards[1] == "1/3"
    assert [one.name for one in as_chen.get("/visits/enterprises/?waiting=1").context["page"].rows] == [
        lantern.name, waiting.name,
    ]  # fmt: skip


@pytest.mark.parametrize("q", ["灯笼", "dlzz", "91449999MA0000001G", "91449999ma0000001g"])
def test_an_enterprise_is_found_by_name_initials_or_code(as_chen, chen, lantern, q):
    firms(chen, 2, 100)
    assert [one.name for one in as_chen.get("/visits/enterprises/", {"q": q}).context["page"].rows] == [lantern.name]


def test_only_a_cadre_has_enterprises_of_their_own(client, mei):
    client.force_login(mei)
    assert client.get("/visits/enterprises/").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["chen today", "chen before"]),
        ({"all": "1"}, ["chen today", "chen before"]),
        ({"since": "today"}, ["chen today"]),
        ({"until": "2023-06-30"}, ["chen before"]),
        ({"q": "灯笼"}, ["chen before"]),
        ({"counted": "1"}, ["chen before"]),
        ({"cadre": "C001"}, ["chen today", "chen before"]),
        ({"cadre": "C999"}, []),
        ({"unit": "GXJ", "until": "2023-06-30"}, ["chen before"]),
        ({"since": "whenever"}, ["chen today", "chen before"]),
        ({"q": "\0"}, ["chen today", "chen before"]),
        ({"after": "nonsense"}, ["chen today", "chen before"]),
    ],
)
def test_the_list_narrows_to_what_was_asked(as_chen, chen, lantern, query, found):
    firm = firms(chen, 1, 100)[0]
    names = {
        visited(chen.cadre, firm, days_ago(0), mode="phone").number: "chen today",
        visited(chen.cadre, lantern, "2023-06-13").number: "chen before",
    }
    asked = {name: days_ago(0) if value == "today" else value for name, value in query.items()}
    page = as_chen.get("/visits/", asked)
    assert [names[one.number] for one in page.context["page"].rows] == found


def test_a_board_can_lead_to_the_visits_of_one_cadre(client, luo, chen, lantern):
    visit = visited(chen.cadre, lantern, "2023-06-13")
    client.force_login(luo)
    page = client.get("/visits/", {"cadre": "C001", "since": "2023-06-12", "until": "2023-06-18"})
    assert [one.number for one in page.context["page"].rows] == [visit.number]


def test_the_card_shows_profile_cadre_and_visits_to_those_who_may_know(client, as_chen, chen, lan, lantern, stranger):
    visit = visited(chen.cadre, lantern, "2023-06-13")
    for user, status in ((chen, 200), (lan, 200), (stranger, 404)):
        client.force_login(user)
        page = client.get(f"/enterprises/{lantern.code}/")
        assert page.status_code == status
        assert (visit.number in page.content.decode()) is (status == 200)


@pytest.mark.parametrize(
    "path", ["/enterprises/NOBODY/", "/enterprises/%00/", "/visits/V20230613-ZZZZZZ/", "/visits/1/"]
)
def test_what_does_not_exist_is_not_found(as_chen, path):
    assert as_chen.get(path).status_code == 404


def test_the_pages_speak_english_when_asked(as_chen, chen, lantern):
    visit = visited(chen.cadre, lantern, "2023-06-13", orders="up", promise="x", promised_on="2023-06-20")
    as_chen.cookies["language"] = "en"
    for path in ("/visits/", "/visits/enterprises/", visit.get_absolute_url(), f"/enterprises/{lantern.code}/"):
        assert as_chen.get(path).status_code == 200
