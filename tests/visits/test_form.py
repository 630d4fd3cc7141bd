"""The form says at the field what the operation would refuse, and hands over what it stores."""

import pytest

from tests.cast import assign, make_cadre, make_enterprise
from tests.visits.filling import NOW, filled, upload
from visits.forms import VisitForm
from visits.models import Visit
from visits.operations import log_visit


def test_seven_answers_are_enough_and_five_of_them_are_given(chen, lantern):
    form = VisitForm(host=chen.cadre, now=NOW)
    given = {name for name in form.fields if form[name].value()}
    required = {name for name, field in form.fields.items() if field.required}
    assert required - given == {"enterprise", "met"}
    assert (
        len([name for name in form.fields if not form[name].is_hidden]) - len(form.trend_fields + form.more_fields)
        == 12
    )


def test_what_the_form_hands_over_is_stored(chen, lantern):
    form = filled(
        chen, lantern, [upload()], started_at="15:00", ended_at="16:30", difficulty="answered", answer="可申请贴息",
        orders="down", companions="街道老李", promise="带银行来", promised_on="2023-06-20", met_phone="13812345678",
    )  # fmt: skip
    assert form.errors == {}
    visit, is_new = log_visit(host=chen.cadre, by=chen, now=NOW, **form.arguments())
    visit = Visit.objects.for_page().get(pk=visit.pk)
    assert (is_new, visit.uid) == (True, form.cleaned_data["uid"])
    assert (str(visit.started_at), visit.orders, visit.answer) == ("15:00:00", "down", "可申请贴息")
    assert (len(visit.photos.all()), [str(one) for one in visit.companions.all()]) == (1, ["街道老李"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uid", ""),
        ("uid", "not-a-uuid"),
        ("enterprise", ""),
        ("enterprise", "914499990000000000"),
        ("visited_on", "2023-06-14"),
        ("visited_on", "yesterday"),
        ("mode", "by pigeon"),
        ("met", ""),
        ("met", "兰" * 121),
        ("met", "兰\0"),
        ("met", "\ud800"),
        ("enterprise", "\ud800\0"),
        ("visited_on", "0001-01-01"),
        ("made_at", "0001-01-01T00:00:00+14:00"),
        ("made_at", "9999-12-31T23:59:59-10:00"),
        ("made_at", "2023-06-13T10:00:00+16:00"),
        ("notes", "长" * 5001),
        ("orders", "boom"),
        ("difficulty", "many"),
        ("started_at", "25:00"),
        ("companions", "、".join(f"人{n}" for n in range(11))),
    ],
)
def test_bad_input_is_named_at_its_field(chen, lantern, field, value):
    assert list(filled(chen, lantern, **{field: value}).errors) == [field]


def test_four_byte_letters_and_markup_are_plain_text(chen, lantern):
    form = filled(chen, lantern, met="𠮷经理 🏭", notes="<script>alert(1)</script>")
    visit, _ = log_visit(host=chen.cadre, by=chen, now=NOW, **form.arguments()) if form.is_valid() else (None, None)
    visit.refresh_from_db()
    assert (visit.met, visit.notes) == ("𠮷经理 🏭", "<script>alert(1)</script>")


def test_the_picker_offers_todays_enterprises_longest_unvisited_first(chen, lantern):
    never, former = make_enterprise("新厂", 11), make_enterprise("旧厂", 12)
    assign(chen.cadre, never)
    assign(chen.cadre, former, valid_to="2023-06-01")
    lantern.last_visited_on = "2023-05-14"
    lantern.save()
    options = [str(label) for value, label in VisitForm(host=chen.cadre, now=NOW).fields["enterprise"].widget.choices]
    assert options == ["请选择企业", "新厂（尚未走访）", "灯笼制造有限公司（30 天未走访）"]
    assert filled(chen, former, visited_on="2023-05-31").errors == {}
    assert list(filled(chen, former).errors) == ["enterprise"]


def test_companions_are_found_by_code_or_by_a_name_only_one_cadre_has(chen, lantern):
    fang = make_cadre("C002", "fang", "方干部", "SWJ")
    for n in (3, 4):
        make_cadre(f"C00{n}", f"gu{n}", "顾干部")
    form = filled(chen, lantern, companions="c002， 方干部；街道老李、C001")
    assert form.errors == {}
    assert form.cleaned_data["companions"] == [fang, "街道老李"]
    assert list(filled(chen, lantern, companions="顾干部").errors) == ["companions"]
