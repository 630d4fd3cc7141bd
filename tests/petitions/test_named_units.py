"""The timeline names every unit as people do, also one that has nothing to do with the ticket any more."""

import pytest
from django.utils import timezone

from directory.models import Unit
from petitions import operations
from petitions.page import Page
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.django_db


def test_former_and_proposed_units_are_named(catalogue, lan, lantern, mei, zhao):
    now = timezone.now()
    petition = dispatched(filed(lan, lantern, now), mei, now)
    roads, parks = (Unit.objects.get(code=code) for code in ("JTJ", "CGJ"))
    petition = operations.contest(petition, zhao, now, note="不属于我局职责。", proposed=parks)
    petition = operations.redispatch(petition, mei, now, lead=roads, note="由交通部门牵头。")
    said = "\n".join(line["note"] for line in Page(petition, mei, now).timeline)
    assert [name in said for name in ("区水务局", "区城市管理和综合执法局", "市交通运输局宝安管理局")] == [True] * 3
    assert [code in said for code in ("SWJ", "CGJ", "JTJ")] == [False] * 3
