"""Thousands of open pages on the real live process: memory, idle work, how fast a ping fans out, what a crash costs.

    source .data/env; .venv/bin/python bench/live.py [--streams 9500] [--processes 1] [--idle 60] [--json FILE]

Needs PostgreSQL, and a database the demonstration filled for the first part (the way through the web process). Client
and server share the machine, so times are upper bounds; take ratios where the machine is shared with others, too.
"""

import argparse
import http.client
import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["ALLOWED_HOSTS"] = "127.0.0.1"
os.environ["STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.environ["HTTPS"] = "0"
django.setup()

from django.conf import settings
from django.test import Client

from bench.crowd import Crowd, Stream
from bench.servers import Server
from directory.models import User
from notices import live
from notices.streams import RETURNS
from petitions.models import Petition

EVERYBODY = "petition:EVERYBODY"
SAME, WATCHERS = 100, 95  # pages on one petition; pages on the petition whose pings are timed


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
        permit = partial(live.token_for, SimpleNamespace(pk=number), topics)
        streams.append(Stream(servers[number % len(servers)].port, permit))
    return streams


def fan_out(crowd: Crowd, servers: list[Server], topic: str, watchers: int, rounds: int) -> dict:
    """Milliseconds from before the ping to its arrival at each watcher; what one ping costs the processes."""
    took, missed, cpu = [], 0, total_cpu(servers)
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
        "cpu_ms": round(1000 * (total_cpu(servers) - cpu) / rounds, 1),
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
    crowd.reasons.clear()
    due = [(spread * random.random(), one) for one in gone]
    took = crowd.open_at(due, patience=spread + 60, again=lambda: 1 + random.random())
    return {
        "lost": len(gone), "spread_s": spread, "all_back_s": round(took, 1), "refused_once": dict(crowd.reasons),
        "still_gone": len(gone) - sum(one.is_open for one in gone), "cpu_s": round(servers[0].cpu(), 1),
    }  # fmt: skip


def total_cpu(servers: list[Server]) -> float:
    return sum(one.cpu() for one in servers)


def way_in(rounds: int) -> Iterator[tuple[str, dict]]:
    """What the redirect costs one web worker, beside the barest view and a page."""
    number = Petition.objects.filter(lead__code="SWJ").values_list("number", flat=True)[0]
    client = Client()
    client.force_login(User.objects.get(username="handler"))
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
    web = Server("gunicorn", "config.wsgi:application", "--bind", "127.0.0.1:{port}", "--no-control-socket",
                 "--worker-class", "gthread", "--workers", "1", "--threads", "4")  # fmt: skip
    paths = {
        "bare (401)": ("/events/", {}),
        "bell": ("/notices/bell/", headers),
        "redirect, petition": (f"/events/?topic=me&topic=petition:{number}", headers),
        "redirect, queue": ("/events/?topic=me&topic=unit:SWJ", headers),
        "petition": (f"/petitions/{number}/", headers | {"HX-Request": "true"}),
    }
    try:
        for name, asked in paths.items():
            yield f"web: {name}", requests(web, *asked, rounds)
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


def measure(options, servers: list[Server]) -> Iterator[tuple[str, dict]]:
    """Name and figures of each measurement, as they come."""
    crowd, empty = Crowd(), sum(one.megabytes() for one in servers)
    streams, cpu = crowd_of(options.streams, servers), total_cpu(servers)
    took = crowd.open(streams)
    yield "set-up", {"seconds": round(took, 1), "open": crowd.open_count, "failed": dict(crowd.reasons),
                     "cpu_s": round(total_cpu(servers) - cpu, 1)}  # fmt: skip
    full = sum(one.megabytes() for one in servers)
    each = 1000 * (full - empty) / options.streams
    yield "memory", {"empty_mb": round(empty), "full_mb": round(full), "each_kb": round(each, 1)}
    for _ in crowd.rest(3):
        crowd.arrivals.clear()
    yield "idle", idle(crowd, servers, options.idle)
    yield "ping to 1", fan_out(crowd, servers, "user:7", 1, 50)
    yield f"ping to {WATCHERS}", fan_out(crowd, servers, "petition:TIMED", WATCHERS, 20)
    yield "ping to all", fan_out(crowd, servers, EVERYBODY, options.streams, 5)
    yield "burst", burst(crowd, servers, options.burst, options.streams // SAME)
    yield "memory afterwards", {"full_mb": round(sum(one.megabytes() for one in servers))}
    for spread in (0, options.streams / RETURNS):
        yield f"kill -9, back within {spread:.0f} s", crash(crowd, streams, servers, spread)


def main() -> None:
    options = argparse.ArgumentParser()
    for name, default in (("streams", 9500), ("processes", 1), ("idle", 60), ("burst", 1000), ("requests", 400)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--json", type=Path)
    options = options.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # the servers inherit it
    result = {}
    with ExitStack() as processes:
        servers = [live_process() for _ in range(options.processes)]
        for one in servers:
            processes.callback(one.stop)
        time.sleep(1)
        for name, figures in chain(way_in(options.requests), measure(options, servers)):
            result[name] = figures
            print(f"{name:30}", "  ".join(f"{key} {value}" for key, value in figures.items()), flush=True)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
