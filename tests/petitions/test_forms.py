"""What forms ask, refuse and leave to the operations."""

import inspect
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone

from directory.models import Unit
from petitions import operations
from petitions.filing import ConcernForm, FileForm
from petitions.forms import FORMS, AcceptForm, DispatchForm, EvaluateForm, InterimForm, ReplyForm
from petitions.lists import FilterForm
from petitions.models import Category, Petition
from petitions.process import STEPS
from tests.cast import assign, make_enterprise
from tests.petitions.stories import dispatched, filed

pytestmark = pytest.mark.usefixtures("catalogue")
BY_NO_FORM = {"file", "expire", "lapse", "park", "refuse_park", "resolve"}  # filing, the system, a conference


def posted(**words) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in words.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def keywords(act) -> set[str]:
    return {name for name, one in inspect.signature(act).parameters.items() if one.kind is one.KEYWORD_ONLY}


def test_every_step_a_person_takes_has_a_form():
    assert set(FORMS) == set(STEPS) - BY_NO_FORM


@pytest.mark.parametrize("step", FORMS)
def test_the_fields_of_a_form_are_the_arguments_of_its_operation(step):
    form = FORMS[step]
    asked = set(form.base_fields) - form.asides - {"key", "files"} | form.made
    assert asked == keywords(operations.OPERATIONS[step])


def test_filing_asks_for_what_the_operation_takes():
    words = {"title", "body", "place", "contact", "phone"}
    elsewhere = {"by", "now", "visit", "channel", "outside_number", "received_on", "follows"}
    taken = keywords(operations.file) - elsewhere | words
    assert set(FileForm.base_fields) == taken
    assert set(ConcernForm.base_fields) == taken - {"key", "files", "enterprise"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def petition(catalogue, lan, lantern, now) -> Petition:
    return filed(lan, lantern, now)


class TestDispatch:
    def form(self, petition, mei, now, **words) -> DispatchForm:
        return DispatchForm(posted(**words) if words else None, petition=petition, by=mei, now=now)

    def test_is_prefilled_from_the_category_the_filer_chose(self, lan, lantern, mei, now):
        petition = filed(lan, lantern, now, category=Category.objects.get(code="E2"))
        form = self.form(petition, mei, now)
        category = Category.objects.get(code="E2")
        assert form["category"].value() == "E2"
        assert form["co_organisers"].value() == [unit.code for unit in category.co_organisers_for(lantern)]
        assert str(form.fields["lead"].choices[0][1]) == f"按类别：{category.lead.name}"

    def test_leaves_to_the_category_what_the_desk_does_not_choose(self, petition, mei, now):
        form = self.form(petition, mei, now, category="E2")
        assert form.is_valid()
        chosen = form.arguments
        category = Category.objects.get(code="E2")
        assert (chosen["lead"], chosen["standard"]) == (category.lead, category.standard)
        assert set(chosen["co_organisers"]) == set(category.co_organisers_for(petition.enterprise))

    def test_follows_a_category_changed_on_a_page_without_scripts(self, petition, mei, now):
        before = [unit.code for unit in Category.objects.get(code="E2").co_organisers_for(petition.enterprise)]
        form = self.form(petition, mei, now, category="A2", suggested_for="E2", co_organisers=before)
        assert form.is_valid()
        assert set(form.arguments["co_organisers"]) == set(
            Category.objects.get(code="A2").co_organisers_for(petition.enterprise)
        )

    def test_keeps_what_the_desk_chose_against_the_suggestion(self, petition, mei, now):
        form = self.form(petition, mei, now, category="E2", suggested_for="E2", lead="GXJ", standard="P3")
        assert form.is_valid()
        chosen = form.arguments
        assert (chosen["lead"].code, chosen["co_organisers"], chosen["standard"]) == ("GXJ", [], "P3")
        assert set(chosen) == {"key", *keywords(operations.OPERATIONS["dispatch"])}

    def test_offers_only_units_that_answer(self, petition, mei, now):
        offered = {unit.kind for unit in self.form(petition, mei, now).fields["lead"].rows.values()}
        assert offered.isdisjoint({"service desk", "call-back", "supervision"})

    @pytest.mark.parametrize("code", ["nowhere", "\0", "\ud800", "1", "' OR 1=1 --"])
    def test_refuses_what_was_not_offered(self, petition, mei, now, code):
        form = self.form(petition, mei, now, category=code, lead=code, co_organisers=[code], standard=code)
        assert set(form.errors) == {"category", "lead", "co_organisers", "standard"}


class TestWords:
    def form(self, petition, wen, now, body: str) -> InterimForm:
        return InterimForm(posted(body=body, promised_on="2026-12-01"), petition=petition, by=wen, now=now)

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("  先清淤\r\n再改造\r\n ", "先清淤\n再改造"),
            ("\u202e反\u200b了\x07", "反了"),
            ("家👨\u200d👩\u200d👧𠮷", "家👨\u200d👩\u200d👧𠮷"),
            ("<b>粗</b>", "<b>粗</b>"),
            ("好" * 5000, "好" * 5000),
        ],
    )
    def test_are_kept_without_what_nobody_can_see(self, petition, wen, now, sent, kept):
        form = self.form(petition, wen, now, sent)
        assert form.is_valid(), form.errors
        assert form.arguments["body"] == kept

    @pytest.mark.parametrize(
        "sent", ["", " \n ", "\0", "好\0", "\ud800", "好" * 5001, "x" * 100_000, "\u200b", "\u200d \u3164"]
    )
    def test_are_refused_at_their_field(self, petition, wen, now, sent):
        form = self.form(petition, wen, now, sent)
        assert set(form.errors) == {"body"}

    def test_a_line_has_no_breaks(self, lan, now):
        form = FileForm(posted(title="厂区\r\n\t积水", body="积水"), by=lan, now=now)
        assert form.is_valid(), form.errors
        assert form.arguments["title"] == "厂区 积水"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "明天", "\0"])
