"""The timeline speaks as people do: every unit by its name, and of an order's level only where an order was signed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from directory.models import Unit
from petitions import operations
from petitions.page import Page
from petitions.sweep import sweep
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.django_db


def told(petition, reader, now) -> str:
    return "\n".join(line["note"] for line in Page(petition, reader, now).timeline)


def test_former_and_proposed_units_are_named(catalogue, lan, lantern, mei, zhao):
    now = timezone.now()
    petition = dispatched(filed(lan, lantern, now), mei, now)
    roads, parks = (Unit.objects.get(code=code) for code in ("JTJ", "CGJ"))
    petition = operations.contest(petition, zhao, now, note="不属于我局职责。", proposed=parks)
    petition = operations.redispatch(petition, mei, now, lead=roads, note="由交通部门牵头。")
    said = told(petition, mei, now)
    assert [name in said for name in ("区水务局", "区城市管理和综合执法局", "市交通运输局宝安管理局")] == [True] * 3
    assert [code in said for code in ("SWJ", "CGJ", "JTJ")] == [False] * 3


def test_a_late_clock_is_not_said_to_be_an_order(catalogue, lan, lantern, mei, shen):
    now = timezone.now() - timedelta(days=30)
    petition = dispatched(filed(lan, lantern, now), mei, now)
    later = timezone.now()
    sweep(later)
    assert "督办等级" not in told(petition, mei, later)
    petition = operations.supervise(petition, shen, later, level=1, note="请说明原因。")
    assert "督办等级：1 级" in told(petition, mei, later)
