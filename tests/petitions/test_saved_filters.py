"""What a list may be narrowed by, and lists kept under a name of one's own."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from petitions import operations
from petitions.lists import MOST_SAVED, FilterForm
from petitions.models import Deadline, Petition, SavedFilter
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.usefixtures("catalogue")
HOUR = timedelta(hours=1)
SAVE, REMOVE, ALL = "/petitions/filters/save/", "/petitions/filters/remove/", "/petitions/all/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def three(catalogue, lan, lantern, mei, wen, now) -> None:
    """新 waits at the desk; 水 is with Water, urged and ordered; 重 is a key matter not yet accepted."""
    filed(lan, lantern, now - HOUR, "新")
    water = operations.accept(
        dispatched(filed(lan, lantern, now - 3 * HOUR, "水"), mei, now - 2 * HOUR), wen, now - HOUR
    )
    operations.urge(water, mei, now, note="快")
    Petition.objects.filter(pk=water.pk).update(supervision_level=2)
    Petition.objects.exclude(pk=water.pk).update(channel="visit")
    dispatched(filed(lan, lantern, now - 2 * HOUR, "重"), mei, now - HOUR, standard="P3", category="A1")


def narrowed(user, now, query: str) -> list[str]:
    form = FilterForm(QueryDict(query), now=now, user=user)
    found = form.narrow(Petition.objects.visible_to(user, now))
    return list(found.order_by("filed_at").values_list("title", flat=True))


@pytest.mark.usefixtures("three")
class TestConditions:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("show=unit&stage=accepted", ["水"]),
            ("show=handled", ["水"]),
            ("mine=on", ["水"]),
            ("urged=on", ["水"]),
            ("supervised=any", ["水"]),
            ("supervised=2", ["水"]),
            ("supervised=1", []),
            ("standard=P3", ["重"]),
            ("standard=P2&channel=enterprise", ["水"]),
            ("street=SY", ["水", "重"]),
            ("street=XA", []),
            ("category=E2", ["水"]),
            ("clock=suspended", []),
            ("clock=overdue", []),
        ],
    )
    def test_of_a_unit(self, wen, now, query, found):
        assert narrowed(wen, now, query) == found

    def test_of_clocks(self, wen, mei, now):
        assert narrowed(mei, now, "clock=yellow") == []
        row = Deadline.objects.get(petition__title="水", clock="close")
        Deadline.objects.filter(pk=row.pk).update(extensions=1)
        Petition.objects.filter(title="水").update(warn_at=now - HOUR, due_at=now + HOUR)
        assert narrowed(mei, now, "clock=extended") == ["水"]
        assert narrowed(mei, now, "clock=yellow") == ["水"]
        assert narrowed(mei, now + 2 * HOUR, "clock=yellow") == []

    def test_of_a_helper_that_is_late(self, mei, wen, rui, now):
        operations.consult(Petition.objects.get(title="水"), wen, now, units=[rui.posts.get().unit], question="?")
        assert narrowed(mei, now, "clock=helper") == []
        assert narrowed(mei, Deadline.objects.get(clock="co_organise").due_at + HOUR, "clock=helper") == ["水"]

    @pytest.mark.parametrize("query", ["supervised=any", "urged=on", "standard=P3", "clock=overdue", "mine=on"])
    def test_the_enterprise_has_none_that_tell_it_of_internal_matters(self, client, lan, now, query):
        assert narrowed(lan, now, query) == ["水", "重", "新"]
        client.force_login(lan)
        html = client.get(f"{ALL}?{query}").content.decode()
        assert ("督办" in html, 'name="urged"' in html) == (False, False)

    def test_a_tab_is_listed_by_urgency_and_all_else_newest_first(self, client, wen, now):
        client.force_login(wen)
        listed = {}
        for query in ("", "show=unit", "show=unit&sort=newest", "sort=urgent"):
            html = client.get(f"{ALL}?{query}").content.decode()
            listed[query] = [title for title in ("水", "重") if f"<bdi>{title}</bdi>" in html]
            if html.index("<bdi>水</bdi>") > html.index("<bdi>重</bdi>"):
                listed[query].reverse()
        due = Petition.objects.filter(title__in="水重").order_by("due_at").values_list("title", flat=True)
        assert listed == {"": ["重", "水"], "show=unit": list(due), "show=unit&sort=newest": ["重", "水"],
                          "sort=urgent": list(due)}  # fmt: skip

    def test_a_tab_of_another_seat_cannot_be_asked_for(self, wen, now):
        assert narrowed(wen, now, "show=supervise") == []


class TestKept:
    def saved(self, client, user, name: str, query: str):
        client.force_login(user)
        return client.post(SAVE, {"name": name, "query": query})

    def test_what_the_filter_knows_is_kept_and_nothing_else(self, client, wen):
        query = (
            "lead=SWJ&next=https://evil.example&stage=open&after=xyz&q=%E7%A7%AF%E6%B0%B4&csrfmiddlewaretoken=1&mine=on"
        )
        answer = self.saved(client, wen, "积水未结", query)
        kept = SavedFilter.objects.get()
        assert (kept.user, kept.query) == (wen, "q=%E7%A7%AF%E6%B0%B4&stage=open&lead=SWJ&mine=1")
        assert (answer.status_code, answer["Location"]) == (302, f"{ALL}?{kept.query}")
        html = client.get(f"{ALL}?{kept.query}").content.decode()
        assert (
            f'<a href="{ALL}?q=%E7%A7%AF%E6%B0%B4&amp;stage=open&amp;lead=SWJ&amp;mine=1" aria-current="true">' in html
        )

    @pytest.mark.parametrize(
        "query", ["", "next=https://evil.example", "lead=NOWHERE", "show=supervise", "since=gestern"]
    )
    def test_what_says_nothing_or_cannot_be_read_is_not_kept(self, client, wen, query):
        assert self.saved(client, wen, "空", query).status_code == 422
        assert SavedFilter.objects.count() == 0

    def test_each_name_once_a_person(self, client, wen, mei):
        for user, status in ((wen, 302), (wen, 422), (mei, 302)):
            assert self.saved(client, user, "未结", "stage=open").status_code == status
        assert SavedFilter.objects.count() == 2

    def test_twenty_and_no_more(self, client, wen, now):
        SavedFilter.objects.bulk_create(
            SavedFilter(user=wen, name=str(n), query="stage=open", made_at=now) for n in range(MOST_SAVED)
        )
        answer = self.saved(client, wen, "再一个", "stage=open")
        assert (answer.status_code, "最多保存 20 个筛选" in answer.content.decode()) == (422, True)

    def test_are_shown_to_nobody_else_and_removed_by_nobody_else(self, client, wen, mei):
        client.get(self.saved(client, wen, "我的未结", "stage=open")["Location"])  # reads that it is kept
        client.force_login(mei)
        assert "我的未结" not in client.get(ALL).content.decode()
        client.post(REMOVE, {"name": "我的未结"})
        assert SavedFilter.objects.count() == 1
        client.force_login(wen)
        assert "我的未结" in client.get("/petitions/").content.decode()
        assert client.post(REMOVE, {"name": "我的未结"}).status_code == 302
        assert SavedFilter.objects.count() == 0

    @pytest.mark.parametrize("name", ["", "\0", "a" * 31, "\u200b"])
    def test_a_name_must_be_one(self, client, wen, name):
        assert self.saved(client, wen, name, "stage=open").status_code == 422
        client.post(REMOVE, {"name": name})
