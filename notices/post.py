"""Handing letters to the server of one channel: mail by Django, everything else by apprise."""

import logging
import smtplib
from datetime import datetime

from django.core.mail import get_connection
from django.urls import reverse

from notices import channels
from notices.channels import EMAIL
from notices.kinds import STOPPED
from notices.letters import Letter, key_of, mail, words_for
from notices.models import HEALTH, Address
from notices.operations import Message, tell
from notices.outbound import Refused, Unreachable
from notices.sealing import Unreadable, unseal

log = logging.getLogger(__name__)
MOST_FAILURES = 12  # of an address, in a row: about six hours
DEAD = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, ConnectionError, TimeoutError)  # not the mail's fault


class Post:
    """One run of a deliverer through one channel. An address that has failed is not tried again in the same run."""

    def __init__(self, channel: str, now: datetime):
        self.now = now
        self.server = get_connection() if channel == EMAIL else None
        self.failed: set[int] = set()
        self.was_answered = False

    def send(self, letter: Letter) -> None:
        """Raises Unreachable where the server is dead, anything else where this letter was not taken."""
        if letter[0].address_id is None:
            self._mail(letter)
        else:
            self._message(letter, letter[0].address)

    def _mail(self, letter: Letter) -> None:
        try:
            self.server.open()
        except OSError as error:  # SMTPException is one
            raise Unreachable(repr(error)) from error
        self.was_answered = True
        try:
            message = mail(letter)
            message.connection = self.server
            message.send()
        except Exception as error:
            self.hang_up()
            if isinstance(error, DEAD):
                raise Unreachable(repr(error)) from error
            raise

    def _message(self, letter: Letter, address: Address) -> None:
        if address.pk in self.failed:
            raise Refused(address.error)
        words = words_for(address.way, [row.notice for row in letter], letter[0].notice.recipient, address.proof)
        try:
            channels.send(address.way, unseal(address.sealed), words, key_of(letter))
        except (Refused, Unreadable) as error:
            self.was_answered = self.was_answered or isinstance(error, Refused)
            self._fail(address, str(error) or repr(error))
            raise
        self.was_answered = True
        address.worked(self.now)
        address.save(update_fields=HEALTH)

    def _fail(self, address: Address, error: str) -> None:
        """The address gets a rest; after too many failures it is left alone, and its owner told."""
        self.failed.add(address.pk)
        address.failed(error, self.now)
        if address.failures >= MOST_FAILURES:
            address.stopped_at = self.now
            key = f"channel:{address.code.hex}:{self.now:%Y%m%d%H%M%S}"
            path = reverse("notices:preferences")
            tell(
                [
                    (
                        address.owner_id,
                        Message(kind=STOPPED, key=key, about=address.hint[:40], title=address.label, path=path),
                    )
                ],
                self.now,
            )
        address.save(update_fields=[*HEALTH, "stopped_at"])

    def hang_up(self) -> None:
        try:
            if self.server:
                self.server.close()
        except OSError as error:
            log.info("mail server did not say good-bye: %s", error)
