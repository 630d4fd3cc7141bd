"""The inbox and the bell, as the reader meets them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices.models import Notice
from notices.operations import tell
from tests.cast import at
from tests.notices.conftest import message

NOW = at("2023-06-13")
MINUTE = timedelta(minutes=1)
INBOX, READ, BELL = (reverse(f"notices:{name}") for name in ("inbox", "read", "bell"))
pytestmark = pytest.mark.django_db


def told(user, count: int) -> None:
    for serial in range(count):
        tell([(user.pk, message(serial, title=f"诉求{serial}。"))], NOW + serial * MINUTE)


def test_the_inbox_shows_own_notices_only_the_newest_first(client, lan, wen):
    told(lan, 2)
    tell([(wen.pk, message(7, title="别人的事"))], NOW)
    client.force_login(lan)
    page = client.get(INBOX).content.decode()
    assert page.index("诉求1。") < page.index("诉求0。")
    assert "别人的事" not in page


def test_sixty_notices_are_fifty_and_ten(client, lan):
    told(lan, 60)
    client.force_login(lan)
    first = client.get(INBOX)
    assert len(first.context["rows"]) == 50
    second = client.get(INBOX, {"after": first.context["page"].next_cursor})
    assert [notice.title for notice, _ in second.context["rows"]] == [f"诉求{n}。" for n in range(9, -1, -1)]
    assert second.context["page"].next_cursor == ""


def test_the_inbox_costs_the_same_for_one_as_for_many(client, lan):
    client.force_login(lan)
    costs = []
    for count in (1, 10, 50):
        Notice.objects.all().delete()
        told(lan, count)
        with CaptureQueriesContext(connection) as counted:
            client.get(INBOX)
        costs.append(len(counted))
    assert len(set(costs)) == 1


def test_reading_one_takes_it_off_the_unread_and_leads_back(client, lan):
    told(lan, 2)
    client.force_login(lan)
    answer = client.post(READ, {"key": message(0).key, "next": f"{INBOX}?unread=1"})
    assert (answer.status_code, answer.url) == (302, f"{INBOX}?unread=1")
    page = client.get(answer.url).content.decode()
    assert ("诉求0。" in page, "诉求1。" in page) == (False, True)


def test_reading_one_in_place_answers_with_its_row(client, lan):
    told(lan, 1)
    client.force_login(lan)
    row = client.post(READ, {"key": message(0).key}, headers={"HX-Request": "true"}).content.decode()
    assert ("<li" in row, "诉求0。" in row, "<button" in row, "<html" in row) == (True, True, False, False)


def test_reading_all(client, lan, wen):
    told(lan, 3)
    told(wen, 1)
    client.force_login(lan)
    assert client.post(READ, {"all": "1"}).url == INBOX
    assert [Notice.objects.of(one).unread().count() for one in (lan, wen)] == [0, 1]


def test_nobody_reads_for_another(client, lan, wen):
    told(lan, 1)
    client.force_login(wen)
    assert client.post(READ, {"key": message(0).key}, headers={"HX-Request": "true"}).status_code == 404
    client.post(READ, {"about": message().about})
    assert Notice.objects.of(lan).unread().count() == 1


def test_opening_the_page_of_a_petition_reads_what_is_about_it(client, lan):
    told(lan, 2)
    client.force_login(lan)
    client.post(READ, {"about": message().about})
    assert Notice.objects.of(lan).unread().count() == 0


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "nowhere", ""])
def test_reading_never_leads_to_another_site(client, lan, target):
    client.force_login(lan)
    assert client.post(READ, {"all": "1", "next": target}).url == INBOX


@pytest.mark.parametrize(("field", "status"), [("key", 404), ("about", 302)])
def test_what_no_notice_can_be_called_reads_nothing(client, lan, field, status):
    told(lan, 1)
    client.force_login(lan)
    assert client.post(READ, {field: "\0x"}, headers={"HX-Request": "true"}).status_code == status
    assert Notice.objects.of(lan).unread().count() == 1


def test_looking_never_writes(client, lan):
    told(lan, 1)
    client.force_login(lan)
    for path in (INBOX, BELL):
        client.get(path)
    assert (client.get(READ).status_code, Notice.objects.unread().count()) == (405, 1)


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (3, "3"), (99, "99"), (120, "99+")])
def test_the_bell_counts_to_ninety_nine(client, lan, count, shown):
    tell([(lan.pk, message(serial)) for serial in range(count)], NOW)
    client.force_login(lan)
    bell = client.get(BELL).content.decode()
    assert f'data-unread="{min(count, 100)}"' in bell
    assert (f'aria-hidden="true">{shown}</span>' in bell) == (count > 0)


@pytest.mark.parametrize("path", [INBOX, BELL])
def test_strangers_to_the_house_are_sent_to_the_door(client, path, db):
    assert client.get(path).status_code == 302
