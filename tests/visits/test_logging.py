"""A visit is recorded exactly once, by the cadre who made it, at an enterprise of their own, never in the future."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from directory.models import Enterprise
from tests.cast import assign, at, make_cadre, make_enterprise, represent
from tests.visits.making import visited
from visits.models import Visit
from visits.operations import log_visit

NOW = at("2023-06-13", "17:00")
UID = uuid.UUID("4cbd4f1e-29a5-4e3e-9b3c-000000000001")
FIELDS = {"visited_on": date(2023, 6, 13), "mode": "on site", "met": "兰经理"}


def log(chen, enterprise, now=NOW, uid=UID, by=None, **fields):
    return log_visit(host=chen.cadre, by=by or chen, now=now, uid=uid, enterprise=enterprise, fields=FIELDS | fields)


def test_a_visit_keeps_who_when_and_the_unit_of_that_day(chen, lantern):
    visit, is_new = log(chen, lantern)
    visit.refresh_from_db()
    assert is_new
    assert visit.number.startswith("V20230613-")
    assert (visit.host, visit.unit, visit.recorded_by, visit.received_at) == (
        chen.cadre, chen.cadre.unit, chen, NOW,
    )  # fmt: skip
    assert (visit.lateness, visit.counts) == ("normal", True)


def test_the_same_submission_twice_is_one_visit(chen, lan, lantern):
    first, _ = log(chen, lantern)
    again, is_new = log(chen, lantern, now=at("2023-06-14"), met="别人", difficulty="answered")
    assert (again.pk, again.met, is_new) == (first.pk, "兰经理", False)
    assert (Visit.objects.count(), lan.notices.count()) == (1, 1)


def test_a_repeat_is_answered_even_after_the_enterprise_was_handed_over(chen, lantern):
    first, _ = log(chen, lantern)
    lantern.assignments.all().delete()
    assert log(chen, lantern) == (first, False)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_store_one_and_both_get_it(chen, lantern):
    together, cadre = Barrier(2, timeout=10), chen.cadre

    def send(_):
        try:
            together.wait()
            visit, is_new = log_visit(host=cadre, by=chen, now=NOW, uid=UID, enterprise=lantern, fields=dict(FIELDS))
            return visit.pk, is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(send, range(2)))
    assert sorted(is_new for _, is_new in answers) == [False, True]
    assert {pk for pk, _ in answers} == {Visit.objects.get().pk}


def test_nobody_records_or_reads_back_a_visit_of_another(chen, lan, lantern):
    fang = make_cadre("C002", "fang", "方干部")
    with pytest.raises(PermissionDenied):
        log(chen, lantern, by=lan)
    log(chen, lantern)
    with pytest.raises(PermissionDenied):
        log_visit(host=fang, by=fang.user, now=NOW, uid=UID, enterprise=lantern, fields=dict(FIELDS))
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"visited_on": date(2023, 6, 14)}, "visited_on"),
        ({"started_at": time(17, 1)}, "started_at"),
        ({"started_at": time(16), "ended_at": time(17, 30)}, "ended_at"),
        ({"ended_at": time(16)}, "started_at"),
        ({"started_at": time(16), "ended_at": time(16)}, "ended_at"),
        ({"difficulty": "answered"}, "answer"),
        ({"promise": "下周带银行来"}, "promised_on"),
        ({"promised_on": date(2023, 6, 20)}, "promise"),
        ({"promise": "下周带银行来", "promised_on": date(2023, 6, 12)}, "promised_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(chen, lantern, fields, where):
    with pytest.raises(ValidationError) as refused:
        log(chen, lantern, **fields)
    assert list(refused.value.message_dict) == [where]
    assert Visit.objects.count() == 0


def test_only_an_enterprise_assigned_that_day_can_be_visited(chen, lantern):
    other, later = make_enterprise("他人企业", 7), make_enterprise("新增企业", 8)
    assign(chen.cadre, later, valid_from="2023-06-13")
    log(chen, later)
    for enterprise, day in ((other, 13), (later, 12)):
        with pytest.raises(ValidationError) as refused:
            log(chen, enterprise, uid=uuid.uuid4(), visited_on=date(2023, 6, day))
        assert list(refused.value.message_dict) == ["enterprise"]


@pytest.mark.parametrize(
    ("now", "label"), [("2023-06-16", "normal"), ("2023-06-19", "late"), ("2023-07-03", "needs approval")]
)
def test_a_late_record_is_labelled_by_working_days(chen, lantern, now, label):
    assert log(chen, lantern, now=at(now))[0].lateness == label


def test_the_enterprise_remembers_its_latest_visit(chen, lantern):
    log(chen, lantern)
    log(chen, lantern, uid=uuid.uuid4(), visited_on=date(2023, 6, 1))
    assert Enterprise.objects.get(pk=lantern.pk).last_visited_on == date(2023, 6, 13)


def test_the_enterprise_is_told_and_nobody_else(chen, lan, lantern, stranger, mei):
    represent(make_cadre("C009", "gone", "离任").user, lantern, valid_to="2023-01-01")
    visit, _ = log(chen, lantern, promise="下周带银行来", promised_on=date(2023, 6, 20))
    notice = lan.notices.get()
    assert (notice.kind, notice.about, notice.path) == ("visited", visit.number, f"/visits/{visit.number}/")
    assert notice.facts == {
        "by": "陈干部", "unit": "区工业和信息化局", "visited_on": "2023-06-13",
        "promise": "下周带银行来", "promised_on": "2023-06-20",
    }  # fmt: skip
    assert type(notice).objects.count() == 1


def test_companions_are_kept_with_their_units_and_the_host_is_none(chen, lantern):
    water = make_cadre("C002", "fang", "方干部", "SWJ")
    visit, _ = log(chen, lantern, companions=[water, "街道老李", chen.cadre])
    assert [(str(one), one.unit and one.unit.code) for one in visit.companions.all()] == [
        ("方干部", "SWJ"), ("街道老李", None),
    ]  # fmt: skip


def test_a_refused_record_leaves_nothing_behind(chen, lan, lantern):
    with pytest.raises(ValidationError):
        log(chen, lantern, visited_on=date(2023, 6, 14), companions=["老李"])
    assert (Visit.objects.count(), lan.notices.count()) == (0, 0)


def test_a_visit_recorded_by_import_counts_as_any(chen, lantern):
    assert visited(chen.cadre, lantern, "2023-06-12").counts
