"""A mail server that really speaks SMTP, a server of robots that really speaks HTTP, and messages to tell."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

from notices.channels import entry
from notices.kinds import KINDS, Group, Kind
from notices.models import Address
from notices.operations import Message
from notices.sealing import seal
from tests.browser import free_port
from tests.cast import at

NOW = at("2023-06-13")  # a Tuesday


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


class Receiver(ThreadingHTTPServer):
    """An HTTP server that robots, phones and receivers are behind. What it heard; what it answers; whether it hangs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.heard: list[tuple[str, dict, dict]] = []  # path, JSON, headers
        self.status, self.body, self.headers = 200, {"errcode": 0}, {}
        self.asked = 0  # how often, heard or not
        self.hangs = threading.Event()
        self.woken = threading.Event()  # ends the hanging

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def texts(self) -> list[str]:
        """The words it heard, whatever way they came."""
        return [text_of(said) for _path, said, _headers in self.heard]


def text_of(said: dict) -> str:
    if "message" in said:
        return said["message"]
    return said["content"]["text"] if "content" in said else said["text"]["content"]


class Ear(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # noqa: N802, RUF100
        ours: Receiver = self.server
        ours.asked += 1
        if ours.hangs.is_set():
            ours.woken.wait(30)
            return
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = json.loads(sent) if "json" in self.headers["Content-Type"] else parse_qs(sent)
        ours.heard.append((self.path, said, dict(self.headers)))
        answer = json.dumps(ours.body).encode()
        self.send_response(ours.status)
        for name, value in {"Content-Length": str(len(answer)), **ours.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    """Robots live here, the gateway to phones is here, and it may be named as a receiver."""
    server = Receiver()
    settings.ROBOTS = {way: f"http://{server.host}/{way}?key=" for way in ("wecom", "dingtalk", "feishu")}
    settings.NOTICE_SMS = f"json://{server.host}/sms/?:phone={{phone}}"
    settings.NOTICE_HOSTS = [server.host]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.woken.set()
    server.shutdown()
    server.server_close()
    thread.join()


KEYS = {"wecom": "wecom-key-1234", "dingtalk": "dingtalktoken1234", "feishu": "feishu-hook-1234"}


def entered(receiver: Receiver, way: str, key: str = "") -> str:
    """What a person enters for that way."""
    if way == "sms":
        return key or "13900001234"
    return f"http://{receiver.host}/hook/{key}" if way == "webhook" else f"{settings.ROBOTS[way]}{key or KEYS[way]}"


def address(owner, receiver: Receiver, way: str = "wecom", key: str = "", **fields) -> Address:
    """A confirmed address of that person, which hears of everything unless told otherwise."""
    read = entry(way, entered(receiver, way, key))
    fields = {"groups": Group.values, "label": "科室群"} | fields
    return Address.objects.create(
        owner=owner, way=way, sealed=seal(read.secret), hint=read.hint, channel=read.channel,
        added_at=NOW, confirmed_at=NOW, **fields,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _kinds_of_these_stories(monkeypatch) -> None:
    """Whatever the apps above enter: here an acceptance is somebody's move, an interim reply is progress."""
    story = {
        "accept": Kind("受理", Group.MOVE),
        "interim": Kind("阶段反馈", Group.PROGRESS),
        "overdue": Kind("逾期", Group.DEADLINE, urgent=True),
    }
    for name, kind in story.items():
        monkeypatch.setitem(KINDS, name, kind)
