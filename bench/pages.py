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
from django.utils import timezone

from directory.models import User
from petitions.models import Conference, Petition, ProgressLink
from petitions.operations.links import make_link

BARE = "/login/"


def first(**asked) -> Petition:
    return Petition.objects.filter(**asked).order_by("id").first()


def link_of(petition: Petition) -> ProgressLink:
    """The petition's link, made where nobody has made it yet."""
    return petition.links.filter(revoked_at=None).first() or make_link(petition, petition.filed_by, timezone.now())


def pages() -> list[tuple]:
    """Name, who asks, address; what is sent, where something is."""
    return [("bare page (sign-in)", "", BARE), *lists(), *petitions(), *forms(), *elsewhere()]


def lists() -> list[tuple]:
    tabs = ("today", "overdue", "waiting", "unit", "all")
    everything = "/petitions/all/?since=2023-01-01&until=2023-12-31"
    return [
        ("unit queue", "handler", "/petitions/"),
        ("triage queue", "desk", "/petitions/"),
        *((f"queue of a head: {tab}", "head", f"/petitions/?show={tab}") for tab in tabs),
        ("queue of supervision", "supervisor", "/petitions/"),
        ("queue of the panel", "panel", "/petitions/"),
        ("all petitions, page of 50", "desk", "/petitions/all/"),
        ("the same, filtered", "supervisor", "/petitions/all/?clock=overdue&standard=P3&sort=urgent"),
        ("export of 5,300 rows", "auditor", everything.replace("all/", "all/export/")),
        ("conferences", "supervisor", "/conferences/"),
    ]


def petitions() -> list[tuple]:
    ours, parked = first(lead__code="SWJ", stage="accepted"), first(stage="parked")
    own = first(enterprise__representatives__user__username="enterprise", stage="accepted")
    held = Conference.objects.order_by("held_at").last()
    return [
        ("petition", "handler", ours.get_absolute_url()),
        ("petition parked for years", "supervisor", parked.get_absolute_url()),
        ("petition, to its enterprise", "enterprise", own.get_absolute_url()),
        ("petition turned away twice", "panel", first(stage="contested", contest_count=2).get_absolute_url()),
        ("receipt", "enterprise", f"{own.get_absolute_url()}receipt/"),
        ("public progress", "", f"/progress/{link_of(own).token}/"),
        ("conference", "supervisor", held.get_absolute_url()),
    ]


def forms() -> list[tuple]:
    waiting, accepted = first(stage="filed", approvals=None), first(lead__code="SWJ", stage="accepted", approvals=None)
    several = list(Petition.objects.filter(stage="filed").order_by("id").values_list("number", flat=True)[:5])
    return [
        ("dispatch form", "desk", f"{waiting.get_absolute_url()}dispatch/"),
        ("reply form", "handler", f"{accepted.get_absolute_url()}reply/"),
        ("form to ask for parking", "head", f"{accepted.get_absolute_url()}ask_park/"),
        ("bulk dispatch, 5 rows", "desk", "/petitions/bulk/", {"step": "dispatch", "numbers": several}),
        ("convening a conference", "supervisor", "/conferences/new/"),
        ("registration of a letter", "desk", "/petitions/register/"),
        ("filing form", "enterprise", "/petitions/new/"),
        ("visit form", "cadre", "/visits/new/"),
    ]


def elsewhere() -> list[tuple]:
    homes = ("cadre", "enterprise", "desk", "head", "panel", "supervisor", "leader")
    return [
        *((f"home of {name}", name, "/") for name in homes),
        ("my enterprises", "cadre", "/visits/enterprises/"),
        ("board, 2023", "leader", "/board/?period=2023"),
        ("list behind a figure", "leader", "/board/received/?from=2023-01-01&to=2023-12-31"),
        ("inbox", "desk", "/notices/"),
        ("preferences", "desk", "/preferences/"),
        ("API, page of 50", "desk", "/api/v1/petitions/"),
    ]


def measure(client: Client, address: str, sent: dict | None, rounds: int) -> tuple[int, list[float]]:
    """Number of queries of a warm request, and the milliseconds of so many."""
    ask(client, address, sent)
    with CaptureQueriesContext(connection) as queries:
        status = ask(client, address, sent)
        asked = len(queries)
    assert status == 200, (address, status)
    times = []
    for _ in range(3 if address.partition("?")[0].endswith("/export/") else rounds):
        start = time.perf_counter()
        ask(client, address, sent)
        times.append((time.perf_counter() - start) * 1000)
    return asked, sorted(times)


def ask(client: Client, address: str, sent: dict | None) -> int:
    """The whole answer, to its last byte."""
    answer = client.post(address, sent) if sent else client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def main(rounds: int) -> None:
    people = {user.username: user for user in User.objects.filter(is_demonstration=True, posts__isnull=False)}
    people |= {name: User.objects.get(username=name) for name in ("cadre", "enterprise")}
    bare = None
    print(f"{'page':30}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'p50 ÷ bare':>12}")
    for name, who, address, *sent in pages():
        client = Client()
        if who:
            client.force_login(people[who])
        queries, times = measure(client, address, sent[0] if sent else None, rounds)
        middle = statistics.median(times)
        bare = bare or middle
        print(f"{name:30}{queries:8}{middle:9.1f}{times[int((len(times) - 1) * 0.95)]:9.1f}{middle / bare:12.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
