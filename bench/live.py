"""Thousands of open pages on the real live process: memory, idle work, how fast a ping fans out, what a crash costs.

    source .data/env; .venv/bin/python bench/live.py [--streams 9500] [--processes 1] [--idle 60] [--json FILE]

Needs PostgreSQL, and a database the demonstration filled for the last part (the way through the web process). Client
and server share the machine, so times are upper bounds; take ratios where the machine is shared with others, too.
"""

import argparse
import http.client
import json
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import django

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["ALLOWED_HOSTS"] = "127.0.0.1"
os.environ["STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.environ["HTTPS"] = "0"
django.setup()

from django.conf import settings
from django.test import Client

from bench.crowd import Crowd, Stream
from directory.models import User
from notices import live
from notices.streams import RETURNS
from petitions.models import Petition

EVERYBODY = "petition:EVERYBODY"
SAME, WATCHERS = 100, 95  # pages on one petition; pages on the petition whose pings are timed
TICK = os.sysconf("SC_CLK_TCK")


# --- Processes --------------------------------------------------------------------------------------------------------


class Server:
    """A process of ours that answers on a port."""

    def __init__(self, *words: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.words = [sys.executable, "-m", *(word.format(port=self.port) for word in words)]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.words, cwd=PROJECT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit(f"did not start: {' '.join(self.words)}")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def family(self) -> list[int]:
        """The process and its children."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.family()]
        return sum(int(words[11]) + int(words[12]) for words in stats) / TICK

    def megabytes(self) -> float:
        """Memory in use."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.family()]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def live_process() -> Server:
    return Server("uvicorn", "config.live:application", "--port", "{port}", "--no-access-log", "--backlog", "4096")


# --- Measurements -----------------------------------------------------------------------------------------------------


def crowd_of(count: int, servers: list[Server]) -> list[Stream]:
    """So many people, each with a permit of their own: their bell, a petition, every tenth a unit's queue."""
    streams = []
    for number in range(count):
        topics = [live.ME, EVERYBODY, f"petition:QS{number // SAME}"]
        topics += [f"unit:U{number % 40}", "desk"] if number % 10 == 0 else []
        topics += ["petition:TIMED"] if number < WATCHERS else []
        token = live.token_for(SimpleNamespace(pk=number), topics)
        streams.append(Stream(servers[number % len(servers)].port, token))
    return streams


def permits_renewed(streams: list[Stream], servers: list[Server]) -> list[Stream]:
    for old, new in zip(streams, crowd_of(len(streams), servers), strict=True):
        old.token, old.port = new.token, new.port
    return streams


def fan_out(crowd: Crowd, topic: str, watchers: int, rounds: int) -> dict:
    """Milliseconds from before the ping to its arrival at each watcher."""
    took, missed = [], 0
    for _ in range(rounds):
        start = time.monotonic()
        live.ping(topic)
        arrivals = crowd.listen(watchers)
        took += [1000 * (at - start) for at in arrivals]
        missed += watchers - len(arrivals)
    took.sort()
    return {
        "watchers": watchers,
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[int(0.95 * (len(took) - 1))], 1),
        "max_ms": round(took[-1], 1),
        "missed": missed,
    }


def burst(crowd: Crowd, servers: list[Server], count: int, petitions: int) -> dict:
    """So many pings as fast as one writer sends them, each to the pages of one petition."""
    cpu, start = total_cpu(servers), time.monotonic()
    for number in range(count):
        live.ping(f"petition:QS{number % petitions}")
        crowd.pump(0)
    sent = time.monotonic() - start
    arrivals = crowd.listen(count * SAME)
    return {
        "pings": count, "sent_in_s": round(sent, 2), "heard_in_s": round(arrivals[-1] - start, 2),
        "expected": count * SAME, "heard": len(arrivals), "cpu_s": round(total_cpu(servers) - cpu, 2),
    }  # fmt: skip


def idle(crowd: Crowd, servers: list[Server], seconds: int) -> dict:
    """The process's share of one core while nothing happens but beats."""
    crowd.beats, before, shares = 0, total_cpu(servers), []
    for _ in crowd.rest(seconds):
        now = total_cpu(servers)
        shares.append(now - before)
        before = now
    return {
        "seconds": seconds, "cpu_percent": round(100 * sum(shares) / seconds, 1),
        "busiest_second_percent": round(100 * max(shares), 1), "beats": crowd.beats,
    }  # fmt: skip


def crash(crowd: Crowd, streams: list[Stream], servers: list[Server], spread: float) -> dict:
    """kill -9 of the first process and a start anew; its pages come back spread over so many seconds."""
    for one in servers[:1]:
        one.stop()
    while not all(not one.is_open for one in streams if one.port == servers[0].port):
        crowd.pump(0.05)
    gone = [one for one in streams if not one.is_open]
    servers[0].start()
    permits_renewed(streams, servers)
    crowd.reasons.clear()
    due = [(spread * random.random(), one) for one in gone]
    took = crowd.open_at(due, patience=spread + 60, again=lambda: 1 + random.random())
    return {
        "lost": len(gone), "spread_s": spread, "all_back_s": round(took, 1), "refused_once": dict(crowd.reasons),
        "still_gone": len(gone) - sum(one.is_open for one in gone), "cpu_s": round(servers[0].cpu(), 1),
    }  # fmt: skip


def total_cpu(servers: list[Server]) -> float:
    return sum(one.cpu() for one in servers)


def way_in(rounds: int) -> dict:
    """What the redirect costs one web worker, beside the barest view and a page."""
    user, number = User.objects.get(username="handler"), Petition.objects.filter(lead__code="SWJ").first().number
    client = Client()
    client.force_login(user)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
    web = Server("gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:{port}", "--no-control-socket",
                 "--worker-class", "gthread", "--workers", "1", "--threads", "4")  # fmt: skip
    paths = {
        "bare (401 without a session)": ("/events/", {}),
        "bell": ("/notices/bell/", headers),
        "redirect, petition and me": (f"/events/?topic=me&topic=petition:{number}", headers),
        "redirect, queue": ("/events/?topic=me&topic=unit:SWJ", headers),
        "petition": (f"/petitions/{number}/", headers | {"HX-Request": "true"}),
    }
    try:
        return {name: requests(web, *asked, rounds) for name, asked in paths.items()}
    finally:
        web.process.terminate()
        web.process.wait(10)


def requests(web: Server, path: str, headers: dict, rounds: int) -> dict:
    """One after another on one connection."""
    door = http.client.HTTPConnection("127.0.0.1", web.port)
    for number in range(rounds + 10):
        if number == 10:  # warm
            cpu, start = web.cpu(), time.monotonic()
        door.request("GET", path, headers=headers)
        answer = door.getresponse()
        answer.read()
    took = time.monotonic() - start
    door.close()
    return {
        "status": answer.status, "per_second": round(rounds / took),
        "cpu_ms": round(1000 * (web.cpu() - cpu) / rounds, 2),
    }  # fmt: skip


# --- The whole --------------------------------------------------------------------------------------------------------


def measure(options, processes: ExitStack) -> dict:
    servers = [live_process() for _ in range(options.processes)]
    for one in servers:
        processes.callback(one.stop)
    time.sleep(1)
    crowd, empty = Crowd(), sum(one.megabytes() for one in servers)
    streams, cpu = crowd_of(options.streams, servers), total_cpu(servers)
    took = crowd.open(streams)
    result = {"set-up": {"seconds": round(took, 1), "open": crowd.open_count, "failed": dict(crowd.reasons),
                         "cpu_s": round(total_cpu(servers) - cpu, 1)}}  # fmt: skip
    full = sum(one.megabytes() for one in servers)
    each = 1000 * (full - empty) / options.streams
    result["memory"] = {"empty_mb": round(empty), "full_mb": round(full), "each_kb": round(each, 1)}
    for _ in crowd.rest(3):
        crowd.arrivals.clear()
    result["idle"] = idle(crowd, servers, options.idle)
    result["ping to 1"] = fan_out(crowd, "user:7", 1, 50)
    result[f"ping to {WATCHERS}"] = fan_out(crowd, "petition:TIMED", WATCHERS, 20)
    result["ping to all"] = fan_out(crowd, EVERYBODY, options.streams, 5)
    result["burst"] = burst(crowd, servers, options.burst, options.streams // SAME)
    result["memory"]["after_mb"] = round(sum(one.megabytes() for one in servers))
    for spread in (options.streams / RETURNS, 0):
        result[f"kill -9, back within {spread} s"] = crash(crowd, streams, servers, spread)
    return result


def main() -> None:
    options = argparse.ArgumentParser()
    for name, default in (("streams", 9500), ("processes", 1), ("idle", 60), ("burst", 1000), ("requests", 400)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--json", type=Path)
    options = options.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers inherit it
    with ExitStack() as processes:
        result = measure(options, processes)
    result["web"] = way_in(options.requests)
    for name, values in result.items():
        rows = values.items() if name == "web" else [(name, values)]
        for row, figures in rows:
            words = figures if isinstance(figures, str) else "  ".join(f"{k} {v}" for k, v in figures.items())
            print(f"{row:32}{words}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
