"""A unit's head keeps the unit's own standard replies, without the back office."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from directory.models import Unit
from petitions.models import StandardReply
from petitions.operations.replies import end_reply, keep_reply
from petitions.standard_replies import offer
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.usefixtures("catalogue")
ADDRESS = "/petitions/standard-replies/"
NEW = {"unit": "SWJ", "title": "清淤说明", "step": "reply", "category": "E2", "body": "{企业}：已清淤。"}


@pytest.fixture
def as_zhao(client, zhao):
    client.force_login(zhao)
    return client


@pytest.fixture
def kept(zhao) -> StandardReply:
    unit = Unit.objects.get(code="SWJ")
    return StandardReply.objects.create(
        unit=unit, step="reply", title="清淤 & 说明?", body="旧文", valid_from="2023-01-01"
    )


def one(row: StandardReply) -> str:
    return f"{ADDRESS}?step={row.step}&title=清淤 %26 说明?"


def test_a_new_one_is_offered_to_the_unit_at_once(as_zhao, lan, lantern, mei, wen):
    now = timezone.now()
    assert as_zhao.post(ADDRESS, NEW).status_code == 302
    petition = dispatched(filed(lan, lantern, now), mei, now)
    assert offer(petition, "reply", wen, now).texts == {"清淤说明": "灯笼制造有限公司：已清淤。"}
    assert offer(petition, "reply", mei, now) is None


def test_one_is_opened_from_the_list_and_changed(as_zhao, kept):
    page = as_zhao.get(ADDRESS).content.decode()
    link = page.split('class="row-link" href="')[1].split('"')[0].replace("&amp;", "&").removesuffix("#keep")
    form = as_zhao.get(ADDRESS + link).context["form"]
    assert form["body"].value() == "旧文"
    as_zhao.post(ADDRESS + link, NEW | {"title": kept.title, "body": "新文"})
    assert [(row.pk, row.body) for row in StandardReply.objects.all()] == [(kept.pk, "新文")]


def test_one_that_is_ended_is_offered_no_more(as_zhao, kept):
    assert as_zhao.post(one(kept), {"end": "1"}).status_code == 302
    assert not StandardReply.objects.valid_on(timezone.localdate()).exists()
    assert StandardReply.objects.get().valid_to == timezone.localdate()


def test_an_unknown_variable_is_refused_at_the_text(as_zhao):
    answer = as_zhao.post(ADDRESS, NEW | {"body": "{厂名}：已清淤。"})
    assert (answer.status_code, StandardReply.objects.count()) == (422, 0)
    assert "{厂名}" in answer.context["form"].errors["body"][0]


def test_a_title_names_one_reply_of_a_step(as_zhao):
    as_zhao.post(ADDRESS, NEW)
    assert "title" in as_zhao.post(ADDRESS, NEW).context["form"].errors
    assert as_zhao.post(ADDRESS, NEW | {"step": "interim"}).status_code == 302


def test_another_units_and_the_desks_steps_are_not_the_heads(as_zhao):
    errors = as_zhao.post(ADDRESS, NEW | {"unit": "JTJ", "step": "clarify"}).context["form"].errors
    assert {"unit", "step"} <= errors.keys()


def test_only_heads_keep_them(client, wen, mei, lan, kept):
    for user in (wen, mei, lan):
        client.force_login(user)
        assert (client.get(ADDRESS).status_code, client.post(one(kept), {"end": "1"}).status_code) == (403, 403)
        with pytest.raises(PermissionDenied):
            end_reply(kept, user, timezone.now())
        with pytest.raises(PermissionDenied):
            keep_reply(by=user, now=timezone.now(), unit=kept.unit, step="reply", title="x", body="y")


def test_the_list_costs_the_same_for_fifty(as_zhao, kept, django_assert_max_num_queries):
    rows = (StandardReply(unit=kept.unit, step="reply", title=f"第{n}种", body="文") for n in range(50))
    StandardReply.objects.bulk_create(rows)
    with django_assert_max_num_queries(10):
        as_zhao.get(ADDRESS)
