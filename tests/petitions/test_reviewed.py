"""Odd ways through the process that a reader with hostile eyes found: each once went wrong."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from directory.models import Unit, User
from notices.models import Notice
from notices.wording import render
from petitions import operations
from petitions.models import Petition, ServiceStandard
from petitions.process import WrongStage, check, open_steps
from tests.cast import at, seat
from tests.petitions.stories import dispatched, drafted, filed, rated, replied, signed
from tests.petitions.test_at_once import meanwhile

pytestmark = pytest.mark.django_db
NOW = at("2023-06-13")


def unit(code):
    return Unit.objects.get(code=code)


@pytest.fixture
def ticket(catalogue, lan, chen, lantern, mei, pei, wen, zhao, rui, shen, luo, ping, hua):
    return dispatched(filed(lan, lantern, NOW), mei, NOW)


@pytest.fixture
def accepted(ticket, wen):
    return operations.accept(ticket, wen, NOW)


def test_a_suspension_is_asked_for_where_the_standard_sets_it_no_limit(accepted, wen, client):
    ServiceStandard.objects.update(suspension="")
    client.force_login(wen)
    assert client.get(reverse("petitions:take_step", args=[accepted.number, "ask_suspend"])).status_code == 200


def test_a_petition_split_again_waits_for_none_of_its_former_co_organisers(catalogue, lan, lantern, mei, wen, rui):
    first, other = filed(lan, lantern, NOW), filed(lan, lantern, NOW, title="另一件")
    first = dispatched(first, mei, NOW, helpers=["JTJ", "GXJ"])
    first = operations.merge(first, mei, NOW, master=other, note="同")
    first = operations.split(first, mei, NOW, note="不同")
    first = dispatched(first, mei, NOW, lead="JTJ", helpers=[])
    first = operations.accept(first, rui, NOW)
    assert [c.unit.code for c in first.co_organisations.all()] == []
    assert not first.deadlines.running().filter(clock="co_organise").exists()
    assert "advise" not in open_steps(first, rui, NOW)


def test_another_standard_and_back_buys_a_late_unit_no_time(accepted, mei, wen):
    late = at("2023-06-30")
    due = accepted.deadlines.running().get(clock="close").due_at
    one = operations.reclassify(accepted, mei, late, category=accepted.category, standard="X1", note="x")
    one = operations.reclassify(one, mei, late, category=accepted.category, standard="P2", note="x")
    rows = one.deadlines.filter(clock="close")
    assert rows.filter(met_at=None, cancelled_at=None, due_at=due).exists()


def test_after_the_second_dissatisfied_rating_only_others_take_it_up_again(accepted, wen, zhao, lan, hua):
    one = replied(accepted, wen, NOW)
    one = rated(one, lan, NOW, solved="no", satisfaction=1)
    one = signed(one, wen, zhao, NOW)
    one = rated(one, lan, NOW, solved="no", satisfaction=1)
    assert one.stage == "closed"
    assert "reopen" not in open_steps(one, lan, NOW)
    with pytest.raises(WrongStage, match="回访人员核实"):
        operations.reopen(one, lan, NOW, note="还是积水")
    assert operations.reopen(one, hua, NOW, note="核实：合理可行").stage == "rework"


def test_nobody_approves_a_proposal_that_took_the_place_of_the_one_they_read(accepted, wen, mei, pei, client):
    one = operations.ask_extend(accepted, wen, NOW, clock="close", days=1, note="一天")
    there = reverse("petitions:take_step", args=[one.number, "extend"])
    client.force_login(mei)
    form = client.get(there).context["form"]
    one = operations.refuse_extend(one, pei, NOW, note="不同意")
    one = operations.ask_extend(one, wen, NOW + timedelta(minutes=1), clock="close", days=5, note="五天")
    answer = client.post(there, {bound.name: bound.value() for bound in form})
    assert (answer.status_code, "内容已有变化" in answer.content.decode()) == (422, True)
    again = {bound.name: bound.value() for bound in answer.context["form"]}
    assert client.post(there, again).status_code == 302
    assert client.post(there, again).status_code == 302  # the same press once more


def test_a_dispatcher_loosens_no_standard_of_the_own_unit(accepted, mei):
    seat(mei, "SWJ", "member")
    for step in ("reclassify", "transfer"):
        with pytest.raises(WrongStage, match="本单位办理"):
            check(step, accepted, User.objects.get(pk=mei.pk), NOW)


@pytest.mark.django_db(transaction=True)
def test_two_merged_into_each_other_do_not_wait_for_ever(catalogue, lan, lantern, mei, pei):
    first, second = filed(lan, lantern, NOW), filed(lan, lantern, NOW, title="另一件")
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=second.pk)
        thread, answers = meanwhile(lambda: operations.merge(first, pei, NOW, master=second, note="同一事项"))
        thread.join(5)
        assert "正由他人办理" in str(answers[0])


def heard(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_a_unit_hears_that_it_has_a_ticket_no_more(ticket, mei, zhao):
    one = operations.contest(ticket, zhao, NOW, note="依据", proposed=unit("JTJ"))
    operations.redispatch(one, mei, NOW, lead=unit("JTJ"), note="属道路")
    assert (heard("handed_on"), heard("redispatch")) == ({"wen", "zhao"}, {"rui", "lan", "chen"})
    assert {one.path for one in Notice.objects.filter(kind="handed_on")} == {reverse("petitions:queue")}


def test_a_unit_hears_that_its_ticket_was_merged(ticket, mei, lan, lantern):
    other = filed(lan, lantern, NOW, title="另一件")
    operations.merge(ticket, mei, NOW, master=other, note="同一事项")
    assert (heard("handed_on"), heard("merge")) == ({"wen", "zhao"}, {"lan", "chen"})
    said = render(Notice.objects.filter(kind="handed_on").first(), "zh-hans")
    assert f"诉求已并入 {other.number}，贵单位不用再办理。" in said.lines


def test_an_urge_is_answered_to_the_enterprise_also_where_supervision_ordered_after_it(accepted, lan, shen, wen):
    one = operations.urge(accepted, lan, NOW, note="仓库进水")
    one = operations.supervise(one, shen, NOW, level=1, note="速办")
    operations.respond(one, wen, NOW, note="明日进场")
    assert (heard("respond"), heard("order_answered")) == ({"lan", "chen"}, {"shen", "luo"})


def test_what_was_written_for_supervision_is_not_sent_to_an_enterprise_that_urged_meanwhile(
    accepted, lan, shen, wen, client
):
    one = operations.supervise(accepted, shen, NOW, level=1, note="速办")
    there = reverse("petitions:take_step", args=[one.number, "respond"])
    client.force_login(wen)
    page = client.get(there)
    assert "企业看不到" in page.content.decode()
    words = {bound.name: bound.value() for bound in page.context["form"]} | {"note": "人手不足"}
    operations.urge(one, lan, NOW, note="仓库进水")
    answer = client.post(there, words)
    assert (answer.status_code, "又有人催办" in answer.content.decode()) == (422, True)
    assert heard("respond") == set()


def test_nobody_signs_a_draft_that_took_the_place_of_the_one_they_read(accepted, mei, pei, wen, zhao, client):
    one = operations.reclassify(accepted, mei, NOW, category=accepted.category, standard="P3", note="重点")
    one = drafted(one, wen, NOW)
    there = reverse("petitions:take_step", args=[one.number, "sign"])
    client.force_login(zhao)
    form = client.get(there).context["form"]
    one = operations.send_back(one, seat(pei, "SWJ", "head"), NOW, note="写明日期")
    drafted(one, wen, NOW + timedelta(minutes=1), body="另一份答复")
    words = {bound.name: bound.value() or "" for bound in form}
    assert client.post(there, words).status_code == 422
