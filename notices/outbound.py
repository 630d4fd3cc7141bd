"""How messages go out over HTTP: what apprise's plugins use in place of `requests`.

Apprise takes any answer of status 200 for a success, follows redirects, and waits as long as an answer drips in.
Robots of WeCom, DingTalk and Feishu say with status 200 that they refuse, in the answer's `errcode` or `code`. So:
no redirects, no proxy but the configured one, no credentials from files, ten seconds and 64 KB an answer, and the
answer is read. What goes wrong is raised, without the address, which is a secret.
"""

import json
import time
from urllib.parse import urlsplit

import requests
from apprise.plugins import custom_form, custom_json, dingtalk, feishu, wecombot
from django.conf import settings

CONNECT, READ, WHOLE = 3.05, 5, 10  # seconds
MOST_BYTES = 64 * 1024
CODES = ("errcode", "code", "StatusCode")
REASONS = ("errmsg", "msg", "StatusMessage")


class Unreachable(Exception):
    """Nobody answers there: the channel itself is dead for now."""


class Refused(Exception):
    """Somebody answered, and did not take the message: this address or this message is at fault."""


class Outbound:
    """`requests`, as far as the plugins know it. `verbose`: these answers name their refusals."""

    codes = requests.codes
    RequestException = requests.RequestException

    def __init__(self, *, verbose: bool = False):
        self.verbose = verbose

    def post(self, url: str, **options) -> requests.Response:
        return self.request("POST", url, **options)

    def request(self, method: str, url: str, **options) -> requests.Response:
        host = urlsplit(url).netloc.rpartition("@")[2]
        options |= {"allow_redirects": False, "timeout": (CONNECT, READ), "stream": True}
        with requests.Session() as session:
            session.trust_env = False
            session.proxies = {"all": settings.NOTICE_PROXY} if settings.NOTICE_PROXY else {}
            try:
                with session.request(method, url, **options) as answer:
                    self.check(answer.status_code, some_of(answer))
                    return answer
            except requests.RequestException as error:
                reached = not isinstance(error, requests.ConnectionError | requests.Timeout)
                raise (Refused if reached else Unreachable)(f"{type(error).__name__}: {host}") from None

    def check(self, status: int, body: bytes) -> None:
        """Raise Refused where the answer is no."""
        if not 200 <= status < 300:
            raise Refused(f"HTTP {status}")
        said = read(body) if self.verbose else {}
        for code in CODES:
            if said.get(code) not in (None, 0, "0"):
                reason = next((str(said[name]) for name in REASONS if said.get(name)), "")
                raise Refused(f"{code} {said[code]} {reason[:200]}".strip())


def some_of(answer: requests.Response) -> bytes:
    """The answer as far as anybody needs it; one that drips in for too long is no answer."""
    limit, body = time.monotonic() + WHOLE, b""
    for piece in answer.iter_content(4096):
        body += piece
        if len(body) > MOST_BYTES:
            break
        if time.monotonic() > limit:
            raise requests.ReadTimeout
    return body


def read(body: bytes) -> dict:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


for module in (wecombot, dingtalk, feishu):
    module.requests = Outbound(verbose=True)
for module in (custom_json, custom_form):
    module.requests = Outbound()
