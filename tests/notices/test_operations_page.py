"""What operators see of channels that fail, and the button that has them tried again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notices.delivery import deliver_batch
from notices.models import Address, Channel, Delivery
from notices.operations import tell
from tests.cast import make_user
from tests.notices.conftest import address, message

PAGE, RETRY = reverse("notices:operations"), reverse("notices:retry")
pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(lan, receiver, mail_port):
    """A dead mail server and a robot that refuses, twice each."""
    robot, now = address(lan, receiver), timezone.now() - timedelta(hours=3)
    receiver.status = 500
    tell([(lan.pk, message())], now)
    for later in (0, 2):
        for channel in ("email", "wecom"):
            deliver_batch(now + timedelta(minutes=later), channel)
    return robot


def test_operators_see_what_fails_since_when_and_why(client, root, failed):
    client.force_login(root)
    answer = client.get(PAGE)
    mailing, wecom = answer.context["lines"]
    assert (mailing.name, mailing.due, mailing.health.failures, wecom.name) == ("email", 1, 2, "wecom")
    assert [(one.failures, one.waiting) for one in answer.context["failing"]] == [(2, 1)]
    page = answer.content.decode()
    assert "HTTP 500" in page
    assert "ConnectionRefusedError" in page
    assert "wecom-key-1234" not in page


def test_nobody_else_finds_the_page_or_its_button(client, lan, luo, ada, failed):
    for user in (lan, luo, ada):
        client.force_login(user)
        assert client.get(PAGE).status_code == 404
        assert client.post(RETRY, {"channel": "email"}).status_code == 404
    assert Channel.objects.get(name="email").paused_until is not None


def test_a_channel_is_tried_again_when_asked(client, root, lan, failed, mail_box):
    Channel.objects.update(paused_until=timezone.now() + timedelta(hours=1))
    Delivery.objects.update(next_try_at=timezone.now() + timedelta(hours=1))
    assert deliver_batch(timezone.now()) == 0
    client.force_login(root)
    assert client.post(RETRY, {"channel": "email"})["Location"] == PAGE
    assert deliver_batch(timezone.now()) == 1
    assert len(mail_box.mails) == 1
    assert Delivery.objects.get(channel="wecom").next_try_at > timezone.now()


def test_an_address_that_was_given_up_is_tried_again_when_asked(client, root, failed, receiver):
    Address.objects.update(stopped_at=timezone.now(), failures=12, paused_until=timezone.now() + timedelta(hours=1))
    Delivery.objects.update(next_try_at=timezone.now() + timedelta(hours=1))
    receiver.status, receiver.heard = 200, []
    client.force_login(root)
    client.post(RETRY, {"address": str(failed.code)})
    assert deliver_batch(timezone.now(), "wecom") == 1
    assert len(receiver.heard) == 1
    failed.refresh_from_db()
    assert (failed.failures, failed.stopped_at) == (0, None)


def test_what_somebody_may_be_sending_is_left_alone(client, root, failed):
    leased = timezone.now() + timedelta(minutes=4)
    Delivery.objects.update(next_try_at=leased)
    client.force_login(root)
    client.post(RETRY, {"channel": "email"})
    assert Delivery.objects.get(channel="email").next_try_at == leased


@pytest.mark.parametrize("said", [{}, {"address": "x"}, {"address": "00000000-0000-0000-0000-000000000000"}])
def test_what_does_not_exist_is_not_found(client, root, said):
    client.force_login(root)
    assert client.post(RETRY, said).status_code == 404


def test_the_page_costs_the_same_for_one_failure_as_for_fifty(client, root, receiver):
    client.force_login(root)
    costs = []
    for count in (1, 50):
        for n in range(Address.objects.count(), count):
            owner = make_user(f"reader{n}", "读者")
            address(owner, receiver, failures=1, failed_at=timezone.now())
            tell([(owner.pk, message())], timezone.now())
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get(PAGE).context["failing"]) == count
        costs.append(len(asked))
    assert len(set(costs)) == 1
