"""Who is told, once, and what they have read."""

import pytest
from django.db import connection, transaction

from notices.models import Delivery, Notice
from notices.operations import ALL, mark_read, mark_read_about, tell
from tests.cast import at, make_user
from tests.notices.conftest import message

NOW = at("2023-06-13")
pytestmark = pytest.mark.django_db


def test_the_same_thing_is_told_once(lan):
    assert [tell([(lan.pk, message())], NOW) for _ in range(2)] == [1, 0]
    assert tell([(lan.pk, message(2)), (lan.pk, message(2))], NOW) == 1
    assert (Notice.objects.count(), Delivery.objects.count()) == (2, 2)


def test_everyone_concerned_is_told_and_mailed_where_they_have_an_address(lan, wen):
    mute = make_user("mute", "无邮箱")
    mute.email = ""
    mute.save()
    assert tell([(one.pk, message()) for one in (lan, wen, mute)], NOW) == 3
    mailed = Delivery.objects.values_list(
        "notice__recipient__username", "channel", "next_try_at", "attempts", "sent_at"
    )
    assert sorted(mailed) == [("lan", "email", NOW, 0, None), ("wen", "email", NOW, 0, None)]


def test_nobody_is_told_of_what_was_rolled_back(lan):
    with transaction.atomic():
        tell([(lan.pk, message())], NOW)
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_telling_nobody_asks_the_database_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert tell([], NOW) == 0


@pytest.mark.parametrize("people", [1, 10, 50])
def test_telling_costs_the_same_for_one_as_for_many(django_assert_num_queries, people):
    users = [make_user(f"reader{n}", "读者") for n in range(people)]
    with django_assert_num_queries(4):  # savepoint, notices with deliveries, pings, release
        assert tell([(user.pk, message()) for user in users], NOW) == people


def test_one_many_and_all_are_marked_read_by_their_reader_only(lan, wen):
    for serial in (1, 2, 3):
        tell([(lan.pk, message(serial)), (wen.pk, message(serial))], NOW)
    assert mark_read(lan, [message(1).key], NOW) == 1
    assert mark_read(lan, [message(1).key, "petition:unknown:1"], NOW) == 0
    assert mark_read(lan, ALL, NOW) == 2
    assert Notice.objects.of(lan).unread().counted() == 0
    assert Notice.objects.of(wen).unread().counted() == 3


def test_opening_a_petition_reads_what_was_told_about_it(lan):
    tell([(lan.pk, message(1)), (lan.pk, message(2))], NOW)
    assert mark_read_about(lan, "QS20230613-OTHER0", NOW) == 0
    assert mark_read_about(lan, message().about, NOW) == 2
    assert set(Notice.objects.values_list("read_at", flat=True)) == {NOW}


def test_counting_stops_at_a_hundred(lan):
    tell([(lan.pk, message(serial)) for serial in range(120)], NOW)
    assert Notice.objects.of(lan).unread().counted() == 100


def test_unread_notices_and_unsent_mail_are_found_by_their_partial_indexes(lan):
    tell([(lan.pk, message(serial)) for serial in range(10)], NOW)
    unread = Notice.objects.of(lan).unread().order_by("-created_at", "-id")[:100]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "notice_unread" in unread.explain()
    assert "delivery_unsent" in Delivery.objects.due(NOW)[:20].explain()
