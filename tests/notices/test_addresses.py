"""Addresses that people enter: proven before they are used, sealed, and nobody else's."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.delivery import deliver_batch
from notices.models import Address, Delivery
from notices.operations import tell
from notices.sealing import seal, unseal
from tests.notices.conftest import NOW, address, entered, message

PAGE, NEW = (reverse(f"notices:{name}") for name in ("preferences", "new_address"))
pytestmark = pytest.mark.django_db


def door(name: str, one: Address) -> str:
    return reverse(f"notices:{name}_address", args=[one.code])


def add(client, receiver, via: str = "wecom", **said):
    return client.post(NEW, {"way": via, "label": "科室群", "address": entered(receiver, via)} | said)


def test_an_address_is_used_once_its_test_message_has_arrived(client, lan, receiver):
    client.force_login(lan)
    assert add(client, receiver)["Location"] == PAGE
    (robot,) = Address.objects.all()
    deliver_batch(timezone.now(), "wecom")
    (text,) = receiver.texts
    proof = re.search(r"验证码：(\d{6})", text)[1]
    assert proof not in client.get(reverse("notices:inbox")).content.decode()
    assert proof not in client.get(PAGE).content.decode()
    client.post(door("confirm", robot), {"proof": f"{(int(proof) + 1) % 10**6:06}"})
    robot.refresh_from_db()
    assert robot.confirmed_at is None
    client.post(door("confirm", robot), {"proof": proof})
    robot.refresh_from_db()
    assert (robot.confirmed_at is None, robot.groups) == (False, ["move", "deadline"])
    tell([(lan.pk, message())], NOW)
    assert Delivery.objects.filter(address=robot, notice__kind="accept").count() == 1


def test_a_code_cannot_be_guessed(client, lan, receiver):
    client.force_login(lan)
    add(client, receiver)
    robot = Address.objects.get()
    wrong = f"{(int(robot.proof) + 1) % 10**6:06}"
    for _ in range(5):
        client.post(door("confirm", robot), {"proof": wrong})
    client.post(door("confirm", robot), {"proof": robot.proof})
    robot.refresh_from_db()
    assert robot.confirmed_at is None


def test_tests_are_counted(client, lan, receiver):
    client.force_login(lan)
    add(client, receiver, "sms")
    phone = Address.objects.get()
    for _ in range(12):
        client.post(door("test", phone))
    assert Delivery.objects.filter(address=phone).count() == 10
    assert add(client, receiver).status_code == 422


def test_what_was_entered_is_sealed_and_never_shown_again(client, lan, receiver):
    client.force_login(lan)
    add(client, receiver, "sms")
    phone = Address.objects.get()
    assert "13900001234" not in phone.sealed
    assert unseal(phone.sealed) == "13900001234"
    assert "13900001234" not in client.get(PAGE).content.decode()
    assert "139****1234" in client.get(PAGE).content.decode()


def test_seals_outlive_a_new_secret_key_that_knows_the_old_one(settings):
    kept, settings.SECRET_KEY_FALLBACKS = seal("13900001234"), [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert unseal(kept) == "13900001234"


def test_wrong_addresses_are_refused_in_words(client, lan, receiver):
    client.force_login(lan)
    for way, words in (("wecom", "http://169.254.169.254/"), ("sms", "110"), ("webhook", "http://127.0.0.1:1/x")):
        answer = add(client, receiver, way, address=words)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["address"]), way
    assert add(client, receiver, way="fax").status_code == 422
    assert Address.objects.count() == 0


def test_other_peoples_addresses_do_not_exist(client, lan, wen, receiver):
    theirs = address(wen, receiver)
    client.force_login(lan)
    for name in ("test", "confirm", "remove"):
        assert client.post(door(name, theirs)).status_code == 404
    assert Address.objects.get() == theirs
    client.force_login(wen)
    client.post(door("remove", theirs))
    assert Address.objects.count() == 0
