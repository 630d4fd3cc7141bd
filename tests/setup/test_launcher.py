"""The launcher leaves nothing running, keeps what was stored, and starts nothing that somebody else already runs."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.browser import free_port

PROJECT = Path(__file__).resolve().parents[2]
LAUNCHER = [sys.executable, "deploy/launcher.py"]
NAMED_OUTSIDE = ("DATABASE_URL", "REDIS_URL", "LIVE_PORT", "SITE_URL")


@pytest.fixture
def launch(tmp_path):
    """Start the launcher on a data folder of its own; whatever the test leaves is ended."""
    started = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen:
        own = {name: value for name, value in os.environ.items() if name not in NAMED_OUTSIDE}
        own |= {"APP_DATA": str(tmp_path / "data"), "DEMONSTRATION": "0"} | environment
        process = subprocess.Popen(
            [*LAUNCHER, *arguments], cwd=PROJECT, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def heard(process: subprocess.Popen, words: str) -> str:
    """Read what the launcher says until a line holds these words; that line."""
    said = []
    for line in process.stdout:
        said.append(line)
        if words in line:
            return line
    pytest.fail(f"The launcher ended without saying {words!r}: {''.join(said)}")


def family(process: subprocess.Popen) -> list[psutil.Process]:
    """Everything the launcher has started, and what that has started."""
    return psutil.Process(process.pid).children(recursive=True)


def outlive(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Who is still alive after so many seconds."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_a_stop_ends_the_services_and_the_next_start_finds_the_data(launch):
    first = launch("services")
    heard(first, "Ready")
    servers = family(first)
    remember = "CREATE TABLE kept AS SELECT 1 AS one"
    assert launch("exec", "python", "-c", sql(remember)).wait() == 0
    first.send_signal(signal.SIGINT)
    assert (first.wait(30), outlive(servers, 1)) == (0, [])
    again = launch("exec", "python", "-c", sql("SELECT one FROM kept"))
    assert again.wait() == 0


def sql(statement: str) -> str:
    """A program that runs one statement in the database its environment names."""
    return (
        "import os, psycopg2\n"
        "connection = psycopg2.connect(os.environ['DATABASE_URL'])\n"
        f"connection.cursor().execute({statement!r})\n"
        "connection.commit()\n"
    )


def test_a_fallen_program_is_started_again_and_kill_9_of_the_launcher_leaves_nothing(launch):
    port = free_port()
    launcher = launch("run", PORT=str(port), LIVE_PORT=str(free_port()))
    heard(launcher, "Running at")
    assert urllib.request.urlopen(f"http://127.0.0.1:{port}/login/").status == 200
    sweep = next(one for one in psutil.Process(launcher.pid).children() if "sweep" in one.cmdline())
    sweep.kill()
    assert "Starting it again" in heard(launcher, "sweep ended by itself")
    time.sleep(1.5)  # the first pause is one second
    everyone = family(launcher)
    assert [one.pid for one in everyone if "sweep" in one.cmdline()] not in ([], [sweep.pid])
    launcher.kill()
    assert outlive(everyone, 20) == []


def test_nothing_embedded_starts_when_both_servers_are_named(launch, tmp_path):
    outside = {"DATABASE_URL": "postgresql://somewhere/else", "REDIS_URL": "redis://somewhere"}
    shown = launch("exec", "python", "-c", "import os; print(os.environ['DATABASE_URL'])", **outside)
    assert shown.communicate()[0] == "postgresql://somewhere/else\n"
    assert not (tmp_path / "data" / "pgdata").exists()
    assert not (tmp_path / "data" / "redis").exists()


def test_a_second_launcher_on_the_same_folder_says_so(launch):
    first = launch("services")
    heard(first, "Ready")
    second = launch("services")
    words, _ = second.communicate()
    assert second.returncode == 1
    assert "Another launcher is already using" in words
