"""Who hears of a step, and what the notice says of it."""

import pytest

from directory.models import Unit
from notices.models import Notice
from notices.wording import render
from petitions import operations
from tests.cast import at
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.django_db
NOW = at("2023-06-13")


@pytest.fixture
def accepted(catalogue, lan, chen, lantern, mei, wen, zhao, shen, luo):
    return operations.accept(dispatched(filed(lan, lantern, NOW), mei, NOW), wen, NOW)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_the_enterprise_hears_at_acceptance_who_handles_it_and_until_when(accepted, lan):
    said = render(Notice.objects.get(kind="accept", recipient=lan), "zh-hans").lines
    assert said[:2] == ["诉求已收到，由区水务局的文经办办理。", "“反馈”时限：2023年6月16日 18:00"]


def test_an_answer_to_whoever_urged_reaches_the_enterprise(accepted, lan, wen):
    operations.urge(accepted, lan, NOW, note="仓库又进水了")
    operations.respond(accepted, wen, NOW, note="明日进场清淤")
    assert {"lan", "chen"} <= told("respond")
    assert told("order_answered") == set()


def test_an_answer_to_a_supervision_order_stays_with_the_offices(accepted, wen, shen):
    operations.supervise(accepted, shen, NOW, level=1, note="三天内答复企业")
    operations.respond(accepted, wen, NOW, note="人手不足，已调配")
    assert told("order_answered") == {"shen", "luo"}
    assert told("respond") == {"chen"}


def test_the_unit_hears_until_when_a_supervision_order_is_to_be_answered(accepted, wen, shen):
    operations.supervise(accepted, shen, NOW, level=1, note="三天内答复企业")
    said = render(Notice.objects.get(kind="supervise", recipient=wen), "zh-hans").lines
    assert said[:2] == [
        "已签发督办要求（1 级），请按要求办理并在时限之前答复。",
        "“答复催办”时限：2023年6月14日 18:00",
    ]


def test_a_new_unit_hears_until_when_to_accept_though_feedback_was_moved_too(catalogue, lan, lantern, mei, zhao, rui):
    petition = dispatched(filed(lan, lantern, NOW), mei, NOW)
    roads = Unit.objects.get(code="JTJ")
    operations.contest(petition, zhao, at("2023-06-14"), note="道路由交通局管", proposed=roads)
    operations.redispatch(petition, mei, at("2023-06-15"), lead=roads, note="属道路排水")
    said = render(Notice.objects.get(kind="redispatch", recipient=rui), "zh-hans").lines
    assert said[1] == "“受理”时限：2023年6月16日 18:00"
