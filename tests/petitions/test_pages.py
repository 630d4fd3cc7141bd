"""The lists and the page of one petition: who sees what, in how many queries."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from directory.models import Unit
from notices import live
from petitions import operations
from petitions.models import Petition
from tests.cast import fresh_calendar, make_enterprise, make_user, represent, seat
from tests.petitions.stories import dispatched, filed, promised, rated, replied

pytestmark = pytest.mark.usefixtures("catalogue")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUEUE, ALL, NEW = "/petitions/", "/petitions/all/", "/petitions/new/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def petition(catalogue, lan, lantern, now) -> Petition:
    return filed(lan, lantern, now - HOUR)


def opened(client, user, path: str, status: int = 200, **headers) -> str:
    client.force_login(user)
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    return answer.content.decode()


def titles(html: str) -> list[str]:
    return [part.split("</bdi>")[0] for part in html.split('class="row-link"')[1:] for part in part.split("<bdi>")[1:2]]


class TestQueue:
    def test_shows_first_what_awaits_the_reader(self, client, petition, lan, lantern, mei, wen, now):
        dispatched(filed(lan, lantern, now - DAY, title="给水务"), mei, now - HOUR)
        assert titles(opened(client, mei, QUEUE)) == ["厂区门口积水"]
        assert titles(opened(client, wen, QUEUE)) == ["给水务"]
        assert sorted(titles(opened(client, mei, f"{QUEUE}?show=all"))) == ["厂区门口积水", "给水务"]

    def test_has_the_tabs_of_the_seats_held(self, client, petition, wen, mei, hua):
        words = ("本单位", "待评价", "今日到期", "已逾期", "全部未办结")
        pages = {user.username: opened(client, user, QUEUE) for user in (wen, mei, hua)}
        shown = {name: [one for one in words if f'">{one}<' in html] for name, html in pages.items()}
        assert shown == {
            "wen": ["本单位", "今日到期", "已逾期", "全部未办结"],
            "mei": ["今日到期", "已逾期", "全部未办结"],
            "hua": ["待评价", "今日到期", "已逾期", "全部未办结"],
        }

    def test_counts_overdue_by_the_clock_not_by_the_sweep(self, client, lan, lantern, mei, now):
        filed(lan, lantern, now - 30 * DAY, title="旧事")
        assert titles(opened(client, mei, f"{QUEUE}?show=overdue")) == ["旧事"]

    def test_of_a_unit_holds_once_what_it_leads_or_helps_with(self, client, lan, lantern, mei, wen, rui, now):
        dispatched(filed(lan, lantern, now, title="一"), mei, now, helpers=("JTJ", "GXJ", "FGJ"))
        assert titles(opened(client, wen, f"{QUEUE}?show=unit")) == ["一"]
        assert titles(opened(client, rui, f"{QUEUE}?show=unit")) == ["一"]
        assert titles(opened(client, wen, ALL)) == ["一"]

    def test_listens_to_the_queues_of_the_reader(self, client, petition, wen, mei, lan):
        pages = {user.username: opened(client, user, QUEUE) for user in (wen, mei, lan)}
        topics = {name: html.split('data-live="')[2].split('"')[0] for name, html in pages.items()}
        assert topics == {"wen": "unit:SWJ", "mei": "desk", "lan": "me"}

    def test_an_unknown_tab_and_a_foreign_cursor_are_the_first_page(self, client, petition, mei):
        assert titles(opened(client, mei, f"{QUEUE}?show=%00&after=%00x")) == ["厂区门口积水"]


class TestList:
    def test_holds_what_the_reader_may_know_of(self, client, petition, lan, chen, mei, ada, wen, stranger):
        seen = {user.username: titles(opened(client, user, ALL)) for user in (lan, chen, mei, ada, wen, stranger)}
        one = ["厂区门口积水"]
        assert seen == {"lan": one, "chen": one, "mei": one, "ada": one, "wen": [], "stranger": []}

    def test_goes_on_page_by_page(self, client, lan, lantern, mei, now):
        many(lan, lantern, now, 51)
        html = opened(client, mei, ALL)
        assert titles(html) == [f"诉求 {n}" for n in range(50)]
        after = html.split('rel="next" href="')[1].split('"')[0]
        assert titles(opened(client, mei, ALL + after)) == ["诉求 50"]

    def test_says_what_is_wrong_with_the_filter(self, client, petition, mei):
        html = opened(client, mei, f"{ALL}?since=morgen&q=%00")
        assert (titles(html), "data-error-summary" in html) == ([], True)

    def test_words_of_people_are_text(self, client, lan, lantern, mei, now):
        filed(lan, lantern, now, title="<script>alert(1)</script>", body="<img src=x onerror=alert(1)>")
        html = opened(client, mei, ALL)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


def many(lan, lantern, now, count: int) -> None:
    for n in range(count):
        filed(lan, lantern, now - n * timedelta(minutes=1), title=f"诉求 {n}")


class TestQueries:
    """Session, user, seats, bell, menu (two) and the page's own: the same for 1 row and for 50."""

    @pytest.mark.parametrize("rows", [1, 10, 50])
    def test_of_the_queue(self, client, lan, lantern, mei, now, rows, django_assert_num_queries):
        many(lan, lantern, now, rows)
        client.force_login(mei)
        fresh_calendar()
        with django_assert_num_queries(9):
            assert len(titles(client.get(QUEUE).content.decode())) == rows

    @pytest.mark.parametrize("rows", [1, 10, 50])
    def test_of_the_list(self, client, lan, lantern, mei, now, rows, django_assert_num_queries):
        many(lan, lantern, now, rows)
        client.force_login(mei)
        fresh_calendar()
        with django_assert_num_queries(11):
            assert len(titles(client.get(ALL).content.decode())) == rows

    def test_of_one_petition_at_its_longest(self, client, lan, lantern, mei, wen, rui, now, django_assert_num_queries):
        petition = long_story(lan, lantern, mei, wen, rui, now)
        client.force_login(wen)
        fresh_calendar()
        with django_assert_num_queries(14):
            client.get(petition.get_absolute_url())

    def test_of_one_waiting_at_the_desk(self, client, petition, mei, django_assert_num_queries):
        client.force_login(mei)
        fresh_calendar()
        with django_assert_num_queries(14):
            client.get(petition.get_absolute_url())


