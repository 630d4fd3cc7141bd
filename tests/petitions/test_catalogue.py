"""The routing catalogue: loading it, loading it again, and refusing a file with a bad row."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.models import Unit
from directory.tables import BadRows
from petitions.catalogue import load_catalogue
from petitions.models import Category, ServiceStandard
from tests.cast import make_enterprise

pytestmark = pytest.mark.django_db


def everything() -> list:
    return [
        list(Unit.objects.order_by("code").values()),
        list(ServiceStandard.objects.order_by("code").values()),
        list(Category.objects.order_by("code").values()),
        sorted(Category.co_organisers.through.objects.values_list("category__code", "unit__code")),
    ]


def test_the_projects_own_catalogue_loads_and_loading_it_again_changes_nothing() -> None:
    assert load_catalogue() == (47, 6, 61)
    before = everything()
    assert load_catalogue() == (47, 6, 61)
    assert everything() == before
    assert not Unit.objects.filter(name_en="").exists()
    assert not Category.objects.filter(name_en="").exists()


def test_a_street_leads_and_helps_where_the_file_says_street() -> None:
    load_catalogue()
    rent, flooding = Category.objects.get(code="C1"), Category.objects.get(code="E1")
    firm = make_enterprise(street="SJ")
    assert (rent.lead_for(firm).code, [u.code for u in rent.co_organisers_for(firm)]) == ("SJ", ["GXJ", "SJG"])
    assert {unit.code for unit in flooding.co_organisers_for(firm)} == {"YJJ", "SJ"}


def test_standards_hold_for_history_and_read_as_limits() -> None:
    load_catalogue()
    urgent, letters = (ServiceStandard.objects.on(code, date(2011, 4, 2)) for code in ("P0", "X1"))
    assert [str(urgent.limit(clock)) for clock in ("dispatch", "accept", "feedback", "close")] == [
        "30min",
        "2h",
        "24h",
        "3wd",
    ]
    assert [str(letters.limit(clock)) for clock in ("dispatch", "accept", "feedback", "close")] == [
        "1wd",
        "7d",
        "3mo",
        "None",
    ]
    assert (letters.from_filing, letters.signed, str(urgent.limit("extend"))) == (True, False, "2wd")


def test_what_a_file_of_standards_leaves_out_stays_as_it_is(tmp_path) -> None:
    load_catalogue()
    file = tmp_path / "standards.csv"
    file.write_text(STANDARDS + "P3,2000-01-01,重点,Key,2wh,1wd,5wd,20wd\n", encoding="utf-8")
    load_catalogue(standards=file)
    key = ServiceStandard.objects.on("P3", date(2026, 6, 8))
    assert (str(key.limit("close")), str(key.limit("extend")), key.signed) == ("20wd", "15wd", True)


UNITS = "code,name,name_en,kind\n"
CATEGORIES = "code,group,group_en,name,name_en,lead,co_organisers,standard\n"
STANDARDS = "code,valid_from,name,name_en,dispatch,accept,feedback,close\n"


@pytest.mark.parametrize(
    ("option", "content", "line"),
    [
        ("units", UNITS + "AAA,甲局,,business department\nBBB,乙局,,castle\n", "第 3 行"),
        ("units", UNITS + "AAA,甲局,,street\nAAA,乙局,,street\n", "第 3 行"),
        ("units", UNITS + ",甲局,,street\n", "第 2 行"),
        ("units", UNITS + "AAA,甲局\n", "第 2 行"),
        ("units", UNITS + 'AAA,"甲局,,street\n', "CSV"),
        ("units", "code,name\nAAA,甲局\n", "name_en, kind"),
        ("units", "", "第 1 行"),
        ("categories", CATEGORIES + "A9,甲,,乙,,NOBODY,,P2\n", "第 2 行"),
        ("categories", CATEGORIES + "A9,甲,,乙,,STREET,NOBODY,P2\n", "第 2 行"),
        ("categories", CATEGORIES + "A9,甲,,乙,,STREET,,P7\n", "第 2 行"),
        ("standards", STANDARDS + "P9,2030-01-01,新,New,soon,1wd,3wd,5wd\n", "第 2 行"),
        ("standards", STANDARDS + "P9,2030-02-30,新,New,1wd,1wd,3wd,5wd\n", "第 2 行"),
    ],
)
def test_a_bad_row_is_named_and_nothing_of_any_file_is_written(
    tmp_path: Path, option: str, content: str, line: str
) -> None:
    file = tmp_path / f"{option}.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=line):
        call_command("load_catalogue", **{option: file})
    assert everything() == [[], [], [], []]


def test_a_file_in_gb_18030_is_read_and_updates_what_it_names(tmp_path: Path) -> None:
    load_catalogue()
    file = tmp_path / "units.csv"
    file.write_bytes((UNITS + "SWJ,区水务局（新）,Water,business department\n").encode("gb18030"))
    call_command("load_catalogue", units=file, stdout=StringIO())
    assert Unit.objects.get(code="SWJ").name == "区水务局（新）"
    assert Unit.objects.count() == 47


def test_a_file_that_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(BadRows):
        load_catalogue(units=tmp_path / "units.csv")
    with pytest.raises(CommandError, match="nothing-here"):
        call_command("load_catalogue", units=tmp_path / "nothing-here.csv")
