"""What people do with their addresses, and what operators do with channels that have failed."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices.channels import Entry
from notices.delivery import LEASE
from notices.kinds import CHOSEN_AT_FIRST, TEST
from notices.models import Address, Channel, Delivery, Notice, Preference
from notices.sealing import seal

MOST_ADDRESSES = 10  # of one person
MOST_TESTS = 10  # of one person in a day: each may cost a message to a phone
MOST_TRIES = 5  # at the code of one test message
DAY = timedelta(days=1)


@transaction.atomic
def add_address(owner, way: str, label: str, entry: Entry, now: datetime) -> Address:
    """A new address, and a test message on its way there; it is used once the code of that message is given."""
    if Address.objects.of(owner).count() >= MOST_ADDRESSES:
        raise ValidationError(_("最多登记 %(most)s 个渠道。"), params={"most": MOST_ADDRESSES})
    address = Address.objects.create(
        owner=owner, way=way, label=label, sealed=seal(entry.secret), hint=entry.hint, channel=entry.channel,
        added_at=now,
    )  # fmt: skip
    test_address(address, now)
    return address


@transaction.atomic
def test_address(address: Address, now: datetime) -> None:
    """Send a test message, with a new code until one was given; an address that was given up is tried again with it."""
    tests = Notice.objects.of(address.owner).filter(kind=TEST, created_at__gt=now - DAY)
    if tests.count() >= MOST_TESTS:
        raise ValidationError(_("一天最多发送 %(most)s 条测试消息，请明天再试。"), params={"most": MOST_TESTS})
    address.proof, address.proof_tries = "" if address.confirmed_at else f"{secrets.randbelow(10**6):06}", 0
    address.failures, address.paused_until, address.stopped_at = 0, None, None
    address.save(update_fields=["proof", "proof_tries", "failures", "paused_until", "stopped_at"])
    notice = Notice.objects.create(
        recipient_id=address.owner_id, key=f"test:{address.code.hex}:{secrets.token_hex(8)}", kind=TEST,
        about=address.hint[:40], title=address.label, path=reverse("notices:preferences"), created_at=now, read_at=now,
    )  # fmt: skip
    Delivery.objects.create(notice=notice, channel=address.channel, address=address, next_try_at=now)


@transaction.atomic
def confirm_address(address: Address, proof: str, now: datetime) -> bool:
    """Begin to use an address whose test message has arrived; False where the code is not the one it brought."""
    address = Address.objects.select_for_update(no_key=True).get(pk=address.pk)
    address.proof_tries += 1
    known = bool(address.proof) and address.proof_tries <= MOST_TRIES
    right = known and secrets.compare_digest(proof.encode(), address.proof.encode())
    if right:
        address.confirmed_at, address.proof, address.groups = now, "", address.groups or list(CHOSEN_AT_FIRST)
    address.save(update_fields=["proof_tries", "confirmed_at", "proof", "groups"])
    return right


@transaction.atomic
def keep_preferences(owner, wish: Mapping, chosen: Mapping[Address, tuple[list[str], bool]]) -> None:
    """What a person wants to hear of, where and when. `chosen`: groups of each address, and whether as a digest."""
    Preference.objects.update_or_create(owner=owner, defaults=wish)
    for address, (groups, in_digest) in chosen.items():
        address.groups, address.in_digest = groups, in_digest
    Address.objects.bulk_update(chosen, ["groups", "in_digest"])


@transaction.atomic
def try_channel_again(name: str, now: datetime) -> None:
    """End a channel's rest and let what has failed through it be sent at once."""
    Channel.objects.filter(name=name).update(paused_until=None)
    _try_rows(Delivery.objects.filter(channel=name), now)


@transaction.atomic
def try_address_again(address: Address, now: datetime) -> None:
    """End an address's rest, or its stop, and let what waits for it be sent at once."""
    Address.objects.filter(pk=address.pk).update(paused_until=None, stopped_at=None, failures=0)
    _try_rows(Delivery.objects.filter(address=address), now)


def _try_rows(rows, now: datetime) -> None:
    """What waits for another try, but not what somebody may be sending at this moment."""
    rows.unleased(now, LEASE).filter(attempts__gt=0).update(next_try_at=now)
