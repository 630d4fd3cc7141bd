"""Who may take which step where: one table (petitions.csv), asked of the process, of the page and of the API."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from directory.models import User
from petitions import operations
from petitions.forms import FORMS
from petitions.models import Petition
from petitions.process import STEPS, Stage, open_steps
from tests.cast import make_cadre, make_unit, make_user, seat
from tests.petitions.stories import dispatched, drafted, filed, parked, rated, replied
from workdays.queries import current_calendar

TABLE = list(csv.DictReader((Path(__file__).parent / "petitions.csv").open(encoding="utf-8")))
PEOPLE = [column for column in TABLE[0] if column not in ("step", "from")]
DOORLESS = set(STEPS) - set(FORMS)  # no address: filing comes first, the system's own, what a conference decides
ASKED = ("suspend-asked", "extend-asked", "park-asked")
SITUATIONS = (*Stage.values, "proposed", "contested-twice", *ASKED, "urged")


def allowed(situation: str, person: str) -> list[str]:
    """The steps the table grants, in the order of the process."""
    granted = rows_with(situation, person)
    return [step for step in STEPS if step in granted]


def rows_with(situation: str, person: str) -> set[str]:
    return {row["step"] for row in TABLE if situation in row["from"].split() and row[person] == "x"}


def sees(situation: str, person: str) -> bool:
    return "see" in rows_with(situation, person)


@pytest.fixture
def people(lan, chen, wen, zhao, rui, mei, pei, hua, shen, luo, ada, ping, stranger) -> dict[str, User]:
    administrator = seat(make_user("admin", "管理员"), "GXJ", "system administrator")
    users = (lan, chen, wen, zhao, rui, mei, pei, hua, shen, luo, ada, ping, administrator, stranger)
    make_cadre("C009", "other", "另一名干部")
    return dict(zip(PEOPLE, users, strict=True))


@pytest.fixture
def petition(catalogue, lan, lantern) -> Petition:
    """One of two of the same enterprise."""
    filed(lan, lantern, timezone.now() - timedelta(hours=2), title="另一件")
    return filed(lan, lantern, timezone.now() - timedelta(hours=1))


def brought_to(petition: Petition, situation: str, people: dict[str, User]) -> Petition:
    """The same petition, taken to that situation by its own people."""
    now = timezone.now()
    lan, wen, zhao, mei, pei = (people[who] for who in ("representative", "lead member", "lead head", "desk", "desk 2"))
    roads, works = people["co-organiser"].posts.get().unit, make_unit("GXJ")
    sibling = Petition.objects.exclude(pk=petition.pk).get()
    day = current_calendar().add_working_days(timezone.localdate(now), 3)
    say = {"note": "写明理由"}
    steps = {
        "filed": [],
        "proposed": [lambda p: operations.propose_decline(p, mei, now, reason="not ours", guidance="请向法院起诉。")],
        "incomplete": [lambda p: operations.clarify(p, mei, now, **say)],
        "withdrawn": [lambda p: operations.withdraw(p, lan, now, **say)],
        "merged": [lambda p: operations.merge(p, mei, now, master=sibling, **say)],
        "dispatched": [lambda p: dispatched(p, mei, now, helpers=("JTJ",))],
        "signing": [lambda p: dispatched(p, mei, now, helpers=("JTJ",), standard="P3")],
    }
    steps["declined"] = [*steps["proposed"], lambda p: operations.decline(p, pei, now)]
    steps["contested"] = [*steps["dispatched"], lambda p: operations.contest(p, zhao, now, proposed=works, **say)]
    steps["contested-twice"] = [
        *steps["contested"],
        lambda p: operations.uphold(p, mei, now, **say),
        lambda p: operations.appeal(p, zhao, now, proposed=works, **say),
    ]
    steps["accepted"] = [*steps["dispatched"], lambda p: operations.accept(p, wen, now)]
    steps["signing"] += [lambda p: operations.accept(p, wen, now), lambda p: drafted(p, wen, now, waiver="另案处理")]
    steps["suspend-asked"] = [
        *steps["accepted"],
        lambda p: operations.ask_suspend(p, wen, now, reason="force majeure", until_on=day, **say),
    ]
    steps["suspended"] = [*steps["suspend-asked"], lambda p: operations.suspend(p, pei, now)]
    steps["extend-asked"] = [
        *steps["accepted"], lambda p: operations.ask_extend(p, wen, now, clock="close", days=2, **say)
    ]  # fmt: skip
    plan = [(day, "完成设计"), (current_calendar().add_working_days(day, 9), "完工答复")]
    asked = {"responsible": people["leader"], "milestones": plan} | say
    steps["park-asked"] = [*steps["accepted"], lambda p: operations.ask_park(p, zhao, now, **asked)]
    steps["parked"] = [*steps["park-asked"], lambda p: parked(p, people["supervision"], now)]
    steps["urged"] = [*steps["accepted"], lambda p: operations.urge(p, lan, now, **say)]
    steps["transferred"] = [
        *steps["accepted"],
        lambda p: operations.transfer(p, mei, now, transferred_to="市监局", receipt_number="W-1", **say),
    ]
    steps["replied"] = [*steps["accepted"], lambda p: replied(p, wen, now, waiver="另案处理")]
    steps["closed"] = [*steps["replied"], lambda p: rated(p, lan, now)]
    steps["rework"] = [
        *steps["replied"],
        lambda p: rated(p, lan, now, satisfaction=1),
        lambda p: operations.consult(p, wen, now, units=[roads], question="何时施工？"),
    ]
    for step in steps[situation]:
        petition = step(petition)
    return petition


@pytest.fixture(params=SITUATIONS)
def situation(request, petition, people) -> tuple[str, Petition]:
    return request.param, brought_to(petition, request.param, people)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_the_process_agrees_with_the_table(situation, people):
    name, petition = situation
    for person, user in people.items():
        seen = Petition.objects.for_page().visible_to(fresh(user), timezone.now()).filter(pk=petition.pk).first()
        assert (seen is not None) == sees(name, person), person
        steps = open_steps(Petition.objects.for_page().get(pk=petition.pk), fresh(user), timezone.now())
        assert steps == allowed(name, person), (name, person)


def answers(situation: str, petition: Petition, people: dict[str, User], door) -> Iterator[tuple[str, str, int, bool]]:
    """People pressing buttons with an empty form: all that are theirs, and of the others one in 24, turn by turn.

    Yields person, step, status, whether anything changed.
    """
    for i, (person, user) in enumerate(people.items()):
        for j, step in enumerate(STEPS):
            if step not in allowed(situation, person) and (i + j + SITUATIONS.index(situation)) % 24:
                continue
            with transaction.atomic():
                status = door(fresh(user), f"petitions/{petition.number}/{step}/")
                changed = Petition.objects.get(pk=petition.pk).version != petition.version
                transaction.set_rollback(True)
            yield person, step, status, changed


def through_the_page(user: User, address: str) -> int:
    client = Client()
    client.force_login(user)
    return client.post(f"/{address}").status_code


def through_the_api(user: User, address: str) -> int:
    client = APIClient()
    client.force_authenticate(user)
    return client.post(f"/api/v1/{address}").status_code


@pytest.mark.parametrize(("door", "granted"), [(through_the_page, {200, 302, 422}), (through_the_api, {200, 400})])
def test_both_doors_agree_with_the_table(situation, people, door, granted):
    name, petition = situation
    for person, step, status, changed in answers(name, petition, people, door):
        if step in DOORLESS or not sees(name, person):
            expected = {404}
        else:
            expected = granted if step in allowed(name, person) else {403, 409}
        assert status in expected, (name, person, step, status)
        assert not changed or step in allowed(name, person), (name, person, step)


@pytest.mark.django_db
def test_an_anonymous_visitor_is_led_to_the_login_page(petition):
    for step in ("", *(f"{name}/" for name in STEPS)):
        answer = Client().post(f"/petitions/{petition.number}/{step}")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/"), step
