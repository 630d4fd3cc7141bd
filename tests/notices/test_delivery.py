"""Mail through a server that really speaks SMTP: at least once, in spite of failures, kills and rivals."""

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings as the_settings
from django.db import connection

from notices.delivery import LEASE, deliver_batch
from notices.models import Delivery
from notices.operations import tell
from notices.tasks import deliver_notices
from tests.cast import at, make_user
from tests.notices.conftest import message

NOW = at("2023-06-13")
MINUTE = timedelta(minutes=1)


def deliver_all(now) -> int:
    total = 0
    while done := deliver_batch(now):
        total += done
    return total


@pytest.mark.django_db
def test_a_notice_arrives_as_mail_in_its_readers_language(lan, mail_box, settings):
    settings.SITE_URL = "https://petitions.example.org"
    tell([(lan.pk, message())], NOW)
    assert deliver_all(NOW) == 1
    (mail,) = mail_box.mails
    assert (mail["To"], mail["Subject"]) == ("lan@example.org", "诉求已受理：门前路灯不亮")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "兰经理，您好：" in mail.get_content()
    assert "https://petitions.example.org/petitions/x/" in mail.get_content()
    assert Delivery.objects.get().sent_at == NOW
    assert deliver_all(NOW) == 0


@pytest.mark.django_db
def test_a_refused_mail_is_tried_again_with_growing_pauses_and_stops_nobody_else(lan, wen, mail_box):
    mail_box.refuses = {"lan@example.org"}
    tell([(lan.pk, message()), (wen.pk, message())], NOW)
    now, pauses = NOW, []
    for _ in range(8):
        deliver_all(now)
        row = Delivery.objects.get(notice__recipient=lan)
        pauses.append((row.next_try_at - now) // MINUTE)
        assert deliver_all(row.next_try_at - timedelta(seconds=1)) == 0
        now = row.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (row.attempts, "no such mailbox" in row.error) == (8, True)
    assert [mail["To"] for mail in mail_box.mails] == ["wen@example.org"]
    mail_box.refuses = set()
    deliver_all(now)
    assert [mail["To"] for mail in mail_box.mails] == ["wen@example.org", "lan@example.org"]
    assert Delivery.objects.get(notice__recipient=lan).error == ""


@pytest.mark.django_db
def test_a_notice_that_cannot_be_worded_stops_nobody_else(lan, wen, mail_box):
    tell([(lan.pk, message(facts={"due": "no moment"})), (wen.pk, message())], NOW)
    tell([(lan.pk, message(2, facts={"due": "2023-99-99T00:00"}))], NOW)
    deliver_all(NOW)
    assert Delivery.objects.unsent().count() == 1
    assert "ValueError" in Delivery.objects.unsent().get().error


@pytest.mark.django_db
def test_while_no_server_answers_everything_waits_and_one_try_is_enough(lan, mail_port):
    tell([(lan.pk, message(serial)) for serial in range(3)], NOW)
    assert deliver_all(NOW) == 0
    assert set(Delivery.objects.values_list("attempts", "sent_at", "next_try_at")) == {(1, None, NOW + MINUTE)}


@pytest.mark.django_db
def test_after_a_downtime_a_person_gets_one_digest(lan, wen, mail_box):
    tell([(lan.pk, message(serial, title=f"诉求{serial}")) for serial in range(60)], NOW)
    tell([(wen.pk, message(serial)) for serial in range(5)], NOW)
    later = NOW + timedelta(hours=2)
    tell([(lan.pk, message(99, title="刚刚的"))], later)
    deliver_all(later)
    to_lan = [mail for mail in mail_box.mails if mail["To"] == "lan@example.org"]
    assert sorted(mail["Subject"] for mail in to_lan) == ["您有 60 条通知", "诉求已受理：刚刚的"]
    digest = next(mail for mail in to_lan if "60" in mail["Subject"]).get_content()
    assert digest.count("诉求已受理：") == 50
    assert "另有更早的 10 条" in digest
    assert len([mail for mail in mail_box.mails if mail["To"] == "wen@example.org"]) == 5
    assert Delivery.objects.unsent().count() == 0


@pytest.mark.django_db
def test_mail_put_off_during_the_downtime_is_in_the_digest_as_well(lan, mail_box):
    tell([(lan.pk, message(serial)) for serial in range(6)], NOW)
    Delivery.objects.filter(notice__key__endswith=":5").update(next_try_at=NOW + timedelta(hours=3), attempts=7)
    deliver_all(NOW + timedelta(hours=2))
    assert [mail["Subject"] for mail in mail_box.mails] == ["您有 6 条通知"]


@pytest.mark.django_db
def test_who_has_left_or_given_up_the_address_is_not_written_to(lan, wen, mail_box):
    tell([(lan.pk, message()), (wen.pk, message())], NOW)
    lan.is_active, wen.email = False, ""
    lan.save()
    wen.save()
    deliver_all(NOW)
    assert (mail_box.mails, Delivery.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_the_loop_sends_what_is_unsent(lan, mail_box):
    tell([(lan.pk, message(serial, title=f"诉求{serial}")) for serial in range(4)], NOW)
    assert deliver_notices() == 4
    assert Delivery.objects.unsent().count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_deliverer_killed_before_it_notes_the_sending_sends_again_under_the_same_id(lan, mail_box, mail_port):
    tell([(lan.pk, message())], NOW)
    program = (
        "import django; django.setup()\n"
        "from datetime import datetime\n"
        "from notices.delivery import deliver_batch\n"
        "deliver_batch(datetime.fromisoformat(input()))"
    )
    environment = os.environ | {
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
    }
    victim = subprocess.Popen(
        [sys.executable, "-c", program], env=environment, cwd=the_settings.BASE_DIR, stdin=subprocess.PIPE, text=True
    )
    mail_box.kills = victim.pid
    victim.communicate(f"{NOW.isoformat()}\n", timeout=30)
    assert victim.returncode == -9
    mail_box.kills = None
    assert (len(mail_box.mails), Delivery.objects.get().sent_at) == (1, None)
    assert deliver_all(NOW + LEASE - MINUTE) == 0  # still in the dead one's hands
    assert deliver_all(NOW + LEASE) == 1
    assert (len(mail_box.ids), len(set(mail_box.ids))) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_send_nothing_twice(mail_box):
    readers = [make_user(f"reader{n}", "读者") for n in range(30)]
    tell([(reader.pk, message(serial)) for reader in readers for serial in (1, 2)], NOW)
    start = threading.Barrier(3)

    def deliver() -> None:
        start.wait()
        try:
            deliver_all(NOW)
        finally:
            connection.close()

    rivals = [threading.Thread(target=deliver) for _ in range(3)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    deliver_all(NOW)  # what every rival left to another
    assert (len(mail_box.mails), len(set(mail_box.ids))) == (60, 60)
    assert Delivery.objects.unsent().count() == 0
