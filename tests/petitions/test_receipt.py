"""The receipt of a petition, the link on it, and what whoever holds the link may see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import User
from petitions import operations
from petitions.models import Petition, ProgressLink
from petitions.operations.links import make_link, revoke_link
from petitions.receipt import qr_code
from tests.petitions.stories import dispatched, filed, promised, rated, replied

pytestmark = pytest.mark.usefixtures("catalogue")
SITE = "https://petitions.example.org"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def petition(catalogue, lan, lantern, mei, wen) -> Petition:
    now = timezone.now()
    return operations.accept(dispatched(filed(lan, lantern, now), mei, now), wen, now)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def receipt(user: User, petition: Petition) -> str:
    answer = as_(user).get(f"{petition.get_absolute_url()}receipt/")
    assert answer.status_code == 200
    return answer.content.decode()


def press(user: User, petition: Petition, act: str, token: str = ""):
    there = f"{petition.get_absolute_url()}receipt/link/"
    return as_(user).post(there, {"act": act, "token": token}, follow=True)


def opened(token: str, **headers):
    return Client().get(f"/progress/{token}/", headers=headers)


class TestReceipt:
    def test_says_what_was_filed_what_was_promised_and_who_handles_it(self, petition, lan, lantern):
        html = receipt(lan, petition)
        due = {one.clock: timezone.localtime(one.due_at) for one in petition.deadlines.all()}
        told = [
            petition.number,
            petition.title,
            lantern.name,
            "P2 一般",
            "区水务局",
            "文经办",
            "3 个工作日",
            "5 个工作日",
        ]
        told += [f"{due[clock]:%Y-%m-%d}" for clock in ("accept", "feedback", "close")]
        assert [one for one in told if one not in html] == []

    def test_names_the_channel_it_came_by_and_its_number_there(self, catalogue, mei, lantern):
        letter = filed(mei, lantern, timezone.now(), channel="letter", outside_number="XF-2026-7")
        html = receipt(mei, letter)
        assert [one for one in ("来信", "XF-2026-7", "7 个日历日", "3 个月") if one not in html] == []

    def test_has_no_code_before_somebody_makes_a_link(self, petition, chen):
        assert ("生成链接" in receipt(chen, petition), "<svg viewBox" in receipt(chen, petition)) == (True, False)

    @pytest.mark.parametrize("holder", ["lan", "chen", "mei"])
    def test_carries_the_code_of_the_link(self, petition, request, holder):
        user = request.getfixturevalue(holder)
        html = press(user, petition, "make").content.decode()
        link = petition.links.get()
        assert link.made_by == user
        address = f"{SITE}/progress/{link.token}/"
        assert (qr_code(address) in html, html.count(address)) == (True, 2)

    def test_draws_the_code_without_styles_which_the_policy_forbids(self):
        drawn = qr_code(f"{SITE}/progress/x/")
        assert drawn.startswith("<svg viewBox")
        assert not any(word in drawn for word in ("style", "class", "href", "script"))


class TestLink:
    def test_made_twice_is_one(self, petition, lan, chen):
        press(lan, petition, "make")
        press(chen, petition, "make")
        assert petition.links.count() == 1

    def test_renewed_opens_and_the_one_before_does_not(self, petition, lan, mei):
        old = make_link(petition, lan, timezone.now())
        press(mei, petition, "renew", old.token)
        new = petition.links.get(revoked_at=None)
        old.refresh_from_db()
        assert (old.revoked_by, new.made_by, new.token != old.token) == (mei, mei, True)
        assert (opened(old.token).status_code, opened(new.token).status_code) == (404, 200)

    def test_revoked_opens_nothing_from_then_on_and_stays_written_down(self, petition, lan, chen):
        link = make_link(petition, lan, timezone.now())
        html = press(chen, petition, "revoke", link.token).content.decode()
        assert (opened(link.token).status_code, "已撤销的链接" in html, "陈干部于" in html) == (404, True, True)

    @pytest.mark.parametrize("act", ["renew", "revoke"])
    def test_pressed_on_an_older_page_changes_nothing(self, petition, lan, mei, act):
        old = make_link(petition, lan, timezone.now())
        press(mei, petition, "renew", old.token)
        html = press(lan, petition, act, old.token).content.decode()
        assert ("已被撤销或更换" in html, ProgressLink.objects.count()) == (True, 2)
        assert petition.links.filter(revoked_at=None).count() == 1

    @pytest.mark.parametrize(("user", "status"), [("wen", 403), ("luo", 403), ("stranger", 404)])
    def test_is_made_by_nobody_else(self, petition, request, user, status):
        assert press(request.getfixturevalue(user), petition, "make").status_code == status
        assert ProgressLink.objects.count() == 0

    def test_of_an_unknown_act_does_not_exist(self, petition, lan):
        assert press(lan, petition, "sell").status_code == 404

    def test_needs_the_token_of_the_form(self, petition, lan):
        client = Client(enforce_csrf_checks=True)
        client.force_login(lan)
        assert client.post(f"{petition.get_absolute_url()}receipt/link/", {"act": "make"}).status_code == 403


class TestPublicProgress:
    def test_says_where_it_stands_who_has_it_and_until_when(self, petition, lan):
        html = opened(make_link(petition, lan, timezone.now()).token).content.decode()
        due = timezone.localtime(petition.deadlines.get(clock="feedback").due_at)
        told = [
            petition.number,
            "办理中",
            "区水务局",
            f"区水务局正在办理，{due:%Y-%m-%d %H:%M} 前给出反馈",
            "分拨到牵头单位",
        ]
        assert [one for one in told if one not in html] == []

    def test_is_kept_by_nobody_and_found_by_no_search(self, petition, lan):
        link = make_link(petition, lan, timezone.now())
        for token in (link.token, "x" * 24):
            answer = opened(token)
            assert {name: answer[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")} == {
                "Cache-Control": "no-store",
                "X-Robots-Tag": "noindex, nofollow, noarchive",
                "Referrer-Policy": "no-referrer",
            }
            assert not answer.cookies

    def test_revoked_and_never_made_cannot_be_told_apart(self, petition, lan, django_assert_num_queries):
        link = make_link(petition, lan, timezone.now())
        revoke_link(petition, lan, timezone.now(), token=link.token)
        answers = []
        for token in (link.token, "x" * 24):
            with django_assert_num_queries(1):
                answers.append(opened(token))
        revoked, unknown = answers
        assert (revoked.status_code, unknown.status_code) == (404, 404)
        assert revoked.content == unknown.content
        assert revoked.headers == unknown.headers
        assert "索取新的链接" in revoked.content.decode()

    def test_costs_three_queries_whatever_happened(self, petition, lan, lantern, mei, wen, django_assert_num_queries):
        now = timezone.now()
        long = promised(petition, wen, now, timezone.localdate(now))
        long = rated(replied(long, wen, now), lan, now, solved="no", satisfaction=1)
        new = filed(lan, lantern, now)
        merged = operations.merge(filed(lan, lantern, now), mei, now, master=new, note="同一事项")
        for one in (long, new, merged):
            token = make_link(one, lan, now).token
            with django_assert_num_queries(3):
                assert opened(token).status_code == 200

    def test_is_the_same_for_everybody(self, petition, lan, monkeypatch):
        now = timezone.now()
        link = make_link(petition, lan, now)
        monkeypatch.setattr(timezone, "now", lambda: now)
        assert as_(lan).get(f"/progress/{link.token}/").content == opened(link.token).content

    def test_asks_for_itself_again_and_says_when_the_link_has_gone(self, petition, lan):
        link = make_link(petition, lan, timezone.now())
        fragment = opened(link.token, **{"HX-Request": "true"}).content.decode()
        assert ("<html" in fragment, f'hx-get="/progress/{link.token}/"' in fragment) == (False, True)
        revoke_link(petition, lan, timezone.now(), token=link.token)
        gone = opened(link.token, **{"HX-Request": "true"})
        assert (gone.status_code, "<html" in gone.content.decode()) == (404, False)
        assert "链接无效" in gone.content.decode()

    def test_of_a_merged_petition_is_its_masters(self, petition, lan, lantern, mei):
        now = timezone.now()
        merged = operations.merge(filed(lan, lantern, now), mei, now, master=petition, note="同一事项")
        html = opened(make_link(merged, lan, now).token).content.decode()
        assert [one for one in (merged.number, "已并入同一企业", "办理中", "区水务局正在办理") if one not in html] == []
        assert petition.number not in html

    @pytest.mark.parametrize("token", ["", "x", "x" * 400, "%00", "..%2f"])
    def test_of_any_other_token_does_not_exist(self, catalogue, token):
        assert opened(token).status_code == 404

    def test_writes_nothing_and_takes_nothing(self, petition, lan):
        link = make_link(petition, lan, timezone.now())
        assert Client().post(f"/progress/{link.token}/").status_code == 405


def test_a_link_outlives_the_petition_until_it_is_revoked(petition, lan, wen):
    now = timezone.now()
    link = make_link(petition, lan, now)
    rated(replied(petition, wen, now), lan, now + timedelta(hours=1))
    html = opened(link.token).content.decode()
    assert ("已办结" in html, "诉求已办结。" in html) == (True, True)
