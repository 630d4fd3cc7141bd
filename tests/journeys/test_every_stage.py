"""A petition at every stage, as its people see it, and the form of every step: fit for everybody, within the width of a
phone and of a desk."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from directory.models import User
from petitions.models import Category, Petition
from petitions.process import STEPS, open_steps
from tests.access.outside import WAYS, Way
from tests.browser import DESKTOP, PHONE, axe_violations
from tests.cast import at, make_user, seat
from tests.journeys.test_every_page import NAME, fits

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = at("2026-06-15", "09:10")  # a Monday
WITHOUT_FORM = {"file", "expire", "lapse", "resolve"}  # of the filing page, of the system, of the conference
OTHERS = ("zhao", "mei", "wen", "pan", "rui", "shen", "chen", "luo", "hua", "ada")
SEEN_BY_OTHERS = 3  # of them at each stage, in turn; the enterprise sees every stage


@pytest.fixture
def cast(catalogue, lan, lantern, chen, mei, pei, wen, zhao, rui, shen, luo, hua, ada) -> dict:
    people = {user.username: user for user in (lan, chen, mei, pei, wen, zhao, rui, shen, luo, hua, ada)}
    people["xu"] = seat(make_user("xu", "徐接手"), "SWJ", "member")
    people["pan"] = seat(make_user("pan", "潘裁定"), "DSK", "panel")
    return people | {"lantern": lantern, "category": Category.objects.get(code="E2")}


def accepted(way: Way, standard: str = "P3") -> Way:
    return way.file().dispatch(standard).take("accept", "wen")


def turned_away(way: Way) -> Way:
    return way.file().dispatch().contest()


def urged(way: Way) -> Way:
    return accepted(way, "P2").take("urge", "lan", note="请告知进展。")


def unlike_ours(way: Way) -> Way:
    return way.file().take("propose_decline", "mei", reason="outside powers", guidance="请向市水务局反映。")


def held_up(way: Way) -> Way:
    words = {"reason": "waiting for material", "until_on": at("2026-06-22").date(), "note": "等图纸。"}
    return accepted(way).take("ask_suspend", "wen", **words)


SITUATIONS = (  # beside the stages: where a step is open that is open nowhere else
    turned_away, lambda way: turned_away(way).take("uphold", "mei", note="权属已移交。"), urged, unlike_ours, held_up,
    lambda way: accepted(way).take("ask_extend", "wen", clock="close", days=2, note="连日有雨。"),
    lambda way: accepted(way).ask_park("分两期改造管网。", "完成清淤"),
)  # fmt: skip


@pytest.fixture
def petitions(cast, clock) -> list[Petition]:
    """One at every stage, and one in every situation."""
    ways = [walk(Way(cast, MORNING)) for walk in (*WAYS.values(), *SITUATIONS)]
    clock.now = max(way.now for way in ways) + timedelta(minutes=1)
    return [Petition.objects.get(pk=way.petition.pk) for way in ways]


def forms(cast: dict, petitions: list[Petition], now) -> Iterator[tuple[User, str]]:
    """Each step once: who may take it, and its address."""
    left = set(STEPS) - WITHOUT_FORM
    for petition in petitions:
        for user in (one for one in cast.values() if isinstance(one, User)):
            for step in left.intersection(open_steps(petition, user, now)):
                left.discard(step)
                yield user, reverse("petitions:take_step", args=[petition.number, step])
    assert left == {"park"}  # only a conference can


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_stage_and_every_form_is_fit_for_everybody(open_page, cast, petitions, clock, width):
    at_desk = width == DESKTOP
    paths: dict[User, list[str]] = {cast["lan"]: [one.get_absolute_url() for one in petitions]}
    for n, petition in enumerate(petitions):
        for turn in range(SEEN_BY_OTHERS):
            user = cast[OTHERS[(n + turn + 5 * at_desk) % len(OTHERS)]]
            if Petition.objects.visible_to(user, clock.now).filter(pk=petition.pk).exists():
                paths.setdefault(user, []).append(petition.get_absolute_url())
    for user, path in list(forms(cast, petitions, clock.now))[at_desk::2]:
        paths.setdefault(user, []).append(path)
    wrong = {}
    for user, mine in paths.items():
        page = open_page(mine[0], user=user, width=width)
        for path in mine:
            page.goto(path)
            found = axe_violations(page) + ([] if fits(page) else ["it scrolls sideways"])
            found += [] if page.title().endswith(NAME) else [f"the title: {page.title()}"]
            if found:
                wrong[f"{user} {path}"] = found
        page.context.close()
    assert wrong == {}
