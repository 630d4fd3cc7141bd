"""The corpus in the forms of joint conferences and at their doors."""

import json
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from petitions import operations
from petitions.forms.conference import ArrangeForm, CallOffForm, MinuteForm, PublishForm
from petitions.models import AgendaItem, Conference
from tests.hostile.strings import CORPUS, SHAPES
from tests.hostile.test_forms import filled, texts
from tests.petitions.conferring import HELD, convened
from tests.petitions.stories import dispatched, filed

ANSWERS = {200, 201, 400, 409}


@pytest.fixture
def held(catalogue, lan, lantern, mei, wen, zhao, luo, shen) -> Conference:
    now = timezone.now()
    petition = operations.accept(dispatched(filed(lan, lantern, now), mei, now, standard="P4"), wen, now, handler=wen)
    operations.ask_extend(petition, wen, now, clock="close", days=5, note="等设备")
    return convened(shen, now, petition)


def valid(held: Conference) -> dict:
    number = held.agenda.get().petition.number
    return HELD | {"held_at": timezone.now().isoformat(), "waiting": [number], "remarks": "", "reason": "台风"}


def test_words_are_kept_as_they_were_checked_or_refused_in_words(held, shen):
    now, taken, said = timezone.now(), set(), valid(held)
    for kind in (ArrangeForm, MinuteForm, CallOffForm, PublishForm):
        fresh = kind({}, by=shen, now=now, conference=held)
        assert filled(fresh, {name: words for name, words in said.items() if name in fresh.fields}), fresh.errors
        for name in fresh.fields:
            for words in [*CORPUS[::5], *SHAPES]:
                form = kind({}, by=shen, now=now, conference=held)
                if filled(form, said | {name: words}):
                    taken.update(texts({key: one for key, one in form.cleaned_data.items() if key != "petitions"}))
    assert all("\0" not in words for words in taken)


def test_the_doors_answer_in_words_whatever_is_sent(held, shen):
    client, number = APIClient(), held.agenda.get().petition.number
    client.force_authenticate(shen)
    doors = {"": "petitions", f"{held.number}/agenda/": "petitions", f"{held.number}/decisions/": "items"}
    for door, part in doors.items():
        for shape in [*SHAPES, *CORPUS[::15]]:
            items = [{"petition": number, "decision": shape}, {"petition": shape}]
            for said in ({part: shape}, {part: [shape]}, {part: items}, {"units": shape}, {"version": shape}):
                body = json.dumps(HELD | {"held_at": timezone.now().isoformat(), "key": str(uuid4())} | said)
                answer = client.generic("POST", f"/api/v1/conferences/{door}", body, content_type="application/json")
                assert answer.status_code in ANSWERS, (door, said, answer.content.decode())
    assert AgendaItem.objects.filter(conference=held).count() == 1
