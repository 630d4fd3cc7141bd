"""Every string of the corpus in every field of every form: taken as what can be stored, or refused in words."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.db import connection, models
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from assessment.forms import ScopeForm
from assessment.parties import Reach
from directory.forms import ChoiceForm, PreferencesForm, SignInForm
from directory.rest import form_data
from notices.forms import AddressForm, PreferenceForm, PreviewForm, ProofForm
from petitions import operations
from petitions.filing import ConcernForm, FileForm, RegisterForm
from petitions.forms import FORMS
from petitions.forms.replies import KeepReplyForm
from petitions.lists import FilterForm as PetitionFilter
from tests.cast import assign, make_enterprise
from tests.hostile.strings import CORPUS, SHAPES
from tests.petitions.stories import dispatched, filed
from visits.forms import FilterForm as VisitFilter
from visits.forms import VisitForm
from workdays.forms import NoticeForm

STEPS = {  # what makes each step's form valid
    "correct": {"title": "积水", "body": "很深"},
    "withdraw": {"note": "不办了", "pressed": "no"},
    "dispatch": {"category": "E2", "lead": "SWJ", "co_organisers": ["JTJ"], "standard": "P2", "note": "请尽快"},
    "propose_decline": {"reason": "in court", "guidance": "请向法院起诉。"},
    "decline": {},
    "keep": {"note": "属于受理范围"},
    "accept": {"handler": "wen", "note": "已收到"},
    "consult": {"units": ["JTJ"], "question": "何时施工？"},
    "advise": {"answer": "下月"},
    "interim": {"body": "先清淤", "promised_on": "2099-12-31"},
    "reply": {"conclusion": "solved", "body": "已疏通", "basis": "条例", "waiver": "无须等待"},
    "evaluate": {"solved": "yes", "contacted": "yes", "satisfaction": "5", "comment": "好"},
    "reopen": {"note": "又淹了"},
    "supplement": {"body": "附上租约"},
    "object": {"note": "属于企业诉求"},
    "protest": {"note": "材料早已齐全"},
    "urge": {"note": "雨季快到了"},
    "clarify": {"note": "请附租约"},
    "merge": {"note": "同一事项"},
    "split": {"note": "另一事项"},
    "transfer": {"transferred_to": "市水务局", "receipt_number": "2026-8", "note": "属市管"},
    "reclassify": {"category": "E2", "standard": "P3", "note": "涉及多个单位"},
    "redispatch": {"lead": "JTJ", "co_organisers": [], "note": "道路事项"},
    "uphold": {"note": "三定方案第二条"},
    "rule": {"lead": "JTJ", "note": "按三定方案"},
    "contest": {"proposed": "JTJ", "note": "三定方案第三条"},
    "appeal": {"proposed": "JTJ", "note": "三定方案第三条"},
    "reassign": {"handler": "zhao", "note": "请接手"},
    "submit": {"conclusion": "solved", "body": "已疏通", "basis": "条例", "waiver": "无须等待"},
    "sign": {"note": "同意"},
    "send_back": {"note": "写明日期"},
    "respond": {"note": "泵已到货"},
    "ask_suspend": {"reason": "force majeure", "until_on": "2099-12-31", "note": "台风"},
    "suspend": {},
    "refuse_suspend": {"note": "可以先清淤"},
    "resume": {"note": "台风已过"},
    "ask_extend": {"clock": "close", "days": "2", "note": "等水泵"},
    "extend": {},
    "refuse_extend": {"note": "时间足够"},
    "ask_park": {"note": "管网改造", "responsible": "luo", "due_on_1": "2099-12-31", "goal_1": "设计完成"},
    "achieve": {"note": "设计已完成"},
    "supervise": {"level": "1", "note": "请速办"},
}
VISIT = {
    "uid": str(uuid4()), "mode": "on site", "met": "兰经理", "purpose": "routine", "difficulty": "answered",
    "answer": "可贷", "promise": "送资料", "promised_on": "2099-01-01", "started_at": "00:00",
}  # fmt: skip
CONCERN = {"title": "房租", "body": "涨租", "consent": "同意", "phone": "13900001111"}
LETTER = {"channel": "letter", "outside_number": "信 8 号", "title": "积水", "body": "很深", "phone": "13900001111"}
OWN_REPLY = {"unit": "SWJ", "title": "清淤", "step": "reply", "category": "E2", "body": "{企业}：已清淤。"}
ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-4bc4-97a0"
# A form, and what makes it valid.
Offered = tuple[forms.Form, dict]


@pytest.fixture
def offered(catalogue, lan, lantern, chen, mei, wen, zhao, rui, luo) -> dict[str, Callable[[], Offered]]:
    """Each form as it is met by the one who may fill it in."""
    now = timezone.now()
    petition = dispatched(filed(lan, lantern, now), mei, now, helpers=("JTJ",))
    operations.accept(petition, wen, now)
    sibling = filed(lan, lantern, now, title="另一件")
    assign(chen.cadre, make_enterprise("另一家", 7))
    asker = ("correct", "withdraw", "evaluate", "reopen", "supplement", "object", "protest", "urge")
    desk = ("dispatch", "clarify", "propose_decline", "decline", "keep", "merge", "split", "transfer", "reclassify")
    people = dict.fromkeys(FORMS, wen) | dict.fromkeys(asker, lan) | dict.fromkeys(desk, mei) | {"advise": rui}
    request = RequestFactory().post("/login/")

    def step(name: str) -> Callable[[], Offered]:
        by = people[name]
        said = STEPS[name] | ({"master": sibling.number} if name == "merge" else {})
        return lambda: (FORMS[name]({}, petition=petition, by=by, now=now), said | {"key": str(uuid4())})

    reach = Reach(True, frozenset())
    today = timezone.localdate().isoformat()
    return {name: step(name) for name in FORMS} | {
        "file": lambda: (FileForm({}, by=chen, now=now), CONCERN | {"enterprise": lantern.code, "category": "E2"}),
        "concern": lambda: (ConcernForm({}, now=now), CONCERN),
        "register": lambda: (RegisterForm({}, now=now), LETTER | {"enterprise": lantern.code, "received_on": today}),
        "own reply": lambda: (KeepReplyForm({}, units=[wen.posts.get().unit], now=now), OWN_REPLY),
        "visit": lambda: (VisitForm({}, host=chen.cadre, now=now), VISIT | {"visited_on": today}),
        "petitions": lambda: (PetitionFilter({}, now=now), {}),
        "visits": lambda: (VisitFilter({}), {}),
        "board": lambda: (ScopeForm({}, reach=reach, now=now), {}),
        "preferences": lambda: (PreferencesForm({}, instance=lan), {"language": "en", "theme": "dark"}),
        "choices": lambda: (ChoiceForm({}), {}),
        "address": lambda: (AddressForm({}), {"way": "wecom", "label": "群", "address": ROBOT}),
        "proof": lambda: (ProofForm({}), {"proof": "123456"}),
        "told": lambda: (PreferenceForm({}, owner=lan, addresses=[]), {"digest_at": "08:30"}),
        "preview": lambda: (PreviewForm({}), {"kind": "channel_stopped"}),
        "notice": lambda: (NoticeForm({}), {}),
        "password": lambda: (SetPasswordForm(lan, {}), {}),
        "sign in": lambda: (SignInForm(request, {}), {}),
    }  # fmt: skip


NAMES = (
    *FORMS, "file", "register", "own reply", "concern", "visit", "petitions", "visits", "board", "preferences",
    "choices", "notice", "address", "proof", "told", "preview",
)  # fmt: skip


def texts(value) -> Iterator[str]:
    """The strings in what a form found."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)
    else:
        known = (type(None), bool, int, Decimal, date, datetime, time, UUID, models.Model)
        assert isinstance(value, known) or hasattr(value, "days"), value