def test_a_promise_is_a_day_of_this_century(petition, wen, now, day):
    form = InterimForm(posted(body="先清淤", promised_on=day), petition=petition, by=wen, now=now)
    assert set(form.errors) == {"promised_on"}


def test_the_handler_is_one_of_the_lead_unit(petition, mei, wen, zhao, rui, now):
    petition = dispatched(petition, mei, now)
    form = AcceptForm(posted(handler="zhao"), petition=petition, by=wen, now=now)
    assert form.is_valid()
    assert form.arguments["handler"] == zhao
    assert set(form.fields["handler"].rows) == {"wen", "zhao"}
    assert set(AcceptForm(posted(handler="rui"), petition=petition, by=wen, now=now).errors) == {"handler"}


def test_a_waiver_is_asked_for_only_while_somebody_is_awaited(petition, mei, wen, now):
    alone = dispatched(petition, mei, now)
    assert "waiver" not in ReplyForm(petition=alone, by=wen, now=now).fields
    operations.ask(alone, Unit.objects.filter(code="JTJ"), "", now)
    assert "waiver" in ReplyForm(petition=alone, by=wen, now=now).fields


@pytest.mark.parametrize("stars", ["0", "6", "", "五", "4.5", "-1"])
def test_a_rating_has_one_to_five_stars(petition, lan, now, stars):
    form = EvaluateForm(posted(solved="yes", contacted="yes", satisfaction=stars), petition=petition, by=lan, now=now)
    assert set(form.errors) == {"satisfaction"}


def test_a_rating_says_yes_or_no(petition, lan, now):
    form = EvaluateForm(posted(solved="yes", contacted="no", satisfaction="4"), petition=petition, by=lan, now=now)
    assert form.is_valid()
    assert (form.arguments["contacted"], form.arguments["satisfaction"]) == (False, 4)


class TestKey:
    def test_comes_with_the_form_and_stays_with_it(self, petition, wen, now):
        first = InterimForm(petition=petition, by=wen, now=now)
        key = UUID(str(first["key"].value()))
        again = InterimForm(posted(key=str(key), body="", promised_on=""), petition=petition, by=wen, now=now)
        assert (again.is_valid(), again["key"].value()) == (False, str(key))

    def test_a_broken_one_is_said_where_it_can_be_read(self, petition, wen, now):
        form = InterimForm(posted(key="x", body="好", promised_on="2026-12-01"), petition=petition, by=wen, now=now)
        assert form.non_field_errors() == ["页面已过期，请刷新后重新填写。"]