def long_story(lan, lantern, mei, wen, rui, now) -> Petition:
    petition = filed(lan, lantern, now - 9 * DAY, phone="13900001111")
    petition = dispatched(petition, mei, now - 8 * DAY, helpers=("JTJ", "GXJ"))
    petition = operations.accept(petition, wen, now - 7 * DAY, handler=wen)
    petition = operations.advise(petition, rui, now - 6 * DAY, answer="道路归我局")
    petition = promised(petition, wen, now - 5 * DAY, on=timezone.localdate(now))
    petition = replied(petition, wen, now - 4 * DAY, waiver="另行研究")
    return rated(petition, lan, now - 3 * DAY, solved="no", satisfaction=1)


class TestPetition:
    def test_does_not_exist_for_a_stranger(self, client, petition, stranger, wen):
        for user in (stranger, wen):
            opened(client, user, petition.get_absolute_url(), 404)
        opened(client, stranger, "/petitions/QS20260101-AAAAAA/", 404)

    @pytest.mark.parametrize("path", ["", "accept/", f"files/{uuid4()}/"])
    def test_sends_the_anonymous_to_the_login_page(self, client, petition, path):
        answer = client.get(petition.get_absolute_url() + path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("directory:login"))

    @pytest.mark.parametrize("number", ["%00", "QS%00", "%ED%A0%80", "a" * 300, "QS'--"])
    def test_no_number_is_an_error(self, client, mei, number):
        opened(client, mei, f"/petitions/{number}/", 404)

    def test_shows_the_enterprise_what_was_promised_and_not_what_passes_between_the_units(
        self, client, lan, lantern, mei, wen, rui, now
    ):
        petition = long_story(lan, lantern, mei, wen, rui, now)
        html, inside = (opened(client, user, petition.get_absolute_url()) for user in (lan, wen))
        for words in ("文经办", "已疏通雨水管并加装泵站。", "区水务局", "市交通运输局宝安管理局", "第 1 次重办"):
            assert words in html
            assert words in inside
        for words in ("道路归我局", "另行研究", "时限明细"):
            assert words not in html
            assert words in inside

    def test_says_what_comes_next_and_what_was_not_kept(self, client, lan, lantern, mei, now):
        new, old = filed(lan, lantern, now), filed(lan, lantern, now - 30 * DAY)
        assert "前把诉求分拨到牵头单位" in opened(client, lan, new.get_absolute_url())
        assert "现已逾期，系统正在催办" in opened(client, lan, old.get_absolute_url())

    def test_has_the_buttons_of_the_open_steps(self, client, petition, lan, mei, chen, ada):
        def buttons(user) -> list[str]:
            html = opened(client, user, petition.get_absolute_url())
            return [part.split('/"')[0] for part in html.split(f'hx-get="{petition.get_absolute_url()}')[2:]]

        shown = {user.username: buttons(user) for user in (lan, mei, chen, ada)}
        desk = ["dispatch", "clarify", "propose_decline", "transfer", "urge"]
        assert shown == {"lan": ["correct", "urge", "withdraw"], "mei": desk, "chen": ["urge"], "ada": []}

    def test_masks_the_phone_for_those_who_only_watch(self, client, lan, lantern, mei, ada, now):
        petition = filed(lan, lantern, now, phone="13912345678")
        assert "13912345678" in opened(client, mei, petition.get_absolute_url())
        html = opened(client, ada, petition.get_absolute_url())
        assert ("13912345678" in html, "139****5678" in html) == (False, True)

    def test_answers_htmx_with_the_very_cards_the_page_includes(self, client, petition, mei):
        whole = opened(client, mei, petition.get_absolute_url())
        part = opened(client, mei, petition.get_absolute_url(), **{"HX-Request": "true"})
        assert part.strip().startswith('<div id="petition"')
        assert "<html" not in part
        assert part.strip() in whole

    def test_listens_to_its_own_topic_and_marks_its_notices_read(self, client, petition, mei):
        html = opened(client, mei, petition.get_absolute_url())
        assert f'data-live="petition:{petition.number}"' in html
        assert f'name="about" value="{petition.number}"' in html


