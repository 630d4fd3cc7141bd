"""What passes between the offices stays there, whichever door is tried."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from directory.models import Unit, User
from notices.models import Notice
from notices.wording import render
from petitions import operations
from petitions.models import Category, Petition
from petitions.operations.links import make_link
from petitions.process import Stage
from tests.access.outside import SECRET, WAYS, Way
from tests.cast import at, make_unit, make_user, seat
from tests.petitions.stories import dispatched, filed
from tests.visits.making import visited


def pages(user: User, petition: Petition) -> str:
    """All that this person can read of the petition, and was told of it."""
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    here, there = petition.get_absolute_url(), f"/api/v1/petitions/{petition.number}/"
    read = [client.get(path).content.decode() for path in (here, there, f"{there}events/", "/", "/petitions/all/")]
    told = [render(notice, "zh-hans") for notice in Notice.objects.of(user)]
    return "\n".join([*read, *(words.subject + words.body for words in told)])


@pytest.fixture
def petition(catalogue, lan, lantern, chen, mei, wen, rui) -> Petition:
    return filed(lan, lantern, timezone.now())


def test_the_enterprise_does_not_read_what_the_desk_instructs_the_unit(petition, lan, mei, wen, rui):
    water, flooding = Unit.objects.get(code="SWJ"), Category.objects.get(code="E2")
    words = {"co_organisers": [make_unit("JTJ")], "note": SECRET}
    operations.dispatch(petition, mei, timezone.now(), lead=water, category=flooding, standard="P2", **words)
    assert [SECRET in pages(user, petition) for user in (lan, mei, wen, rui)] == [False, True, True, True]


def test_the_enterprise_reads_nothing_of_what_units_ask_each_other(petition, lan, mei, wen, rui):
    now = timezone.now()
    petition = operations.accept(dispatched(petition, mei, now), wen, now)
    petition = operations.consult(petition, wen, now, units=[make_unit("JTJ")], question=f"{SECRET}：何时施工")
    paper = SimpleUploadedFile("内部.txt", SECRET.encode(), "text/plain")
    petition = operations.advise(petition, rui, now, answer=f"{SECRET}：无计划", files=[paper])
    file = f"{petition.get_absolute_url()}files/{petition.attachments.get().key}/"
    for user, reads in ((lan, False), (wen, True), (rui, True)):
        client = Client()
        client.force_login(user)
        assert (SECRET in pages(user, petition), client.get(file).status_code) == (reads, 200 if reads else 404), user


def test_the_enterprise_does_not_read_that_declining_was_proposed(petition, lan, mei, pei):
    proposal = {"reason": "not ours", "guidance": SECRET}
    operations.propose_decline(petition, mei, timezone.now(), **proposal)
    assert [SECRET in pages(user, petition) for user in (lan, pei)] == [False, True]
    operations.keep(petition, pei, timezone.now(), note=f"{SECRET}驳回")
    assert [SECRET in pages(user, petition) for user in (lan, mei)] == [False, True]


def test_the_states_of_clocks_are_for_the_staff(petition, lan, mei):
    client = Client()
    for user, reads in ((lan, False), (mei, True)):
        client.force_login(user)
        assert (client.get(f"/api/v1/petitions/{petition.number}/").json()["deadlines"] is not None) == reads
        assert ("时限明细" in client.get(petition.get_absolute_url()).content.decode()) == reads


def test_who_may_have_pressed_the_enterprise_does_not_learn_that_it_said_so(
    petition, lan, chen, mei, wen, rui, shen, luo, ada
):
    now = timezone.now()
    dispatched(petition, mei, now, helpers=("JTJ",))
    operations.withdraw(petition, lan, now, note="不办了", pressed=True)
    reads = [user.username for user in (lan, chen, mei, wen, rui, shen, luo, ada) if said(pages(user, petition))]
    assert reads == ["lan", "shen", "luo", "ada"]


def said(text: str) -> bool:
    return "要求其撤回" in text


def test_risk_signs_do_not_reach_the_back_office(chen, lantern, root):
    visit = visited(chen.cadre, lantern, "2026-06-15", risk=SECRET, met_phone="13812345678")
    administrator = seat(make_user("admin", "管理员"), "GXJ", "system administrator")
    for user in (root, administrator):
        client = Client()
        client.force_login(user)
        page = client.get(f"/admin/visits/visit/{visit.pk}/change/").content.decode()
        assert (visit.number in page, SECRET in page, "13812345678" in page) == (True, False, False)


def test_a_unit_that_helps_no_more_sees_nothing_of_it(petition, mei, rui):
    dispatched(petition, mei, timezone.now(), helpers=("JTJ",))
    client = Client()
    client.force_login(rui)
    assert client.get(petition.get_absolute_url()).status_code == 200
    rui.posts.update(valid_to=timezone.localdate() - timedelta(days=1))
    for path in (petition.get_absolute_url(), f"/api/v1/petitions/{petition.number}/"):
        assert client.get(path).status_code == 404
    assert petition.title not in client.get("/petitions/?show=unit").content.decode()


# --- At every stage ---------------------------------------------------------------------------------------------------

MORNING = at("2026-06-15", "09:10")  # a Monday


@pytest.fixture
def cast(catalogue, lan, lantern, chen, mei, pei, wen, zhao, rui, shen, luo) -> dict:
    people = {user.username: user for user in (lan, chen, mei, pei, wen, zhao, rui, shen, luo)}
    people["xu"] = seat(make_user("xu", "徐接手"), "SWJ", "member")
    people["pan"] = seat(make_user("pan", "潘裁定"), "DSK", "panel")
    return people | {"lantern": lantern, "category": Category.objects.get(code="E2")}


@pytest.fixture
def walked(cast, monkeypatch):
    """A petition walked to a stage, and the clock of the product standing where the walk ended."""

    def walk(stage: str) -> Way:
        way = WAYS[stage](Way(cast, MORNING))
        way.now += timedelta(minutes=1)
        monkeypatch.setattr(timezone, "now", lambda: way.now)
        assert way.petition.stage == stage
        return way

    return walk


def test_there_is_a_way_to_every_stage():
    assert set(WAYS) == set(Stage)


@pytest.mark.parametrize("stage", list(Stage))
def test_at_no_stage_does_the_enterprise_read_what_is_internal_nor_the_public_a_name(walked, cast, stage):
    way = walked(stage)
    petition, lan = way.petition, cast["lan"]
    link = make_link(petition, lan, timezone.now())
    assert way.planted
    assert SECRET not in pages(lan, petition) + receipt(lan, petition)
    seen = pages(cast["mei"], petition)
    assert [one for one in way.planted if one not in seen] == []
    assert names_in(public(link), petition, cast) == []


def receipt(user: User, petition: Petition) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client.get(f"{petition.get_absolute_url()}receipt/").content.decode()


def public(link) -> str:
    """What the code of a receipt opens to anybody."""
    answer = Client().get(f"/progress/{link.token}/")
    assert (answer.status_code, link.petition.number in answer.content.decode()) == (200, True)
    return answer.content.decode()


def names_in(shown: str, petition: Petition, cast: dict) -> list[str]:
    """Whom and what a page names that names nobody: people, the enterprise, and whatever anybody typed."""
    people = [one.name for one in cast.values() if isinstance(one, User)]
    typed = [petition.title, petition.body[:6], "灯笼", "13900001111", "管网", "市水务局", "照片", SECRET]
    return [one for one in (*people, petition.enterprise.name, *typed) if one in shown]
