"""A mail server that really speaks SMTP, and messages to tell."""

import os
import signal
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from notices.operations import Message
from tests.browser import free_port


def message(serial: int = 1, **fields) -> Message:
    """The acceptance of a petition, told once for each serial number."""
    fields = {"kind": "accept", "title": "门前路灯不亮", "facts": {"handler": "文经办"}} | fields
    return Message(
        key=f"petition:QS20230613-LAMP00:{serial}", about="QS20230613-LAMP00", path="/petitions/x/", **fields
    )


class MailBox:
    """What arrived. `refuses`: addresses turned down; `kills`: the process that dies when its mail has been heard."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: set[str] = set()
        self.kills: int | None = None

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802, RUF100
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802, RUF100
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.kills:
            os.kill(self.kills, signal.SIGKILL)
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]


@pytest.fixture
def mail_port(settings) -> int:
    """Where mail is sent; nobody listens yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return settings.EMAIL_PORT


@pytest.fixture
def mail_box(mail_port) -> Iterator[MailBox]:
    """A mail server that listens there."""
    box = MailBox()
    server = Controller(box, hostname="127.0.0.1", port=mail_port)
    server.start()
    yield box
    server.stop()
