"""The board: who may look, what it asks of the database, what it says to a wrong question, where its numbers lead."""

import re
from datetime import date
from html import unescape
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.cohorts import Scope
from assessment.measures import MEASURES, drill
from assessment.periods import Period
from tests.assessment.district import District
from tests.cast import Role, at, seat

YEAR = "/board/?from=2023-01-01&to=2023-12-31"
OVERSEERS = ("mei", "hua", "shen", "luo", "ada")
NOBODY = ("wen", "rui", "chen", "lan", "stranger", "root")


@pytest.fixture
def district(catalogue) -> District:
    return District(seed=7)


def cost(client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def links(page: str) -> list[str]:
    """The lists behind its figures that a page leads to."""
    return sorted({unescape(link) for link in re.findall(r'href="(/board/[a-z0-9-]+/\?[^"]*)"', page)})


@pytest.mark.parametrize("person", OVERSEERS)
def test_those_who_oversee_see_the_whole_district(client, request, catalogue, person):
    client.force_login(request.getfixturevalue(person))
    assert [client.get(path).status_code for path in ("/board/", "/board/received/")] == [200, 200]


@pytest.mark.parametrize("person", NOBODY)
def test_for_others_there_is_no_board(client, request, catalogue, person):
    client.force_login(request.getfixturevalue(person))
    assert [client.get(path).status_code for path in ("/board/", "/board/received/")] == [404, 404]


def test_an_anonymous_visitor_is_asked_to_sign_in(client, db):
    assert [client.get(path).url for path in ("/", "/board/")] == ["/login/?next=/", "/login/?next=/board/"]


def test_a_head_sees_the_own_unit_and_no_other(client, district, zhao):
    client.force_login(zhao)
    mine = [one for one in district.petitions if one["unit"] == "SWJ"]
    page = client.get("/board/received/?from=2023-01-01&to=2023-12-31")
    assert sorted(row.pk for row in page.context["drill"].page.rows) == sorted(one["pk"] for one in mine)
    assert client.get(f"{YEAR}&unit=JTJ").status_code == 400
    assert client.get("/board/received/?unit=JTJ").status_code == 400


def test_a_head_of_two_units_chooses_between_them(client, district, zhao):
    client.force_login(seat(zhao, "JTJ", Role.HEAD))
    pages = [client.get(f"{YEAR}&unit={code}") for code in ("SWJ", "JTJ")]
    shown = [page.context["cards"][0]["figure"].part for page in pages]
    assert shown == [sum(one["unit"] == code for one in district.petitions) for code in ("SWJ", "JTJ")]


def test_the_board_costs_the_same_however_much_there_is(client, district, luo):
    client.force_login(luo)
    client.get(YEAR)
    before = cost(client, YEAR)
    for _ in range(50):
        district.petition()
        district.visit()
    assert (before, cost(client, YEAR)) == (10, 10)  # the tenth counts the queue for the menu


@pytest.mark.parametrize(
    ("key", "queries"), [("received", 10), ("feedback", 11), ("solved", 11), ("visits", 10), ("coverage", 11)]
)
def test_a_list_costs_the_same_however_long_it_is(client, district, luo, key, queries):
    client.force_login(luo)
    path = f"/board/{key}/?from=2023-01-01&to=2023-12-31"
    client.get(path)
    before = cost(client, path)
    for _ in range(30):
        district.petition()
        district.visit()
    assert (before, cost(client, path)) == (queries, queries)


def test_every_number_of_the_board_leads_to_its_rows(client, district, luo):
    client.force_login(luo)
    page = client.get(YEAR)
    scope = page.context["scope"]
    for link in links(page.content.decode()):
        found = client.get(link).context["drill"]
        asked = dict(re.findall(r"[?&](from|to)=([0-9-]+)", link))
        period = Period(date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"]))
        assert (link, found.figure.measure.key) == (link, re.match(r"/board/([a-z0-9-]+)/", link)[1])
        if period == scope.period and "unit=" not in link and "group=" not in link:
            assert (link, found.figure) == (link, shown(page.context, found.figure.measure.key) or found.figure)


def shown(context, key: str):
    return next((card["figure"] for card in context["cards"] if card["figure"].measure.key == key), None)


def test_a_long_list_is_cut_into_pages_that_hold_each_row_once(client, district, luo):
    client.force_login(luo)
    path, rows = "/board/feedback/?from=2023-01-01&to=2023-12-31&face=whole", []
    for _ in range(10):
        page = client.get(path).context["drill"].page
        rows += [row.pk for row in page.rows]
        path = f"{path.split('&after')[0]}&after={page.next_cursor}"
        if not page.next_cursor:
            break
    year = Scope(Period(date(2023, 1, 1), date(2023, 12, 31)), at("2026-01-01"))
    assert sorted(rows) == sorted(drill("feedback", year, "whole").values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=2023-02-30&to=2023-03-01", "输入一个有效的日期。"),
        ("from=2023-03-01&to=2023-02-01", "截止日期早于起始日期。"),
        ("to=2023-02-01", "请填写起始日期。"),
        ("from=2001-01-01&to=2090-01-01", "一次最多统计 30 年。"),
        ("unit=XXX", "选择一个有效的选项"),
        ("group=%00", "选择一个有效的选项"),
        ("street=SWJ", "选择一个有效的选项"),
    ],
)
def test_a_wrong_question_is_answered_at_its_field(client, catalogue, luo, asked, said):
    client.force_login(luo)
    pages = [client.get(f"{path}?{asked}") for path in ("/board/", "/board/received/")]
    assert [(page.status_code, said in page.content.decode()) for page in pages] == [(400, True)] * 2


@pytest.mark.parametrize("asked", ["", "?from=nonsense"])
def test_there_is_no_list_behind_a_measure_nobody_knows(client, catalogue, luo, asked):
    client.force_login(luo)
    assert client.get(f"/board/unheard-of/{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["?face=nonsense&after=nonsense", "?by=nonsense", "?period=nonsense", "?period=week"])
def test_what_is_not_understood_is_passed_over(client, catalogue, luo, asked):
    client.force_login(luo)
    assert [client.get(f"{path}{asked}").status_code for path in ("/board/", "/board/completion/")] == [200, 200]


def test_each_figure_stands_with_its_definition(client, catalogue, luo):
    client.force_login(luo)
    page = client.get("/board/").content.decode()
    missing = [key for key, one in MEASURES.items() if "open-" not in key and str(one.definition) not in unescape(page)]
    assert missing == []


def test_a_board_of_nothing_says_so(client, catalogue, luo):
    client.force_login(luo)
    page = client.get("/board/").content.decode()
    assert page.count("期内没有收到诉求。") == 2
    assert "目前没有逾期的诉求。" in page
    assert "期内没有可比较的单位。" in page


def test_peers_are_ranked_apart_and_few_cases_not_at_all(client, district, luo):
    client.force_login(luo)
    for _ in range(60):
        district.petition()
    ranking = client.get(f"{YEAR}&by=completion").context["ranking"]
    peers = {
        str(one["label"]): [(bar["figure"].is_few, -bar["figure"].at_least) for bar in one["bars"]]
        for one in ranking["peers"]
    }
    assert set(peers) == {"业务部门", "市驻区单位"}
    assert all(order == sorted(order) for order in peers.values())


@pytest.mark.parametrize(
    ("first", "last", "grain", "pieces"),
    [
        ("2023-02-01", "2023-02-28", "day", 28),
        ("2023-01-01", "2023-03-31", "week", 14),
        ("2023-01-01", "2023-12-31", "month", 12),
        ("2023-01-15", "2023-12-15", "month", 12),
        ("2011-01-01", "2020-12-31", "year", 10),
        ("2023-05-05", "2023-05-05", "day", 1),
    ],
)
def test_a_trend_covers_its_period_without_gap(first, last, grain, pieces):
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    cut = list(period.pieces())
    assert (period.grain, len(cut), cut[0].first, cut[-1].last) == (grain, pieces, period.first, period.last)
    assert all((b.first - a.last).days == 1 for a, b in pairwise(cut))


@pytest.mark.parametrize(
    "asked", ["from=2023-01-01&to=2023-12-31", "from=2023-01-01&to=2023-03-31", "from=2023-03-01&to=2023-03-31"]
)
def test_the_columns_of_a_trend_add_up_to_what_was_received(client, district, luo, asked):
    client.force_login(luo)
    context = client.get(f"/board/?{asked}").context
    columns = context["trend"]["columns"]
    totals = [sum(column[name].part for column in columns) for name in ("received", "closed")]
    assert totals == [shown(context, "received").part, sum(one["closed"].part for one in context["groups"])]
