"""What the database itself will not store."""

import pytest
from django.db import IntegrityError, transaction

from tests.cast import at, make_cadre
from visits.models import Companion, Visit


def a_visit(chen, lantern, **fields):
    cadre = chen.cadre
    fields = {
        "number": "V20230613-ABCDEF",
        "visited_on": "2023-06-13",
        "met": "兰经理",
        "received_at": at("2023-06-13", "17:00"),
    } | fields
    return Visit.objects.create(host=cadre, unit=cadre.unit, enterprise=lantern, recorded_by=chen, **fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "by pigeon"},
        {"purpose": ""},
        {"difficulty": "many"},
        {"orders": "boom"},
        {"lateness": "whenever"},
        {"started_at": "15:00", "ended_at": "15:00"},
        {"promised_on": "2023-06-12"},
    ],
)
def test_the_database_refuses_what_no_visit_can_be(chen, lantern, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_visit(chen, lantern, **wrong)


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"mode": "on site"}, True),
        ({"mode": "phone"}, False),
        ({"mode": "phone", "started_at": "10:00"}, False),
        ({"mode": "phone", "started_at": "10:00", "ended_at": "10:09"}, False),
        ({"mode": "video", "started_at": "10:00", "ended_at": "10:10"}, True),
        ({"mode": "on site", "lateness": "late"}, True),
        ({"mode": "on site", "lateness": "needs approval"}, False),
    ],
)
def test_a_visit_counts_on_site_or_after_ten_minutes_of_talk_and_recorded_in_time(chen, lantern, fields, counts):
    assert a_visit(chen, lantern, **fields).counts is counts


def test_a_companion_is_a_cadre_with_a_unit_or_a_name(chen, lantern):
    visit, other = a_visit(chen, lantern), make_cadre("C002", "fang", "方干部", "SWJ")
    for wrong in ({}, {"cadre": other}, {"cadre": other, "unit": other.unit, "name": "方"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Companion.objects.create(visit=visit, **wrong)
    Companion.objects.create(visit=visit, cadre=other, unit=other.unit)
    Companion.objects.create(visit=visit, name="街道老李")
    assert [str(one) for one in visit.companions.all()] == ["方干部", "街道老李"]


@pytest.mark.parametrize(("phone", "shown"), [("13812345678", "138****5678"), ("12345", "****"), ("", "")])
def test_a_phone_is_shown_masked(phone, shown):
    assert Visit(met_phone=phone).masked_phone == shown