def filled(form: forms.Form, said: dict) -> bool:
    """Is this taken? Read as the API reads it; a page can send nothing that JSON could not."""
    try:
        form.data, form.cleaned_data = form_data(said, form.fields), {}
    except ValidationError:
        return False
    form.full_clean()
    assert form.errors.as_text().encode() or not form.errors
    return not form.errors


def test_words_are_stored_as_they_were_checked_or_refused_in_words(offered):
    taken = set()
    for name in NAMES:
        form, valid = offered[name]()
        for field, kind in form.fields.items():
            listed = isinstance(kind, forms.MultipleChoiceField)
            for words in CORPUS if isinstance(kind, forms.CharField) else CORPUS[::3]:
                filled(form, valid | {field: [words] if listed else words})
                taken.update(texts(form.cleaned_data))
    assert all("\0" not in words for words in taken)
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM unnest(%s::text[]) AS said", [sorted(taken)])
        assert {said for (said,) in cursor.fetchall()} == taken


def test_secrets_are_refused_in_words(offered):
    for name in ("sign in", "password"):
        form, valid = offered[name]()
        for words in CORPUS[::4]:
            filled(form, valid | dict.fromkeys(form.fields, words))


def test_what_is_not_even_words_is_named_at_its_field(offered):
    for name in NAMES:
        form, valid = offered[name]()
        for field in form.fields:
            for shape in SHAPES:
                filled(form, valid | {field: shape})


def test_the_forms_are_tried_from_where_they_are_valid(offered):
    for name in FORMS:
        form, valid = offered[name]()
        assert filled(form, {field: said for field, said in valid.items() if field in form.fields}), (name, form.errors)
