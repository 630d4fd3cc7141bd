"""A reply nearly identical to an earlier one is known for it, whatever names, numbers and dates were changed."""

import pytest

from petitions import operations
from petitions.likeness import essence, nearest
from petitions.models import Reply
from tests.cast import at, make_enterprise, make_user, represent
from tests.petitions.stories import dispatched, filed, replied

pytestmark = pytest.mark.usefixtures("catalogue")
NOW = at("2023-06-13")
BODY = "{firm}：您反映的积水问题，我局已于{day}派人到现场勘察，清掏雨水口{n}个，疏通管道{n}米，并由泵车值守。经办{by}。"
OTHER = "经核实，该路段排水管网改造已列入明年计划，由街道先行修复破损井盖，预计工期两个月，届时专人联系贵公司。"


def firm(n: int):
    enterprise = make_enterprise(f"晨光{'甲乙丙丁戊'[n]}电子有限公司", serial=500 + n)
    user = make_user(f"rep{n}", f"代表{n}")
    represent(user, enterprise)
    return user, enterprise


def accepted(n: int, mei, by, standard="P2"):
    user, enterprise = firm(n)
    return operations.accept(dispatched(filed(user, enterprise, NOW), mei, NOW, standard=standard), by, NOW)


def said(petition, by, n: int, body: str = BODY) -> str:
    return body.format(firm=petition.enterprise.name, day=f"6月{n + 3}日", n=n + 2, by=by.name)


def test_a_mere_change_of_names_numbers_and_dates_is_identical(mei, wen):
    first = accepted(0, mei, wen)
    replied(first, wen, NOW, body=said(first, wen, 0))
    second = accepted(1, mei, wen)
    replied(second, wen, NOW, body=said(second, wen, 1))
    found = Reply.objects.get(petition=second)
    assert (found.resembles.petition, found.likeness) == (first, 100)


def test_an_answer_of_its_own_resembles_nothing(mei, wen):
    first, second = accepted(0, mei, wen), accepted(1, mei, wen)
    replied(first, wen, NOW, body=said(first, wen, 0))
    replied(second, wen, NOW, body=OTHER)
    assert Reply.objects.get(petition=second).resembles is None


def test_another_units_replies_are_not_compared_with(mei, wen, rui):
    first, user, enterprise = accepted(0, mei, wen), *firm(1)
    replied(first, wen, NOW, body=OTHER)
    second = operations.accept(dispatched(filed(user, enterprise, NOW), mei, NOW, lead="JTJ"), rui, NOW)
    replied(second, rui, NOW, body=OTHER)
    assert Reply.objects.get(petition=second).resembles is None


def test_a_draft_sent_back_and_mended_does_not_resemble_itself(mei, wen, zhao):
    petition = accepted(0, mei, wen, "P3")
    for _ in range(2):
        operations.submit(petition, wen, NOW, conclusion="solved", body=OTHER, basis="条例")
        operations.send_back(petition, zhao, NOW, note="请写明工期")
    assert set(petition.replies.values_list("resembles", flat=True)) == {None}


def test_the_head_sees_it_before_signing(client, mei, wen, zhao):
    first, second = accepted(0, mei, wen), accepted(1, mei, wen, "P3")
    replied(first, wen, NOW, body=said(first, wen, 0))
    operations.submit(second, wen, NOW, conclusion="solved", body=said(second, wen, 1), basis="条例")
    client.force_login(zhao)
    page = client.get(second.get_absolute_url()).content.decode()
    assert f"与 {first.number} 的答复相似度 100%" in page
    assert "照用标准答复也会这样提示" in page


def test_nothing_but_names_and_numbers_is_like_nothing():
    assert essence("文经办 2023-06-13，三天", ["文经办"]) == "天"
    assert nearest("", {1: ""}) is None