class TestTopics:
    def test_a_petition_is_heard_by_those_who_may_see_it(self, petition, lan, mei, wen, stranger, now):
        heard = [live.may_watch(user, petition.live_topic, now) for user in (lan, mei, wen, stranger)]
        assert heard == [True, True, False, False]

    def test_a_queue_is_heard_by_its_own_people(self, wen, zhao, rui, mei, lan, now):
        assert [live.may_watch(user, "unit:SWJ", now) for user in (wen, zhao)] == [True, True]
        assert [live.may_watch(user, "unit:SWJ", now) for user in (rui, mei, lan)] == [False, False, False]
        assert [live.may_watch(user, "desk", now) for user in (wen, mei, lan)] == [False, True, False]

    @pytest.mark.parametrize("topic", ["petition:\0", "petition:", "unit:\0", "unit:", "petition:\ud800"])
    def test_nonsense_is_nobodys(self, mei, wen, now, topic):
        assert not live.may_watch(mei, topic, now)
        assert not live.may_watch(wen, topic, now)


class TestOfARecord:
    def test_the_card_of_an_enterprise_lists_its_petitions(self, client, petition, chen, lantern):
        assert titles(opened(client, chen, f"/enterprises/{lantern.code}/")) == ["厂区门口积水"]

    def test_but_only_those_the_reader_may_know_of(self, client, petition, lantern, lan, mei, now):
        street = seat(make_user("jie", "街经办"), Unit.objects.get(code="SY"), "member")
        assert titles(opened(client, street, f"/enterprises/{lantern.code}/")) == []
        dispatched(petition, mei, now, helpers=("SY",))
        assert titles(opened(client, street, f"/enterprises/{lantern.code}/")) == ["厂区门口积水"]


class TestFiling:
    words = {"title": "厂区门口积水", "body": "每逢暴雨积水半米。", "contact": "兰经理"}

    def test_by_a_representative(self, client, lan, lantern, mei):
        client.force_login(lan)
        answer = client.post(NEW, self.words | {"key": str(uuid4())})
        petition = Petition.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, petition.get_absolute_url())
        assert (petition.enterprise, petition.channel, petition.contact) == (lantern, "enterprise", "兰经理")

    def test_twice_with_one_key_files_once(self, client, lan):
        client.force_login(lan)
        key = str(uuid4())
        answers = [client.post(NEW, self.words | {"key": key})["Location"] for _ in range(2)]
        assert answers == [Petition.objects.get().get_absolute_url()] * 2

    def test_by_a_cadre_with_the_consent_recorded(self, client, chen, lantern):
        client.force_login(chen)
        words = self.words | {"key": str(uuid4()), "enterprise": lantern.code}
        assert client.post(NEW, words).status_code == 422
        assert client.post(NEW, words | {"consent": "兰经理电话同意"}).status_code == 302
        assert (Petition.objects.get().channel, Petition.objects.get().consent) == ("visit", "兰经理电话同意")

    def test_is_not_for_others(self, client, wen, mei):
        for user in (wen, mei):
            opened(client, user, NEW, 403)

    def test_keeps_what_was_written_when_something_is_wrong(self, client, lan):
        client.force_login(lan)
        answer = client.post(NEW, {"title": "标" * 81, "body": "内容在此", "key": str(uuid4())})
        html = answer.content.decode()
        assert (answer.status_code, Petition.objects.count()) == (422, 0)
        assert "data-error-summary" in html
        assert "内容在此" in html

    def test_with_many_enterprises_offers_all_of_them_with_one_chosen(self, client, lan, lantern):
        second = make_enterprise("第二工厂", serial=3)
        represent(lan, second)
        html = opened(client, lan, f"{NEW}?enterprise={second.code}")
        assert f'value="{second.code}" selected' in html
        assert lantern.name in html
