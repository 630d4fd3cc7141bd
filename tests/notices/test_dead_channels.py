"""A dead channel: tried again with growing pauses, shown, given up in the end, and in nobody else's way."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from notices import outbound
from notices.delivery import deliver_batch, waiting_channels
from notices.models import Address, Channel, Delivery, Notice
from notices.operations import tell
from notices.post import MOST_FAILURES
from notices.tasks import deliver_notices
from tests.cast import make_user
from tests.notices.conftest import NOW, address, message

MINUTE = timedelta(minutes=1)
PAUSES = [1, 2, 4, 8, 16, 32, 60, 60]


def unsent() -> list[str]:
    return list(Delivery.objects.unsent().order_by("channel").values_list("channel", flat=True))


@pytest.mark.django_db
def test_a_robot_that_answers_500_rests_longer_each_time_and_then_gets_everything_once(lan, receiver):
    robot = address(lan, receiver)
    receiver.status = 500
    tell([(lan.pk, message(serial)) for serial in range(3)], NOW)
    now, pauses = NOW, []
    for _ in range(8):
        heard = len(receiver.heard)
        deliver_batch(now, "wecom")
        assert len(receiver.heard) == heard + 1  # one try for all three
        robot.refresh_from_db()
        pauses.append((robot.paused_until - now) // MINUTE)
        assert deliver_batch(robot.paused_until - timedelta(seconds=1), "wecom") == 0
        now = robot.paused_until
    assert (pauses, robot.failures, robot.error) == (PAUSES, 8, "HTTP 500")
    receiver.status, receiver.heard = 200, []
    now += timedelta(hours=1)  # all three are due again
    while deliver_batch(now, "wecom"):
        continue
    robot.refresh_from_db()
    assert (len(receiver.heard), robot.failures, robot.error, robot.worked_at) == (3, 0, "", now)
    assert unsent() == ["email"] * 3


@pytest.mark.django_db
def test_a_robot_that_fails_too_often_is_given_up_and_its_owner_told(lan, receiver):
    robot = address(lan, receiver, groups=["move"])
    receiver.body = {"errcode": 93000, "errmsg": "gone"}
    tell([(lan.pk, message())], NOW)
    now = NOW
    for _ in range(MOST_FAILURES):
        deliver_batch(now, "wecom")
        now += timedelta(hours=2)
    robot.refresh_from_db()
    assert robot.stopped_at == now - timedelta(hours=2)
    assert Notice.objects.get(kind="channel_stopped").recipient == lan
    tell([(lan.pk, message(2))], now)
    assert deliver_batch(now, "wecom") == 0
    assert (len(receiver.heard), unsent().count("wecom")) == (MOST_FAILURES, 1)  # the second was never meant for it


@pytest.mark.django_db
def test_one_dead_robot_is_not_in_the_way_of_another(lan, wen, receiver):
    address(lan, receiver, way="webhook", key="dead")
    address(wen, receiver, way="webhook", key="alive")
    real = receiver.RequestHandlerClass.do_POST

    def refuse_one(ear) -> None:
        receiver.status = 500 if ear.path.endswith("dead") else 200
        real(ear)

    receiver.RequestHandlerClass = type("Choosy", (receiver.RequestHandlerClass,), {"do_POST": refuse_one})
    tell([(one.pk, message(serial)) for one in (lan, wen) for serial in range(4)], NOW)
    deliver_batch(NOW, f"webhook {receiver.host}")
    assert [path for path, *_ in receiver.heard] == ["/hook/dead", *["/hook/alive"] * 4]


@pytest.mark.django_db
def test_a_dead_system_of_robots_is_tried_with_one_message_and_rests_as_a_whole(lan, wen, receiver, monkeypatch):
    for owner in (lan, wen):
        address(owner, receiver)
    monkeypatch.setattr(outbound, "READ", 0.2)
    receiver.hangs.set()
    tell([(one.pk, message(serial)) for one in (lan, wen) for serial in range(3)], NOW)
    now, pauses = NOW, []
    for _ in range(4):
        asked = receiver.asked
        assert deliver_batch(now, "wecom") == 0
        assert receiver.asked == asked + 1  # one message waits for its time-out, not six
        channel = Channel.objects.get(name="wecom")
        pauses.append((channel.paused_until - now) // MINUTE)
        assert "wecom" not in waiting_channels(now)
        now = channel.paused_until
    assert pauses == PAUSES[:4]
    assert set(Address.objects.values_list("failures", flat=True)) == {0}  # none of them is at fault
    assert "ReadTimeout" in channel.error
    tries = Delivery.objects.filter(channel="wecom").aggregate(Sum("attempts"))
    assert tries["attempts__sum"] == 6 + 3  # the first time it looked alive
    receiver.hangs.clear()
    now += timedelta(hours=1)
    while deliver_batch(now, "wecom"):
        continue
    channel.refresh_from_db()
    assert (len(receiver.heard), channel.failures, channel.error) == (6, 0, "")


@pytest.mark.django_db(transaction=True)
def test_while_one_channel_hangs_the_others_have_long_been_sent(lan, receiver, mail_box, monkeypatch, settings):
    monkeypatch.setattr(outbound, "READ", 20)
    receiver.hangs.set()
    address(lan, receiver, "dingtalk")  # its turn would come before that of mail
    tell([(lan.pk, message())], timezone.now())
    worker = threading.Thread(target=lambda: (deliver_notices(), connection.close()))
    worker.start()
    while not mail_box.mails and worker.is_alive():
        time.sleep(0.02)
    still_hanging = worker.is_alive()
    receiver.woken.set()
    worker.join()
    assert still_hanging
    assert mail_box.mails
    assert unsent() == ["dingtalk"]


@pytest.mark.django_db
def test_a_dead_mail_server_is_not_in_the_way_of_robots(lan, receiver, mail_port):
    address(lan, receiver)
    tell([(lan.pk, message())], NOW)
    assert waiting_channels(NOW) == ["email", "wecom"]
    assert [deliver_batch(NOW, name) for name in ("email", "wecom")] == [0, 1]
    assert waiting_channels(NOW) == []
    mailing = Channel.objects.get(name="email")
    assert (mailing.failures, mailing.paused_until) == (1, NOW + MINUTE)
    assert "ConnectionRefused" in mailing.error


@pytest.mark.django_db
def test_a_notice_that_cannot_be_worded_says_nothing_about_its_channel(lan, receiver):
    address(lan, receiver)
    Channel.objects.create(name="wecom", failures=3, error="ReadTimeout", paused_until=NOW)
    tell([(lan.pk, message(facts={"due": "2023-99-99T00:00"}))], NOW)
    deliver_batch(NOW, "wecom")
    assert receiver.heard == []
    assert Channel.objects.get(name="wecom").failures == 3
    assert Address.objects.get().failures == 0


@pytest.mark.django_db
def test_who_has_left_hears_nothing_more(lan, receiver):
    address(lan, receiver)
    tell([(lan.pk, message())], NOW)
    lan.is_active = False
    lan.save()
    deliver_batch(NOW, "wecom")
    assert (receiver.heard, unsent()) == ([], ["email"])


@pytest.mark.django_db(transaction=True)
def test_rivals_at_the_same_robots_send_nothing_twice(receiver):
    people = [make_user(f"reader{n}", "读者") for n in range(12)]
    for person in people:
        address(person, receiver, key=f"robot-of-{person.username}")
    tell([(person.pk, message(serial)) for person in people for serial in (1, 2, 3)], NOW)
    start = threading.Barrier(3)

    def deliver() -> None:
        start.wait()
        try:
            while deliver_batch(NOW, "wecom"):
                continue
        finally:
            connection.close()

    rivals = [threading.Thread(target=deliver) for _ in range(3)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    while deliver_batch(NOW, "wecom"):
        continue
    assert len(receiver.heard) == 36