class TestFiling:
    def test_a_representative_files_for_the_own_enterprise_without_being_asked_which(self, lan, lantern, now):
        form = FileForm(posted(title="积水", body="积水", consent="x"), by=lan, now=now)
        assert form.is_valid(), form.errors
        assert (form.arguments["enterprise"], form.arguments["consent"] if "consent" in form.fields else "") == (
            lantern,
            "",
        )
        assert isinstance(FileForm(by=lan, now=now).fields["enterprise"].widget, forms.HiddenInput)

    def test_a_cadre_chooses_among_the_own_enterprises_and_records_the_consent(self, chen, lantern, stranger, now):
        assign(chen.cadre, make_enterprise("第二工厂", serial=3))
        words = {"title": "积水", "body": "积水", "key": str(uuid4())}
        form = FileForm(posted(enterprise=lantern.code, consent="兰经理电话同意", **words), by=chen, now=now)
        assert form.is_valid(), form.errors
        assert set(FileForm(posted(enterprise=lantern.code, **words), by=chen, now=now).errors) == {"consent"}
        other = stranger.representations.get().enterprise.code
        assert set(FileForm(posted(enterprise=other, consent="同意", **words), by=chen, now=now).errors) == {
            "enterprise"
        }

    @pytest.mark.parametrize("phone", ["139 0000 1111", "0755-27770000 转 12", "+86(755)2777"])
    def test_phones_are_taken_as_people_write_them(self, lan, now, phone):
        assert FileForm(posted(title="积水", body="积水", phone=phone), by=lan, now=now).is_valid()

    @pytest.mark.parametrize("phone", ["打我电话", "1" * 31, "<script>", "1\0"])
    def test_what_cannot_be_rung_is_no_phone(self, lan, now, phone):
        assert set(FileForm(posted(title="积水", body="积水", phone=phone), by=lan, now=now).errors) == {"phone"}


class TestFilter:
    def narrowed(self, now, **asked) -> list[str]:
        form = FilterForm(posted(**asked), now=now)
        return list(form.narrow(Petition.objects.all()).order_by("filed_at").values_list("title", flat=True))

    @pytest.fixture
    def three(self, catalogue, lan, lantern, mei, now):
        filed(lan, lantern, now - timedelta(days=20), title="旧事")
        dispatched(filed(lan, lantern, now - timedelta(days=3), title="积水"), mei, now - timedelta(days=3))
        filed(lan, lantern, now, title="用工 100%")

    @pytest.mark.usefixtures("three")
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, ["旧事", "积水", "用工 100%"]),
            ({"q": "水"}, ["积水"]),
            ({"q": "灯笼"}, ["旧事", "积水", "用工 100%"]),
            ({"q": "100%"}, ["用工 100%"]),
            ({"q": "_"}, []),
            ({"stage": "dispatched"}, ["积水"]),
            ({"stage": "open"}, ["旧事", "积水", "用工 100%"]),
            ({"lead": "SWJ"}, ["积水"]),
            ({"lead": "JTJ"}, []),
            ({"group": "市政公用"}, ["积水"]),
            ({"missed": "dispatch"}, ["旧事"]),
            ({"dated": "closed", "since": "2020-01-01"}, []),
            ({"q": "\0"}, []),
            ({"since": "9999-12-31"}, []),
            ({"stage": "nowhere"}, []),
        ],
    )
    def test_narrows(self, now, asked, found):
        if "group" in asked:
            asked = {"group": Category.objects.get(code="E2").group}
        assert self.narrowed(now, **asked) == found

    @pytest.mark.usefixtures("three")
    def test_by_days_of_filing_both_included(self, now):
        day: date = timezone.localdate(now)
        assert self.narrowed(now, since=str(day), until=str(day)) == ["用工 100%"]
        assert self.narrowed(now, until=str(day - timedelta(days=10))) == ["旧事"]

    @pytest.mark.usefixtures("three")
    def test_late_are_those_whose_most_urgent_clock_has_run_out(self, now):
        assert "旧事" in self.narrowed(now, late="1")
        assert "用工 100%" not in self.narrowed(now, late="1")
