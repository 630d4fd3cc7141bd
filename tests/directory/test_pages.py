"""Pages by keyset: cut together they are the list, whatever the order, the nulls and the size."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from directory.models import Enterprise
from directory.pages import Keyset, seal, unseal
from tests.cast import at, make_enterprise, make_unit

ORDERS = {
    "nulls last, oldest first": [F("last_visited_on").asc(nulls_last=True), "id"],
    "nulls last, newest first": [F("last_visited_on").desc(nulls_last=True), "-id"],
    "directions differ": ["-size", "park", "id"],
    "by name of the street": ["street__name", "-id"],
    "by number": ["-id"],
}
DAYS = [None, None, *(at(f"2023-06-{day:02}").date() for day in (1, 2, 3))]


def pages(keyset: Keyset) -> list[list]:
    """All pages, followed from cursor to cursor."""
    found, cursor = [], ""
    while True:
        page = keyset.page(cursor)
        found.append(page.rows)
        cursor = page.next_cursor
        if not cursor:
            return found


class Properties(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(
        rows=st.lists(
            st.tuples(st.sampled_from(DAYS), st.sampled_from("AB"), st.sampled_from(["SY", "SWJ"])), max_size=12
        ),
        order=st.sampled_from(sorted(ORDERS)),
        size=st.integers(1, 5),
    )
    def test_pages_together_are_the_list(self, rows, order, size):
        for serial, (day, park, street) in enumerate(rows):
            firm = make_enterprise(f"厂{serial}", serial, street, park=park, size="small" if serial % 3 else "large")
            Enterprise.objects.filter(pk=firm.pk).update(last_visited_on=day)
        cut = pages(Keyset(Enterprise.objects.all(), ORDERS[order], size))
        assert [row for page in cut for row in page] == list(Enterprise.objects.order_by(*ORDERS[order]))
        assert [len(page) for page in cut[:-1]] == [size] * (len(cut) - 1)
        assert len(cut[-1]) <= size
        assert cut[-1] or not rows


@pytest.mark.django_db
def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others():
    firms = [make_enterprise(f"厂{n}", n) for n in range(6)]
    keyset = Keyset(Enterprise.objects.all(), ["-id"], 3)
    first = keyset.page()
    make_enterprise("新厂", 99)
    firms[4].delete()
    assert keyset.page(first.next_cursor).rows == [firms[2], firms[1], firms[0]]


@pytest.mark.django_db
def test_rows_read_as_dictionaries_have_pages_as_well():
    for n in range(3):
        make_enterprise(f"厂{n}", n)
    cut = pages(Keyset(Enterprise.objects.values("id", "pinyin"), ["pinyin", "id"], 2))
    assert [len(page) for page in cut] == [2, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "AAAA", "A" * 200, "=" * 9, seal("[]"), seal('["x"]'), seal("{"), seal('"a"')]
)
def test_a_cursor_that_is_not_ours_is_the_first_page(cursor):
    make_enterprise()
    page = Keyset(Enterprise.objects.all(), ["-id"]).page(cursor)
    assert (len(page.rows), page.is_first) == (1, True)


@pytest.mark.django_db
def test_a_deep_page_is_a_walk_of_the_index_without_counting():
    make_unit("SY")
    keyset = Keyset(Enterprise.objects.all(), ["pinyin", "id"], 2)
    for n in range(5):
        make_enterprise(f"厂{n}", n)
    cursor = keyset.page().next_cursor
    with CaptureQueriesContext(connection) as asked, connection.cursor() as database:
        database.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        keyset.page(cursor)
        database.execute("EXPLAIN " + asked[-1]["sql"])
        plan = "\n".join(line for (line,) in database.fetchall())
    assert "COUNT" not in "".join(query["sql"] for query in asked)
    assert "Index Cond: ((pinyin)::text >= " in plan
    assert "Sort" not in plan


def test_a_sealed_text_hides_what_it_says_and_cannot_be_changed():
    sealed = seal('["2023-06-13", 4711]')
    assert unseal(sealed) == '["2023-06-13", 4711]'
    assert "4711" not in sealed
    for position in range(len(sealed) - 1):
        changed = sealed[:position] + ("A" if sealed[position] != "A" else "B") + sealed[position + 1 :]
        with pytest.raises(ValueError, match=r"not sealed here|decode"):
            unseal(changed)
