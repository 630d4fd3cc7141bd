"""Queries and time of the main pages on a database the demonstration filled.

    source .data/env; DEMONSTRATION=1 .venv/bin/python bench/pages.py [ROUNDS]

Times are of the whole request in this process, without network; take ratios to the bare page of the same run.
"""

import os
import statistics
import sys
import time
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["ALLOWED_HOSTS"] = "testserver"
os.environ["STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import User
from petitions.models import Petition

BARE = "/login/"


def pages() -> list[tuple[str, str, str]]:
    """Name, who asks, address."""
    open_one = Petition.objects.filter(lead__code="SWJ", stage="accepted").first().number
    waiting = Petition.objects.filter(stage="filed").first().number
    return [
        ("bare page (sign-in)", "", BARE),
        ("unit queue", "handler", "/petitions/"),
        ("triage queue", "desk", "/petitions/"),
        ("all petitions, page of 50", "desk", "/petitions/all/"),
        ("petition", "handler", f"/petitions/{open_one}/"),
        ("dispatch form", "desk", f"/petitions/{waiting}/dispatch/"),
        ("filing form", "enterprise", "/petitions/new/"),
        ("visit form", "cadre", "/visits/new/"),
        ("my enterprises", "cadre", "/visits/enterprises/"),
        ("home of a cadre", "cadre", "/"),
        ("home of an enterprise", "enterprise", "/"),
        ("home of a leader", "leader", "/"),
        ("board, 2023", "leader", "/board/?period=2023"),
        ("list behind a figure", "leader", "/board/received/?from=2023-01-01&to=2023-12-31"),
        ("inbox", "desk", "/notices/"),
        ("API, page of 50", "desk", "/api/v1/petitions/"),
    ]


def measure(client: Client, address: str, rounds: int) -> tuple[int, list[float]]:
    """Number of queries of a warm request, and the milliseconds of so many."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        asked = len(queries)
    assert answer.status_code == 200, (address, answer.status_code)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - start) * 1000)
    return asked, sorted(times)


def main(rounds: int) -> None:
    people = {user.username: user for user in User.objects.filter(is_demonstration=True, posts__isnull=False)}
    people |= {name: User.objects.get(username=name) for name in ("cadre", "enterprise")}
    bare = None
    print(f"{'page':28}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'p50 ÷ bare':>12}")
    for name, who, address in pages():
        client = Client()
        if who:
            client.force_login(people[who])
        queries, times = measure(client, address, rounds)
        middle = statistics.median(times)
        bare = bare or middle
        print(f"{name:28}{queries:8}{middle:9.1f}{times[int(len(times) * 0.95) - 1]:9.1f}{middle / bare:12.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
