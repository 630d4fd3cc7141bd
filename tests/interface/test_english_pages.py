"""A reader of English meets Chinese only where somebody wrote it: names, titles and texts, never our own words."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, TextField
from django.test import Client
from django.utils import timezone

from petitions import operations
from petitions.process import open_steps
from tests.interface.test_locale import CHINESE
from tests.petitions.stories import dispatched, filed, promised, rated, replied
from tests.visits.making import visited

pytestmark = pytest.mark.django_db
LISTS = ("/", "/notices/", "/petitions/", "/petitions/all/", "/visits/", "/preferences/", "/nowhere/")
ASKING = ("/petitions/new/", "/visits/new/", "/visits/enterprises/")
BOARD = ("/board/", "/board/received/", "/board/feedback/", "/board/satisfaction/", "/board/coverage/")
SAME_IN_BOTH = re.compile(r"简体中文|<span class=\"avatar-mark\".*?</span>")


@pytest.fixture
def petitions(catalogue, lan, lantern, mei, pei, wen, rui):
    """One that stands at each stage, by a name of its own."""
    now = timezone.now() - timedelta(days=10)
    at_the_desk = {name: filed(lan, lantern, now, title=name) for name in ("filed", "doubted", "declined", "withdrawn")}
    for name in ("doubted", "declined"):
        operations.propose_decline(at_the_desk[name], mei, now, reason="personal", guidance="请向社区反映。")
    operations.decline(at_the_desk["declined"], pei, now)
    operations.withdraw(at_the_desk["withdrawn"], lan, now, note="已自行解决。", pressed=True)
    return at_the_desk | handled(lan, lantern, mei, wen, rui, now)


def handled(lan, lantern, mei, wen, rui, now: datetime) -> dict:
    names = ("dispatched", "accepted", "replied", "rework", "closed")
    found = {name: dispatched(filed(lan, lantern, now, title=name), mei, now, helpers=("JTJ",)) for name in names}
    for name in names[1:]:
        found[name] = operations.accept(found[name], wen, now)
    promised(found["accepted"], wen, now, timezone.localdate() + timedelta(days=3))
    for name in names[2:]:
        found[name] = replied(operations.advise(found[name], rui, now, answer="同意。"), wen, now)
    rated(found["rework"], lan, now, solved="no", satisfaction=1)
    rated(found["closed"], lan, now)
    return found


def test_every_page_is_english_to_a_reader_of_english(petitions, lan, lantern, mei, pei, wen, hua, luo, chen, root):
    visit = visited(
        chen.cadre, lantern, f"{timezone.localdate()}", promise="周五前回电", promised_on=timezone.localdate()
    )
    shown = {
        lan: (
            *LISTS,
            ASKING[0],
            *steps_of(lan, petitions, "filed", "declined", "accepted", "replied", "closed"),
            visit.get_absolute_url(),
        ),
        mei: (*LISTS, *steps_of(mei, petitions, "filed", "withdrawn")),
        pei: steps_of(pei, petitions, "doubted", "declined"),
        wen: (*LISTS, *steps_of(wen, petitions, "dispatched", "accepted", "rework")),
        hua: steps_of(hua, petitions, "replied", "closed"),
        luo: (*LISTS, *BOARD),
        chen: (*LISTS, *ASKING, f"/enterprises/{lantern.code}/", visit.get_absolute_url()),
        root: ("/", "/admin/", "/admin/directory/enterprise/", "/admin/workdays/year/"),
    }
    written = texts_in_the_database()
    assert [line for user, pages in shown.items() for line in ours(user, pages, written)] == []


def steps_of(user, petitions: dict, *names: str) -> list[str]:
    """The pages of these petitions and of each step that person may take on them."""
    found = []
    for petition in (petitions[name] for name in names):
        petition.refresh_from_db()
        page = petition.get_absolute_url()
        found += [page, *(f"{page}{step}/" for step in open_steps(petition, user, timezone.now()))]
    return found


def texts_in_the_database() -> list[str]:
    """Everything somebody wrote in Chinese, the longest first."""
    columns = (
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
    )
    texts = {str(text) for model, column in columns for text in model.objects.values_list(column, flat=True)}
    return sorted(filter(CHINESE.search, texts), key=len, reverse=True)


def ours(user, pages: Iterable[str], written: list[str]) -> Iterator[str]:
    """The lines of these pages with Chinese that nobody wrote."""
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for path in pages:
        page = client.get(path, secure=settings.HTTPS)
        assert page.status_code == (404 if path == "/nowhere/" else 200), path
        text = SAME_IN_BOTH.sub("", page.content.decode())
        for one in written:
            text = text.replace(one, "")
        yield from (f"{path}: {line.strip()[:200]}" for line in text.splitlines() if CHINESE.search(line))
