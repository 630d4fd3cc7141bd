"""Spreadsheets of enterprises, cadres and assignments: each bad row is named, and nothing written while one is bad."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from directory.models import Assignment, Cadre, Enterprise, User
from tests.cast import credit_code, make_cadre, make_enterprise, make_unit

XLSX, CSV = "0", "1"
ENTERPRISES = ("统一社会信用代码", "企业名称", "所属街道", "规模", "重点企业", "联系电话")
CADRES = ("干部编号", "姓名", "用户名", "派出单位", "生效日期")
ASSIGNMENTS = ("统一社会信用代码", "干部编号", "生效日期", "失效日期")


@pytest.fixture
def office(client, root):
    client.force_login(root)
    make_unit("SY")
    make_unit("GXJ")
    return client


def xlsx(*rows) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("roster.xlsx", file.getvalue())


def csv(*rows, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("roster.csv", "\n".join(",".join(row) for row in rows).encode(encoding))


def preview(client, model: str, file: SimpleUploadedFile, kind: str = XLSX):
    return client.post(f"/admin/directory/{model}/import/", {"import_file": file, "format": kind})


def confirm(client, model: str, page):
    fields = page.context["confirm_form"].initial
    return client.post(f"/admin/directory/{model}/process_import/", fields, follow=True)


def bad_rows(page) -> list[int]:
    """The rows of the sheet, its heading counted, that the page says are wrong."""
    return sorted(int(part.split(" ")[0]) for part in page.content.decode().split("第 ")[1:] if "行：" in part[:12])


def test_enterprises_come_from_a_spreadsheet_after_a_look(office):
    page = preview(office, "enterprise", xlsx(
        ENTERPRISES,
        (credit_code(1), "晨光电子厂", "SY", "大型", "是", 13900001111),
        (credit_code(2).lower(), " 明珠塑胶 ", "石岩街道", "", "", ""),
    ))  # fmt: skip
    assert bad_rows(page) == []
    assert not Enterprise.objects.exists()
    confirm(office, "enterprise", page)
    assert list(Enterprise.objects.order_by("code").values_list("code", "name", "size", "is_key", "phone")) == [
        (credit_code(1), "晨光电子厂", "large", True, "13900001111"),
        (credit_code(2), "明珠塑胶", "small", False, ""),
    ]


def test_each_bad_row_is_named_and_nothing_is_written(office):
    good = (credit_code(1), "晨光电子厂", "SY", "大型", "是", "")
    page = preview(office, "enterprise", xlsx(
        ENTERPRISES,
        good,
        ("91449999MA0000001X", "代码有误", "SY", "小型", "否", ""),
        (credit_code(3), "街道不明", "XX", "小型", "否", ""),
        (credit_code(4), "", "SY", "小型", "否", ""),
        (credit_code(5), "规模不明", "SY", "巨型", "否", ""),
        (credit_code(6), "重点不明", "SY", "小型", "也许", ""),
    ))  # fmt: skip
    assert bad_rows(page) == [3, 4, 5, 6, 7]
    assert "confirm_form" not in page.context
    assert "没有“XX”这个单位" in page.content.decode()
    assert not Enterprise.objects.exists()


def test_the_same_roster_again_changes_what_changed(office):
    first = make_enterprise("晨光电子厂", 1)
    rows = [ENTERPRISES, (first.code, "晨光电子有限公司", "SY", "小型", "否", "13900001111")]
    confirm(office, "enterprise", preview(office, "enterprise", xlsx(*rows)))
    first.refresh_from_db()
    assert (first.name, first.pinyin, Enterprise.objects.count()) == ("晨光电子有限公司", "cgdzyxgs", 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_may_be_saved_as_offices_save_it(office, encoding):
    file = csv(ENTERPRISES, (credit_code(1), "晨光电子厂", "SY", "大型", "是", ""), encoding=encoding)
    confirm(office, "enterprise", preview(office, "enterprise", file, CSV))
    assert Enterprise.objects.get().name == "晨光电子厂"


def test_a_file_without_its_columns_is_refused(office):
    page = preview(office, "enterprise", csv(("企业名称",), ("晨光电子厂",)), CSV)
    assert "confirm_form" not in page.context
    assert not Enterprise.objects.exists()


def test_cadres_bring_their_accounts_without_a_password(office):
    page = preview(office, "cadre", xlsx(CADRES, ("G001", "陈挂点", "chen1", "GXJ", "2026/1/1")))
    assert not User.objects.filter(username="chen1").exists()
    confirm(office, "cadre", page)
    cadre = Cadre.objects.get()
    assert (cadre.code, cadre.user.name, cadre.unit.code, str(cadre.valid_from)) == (
        "G001",
        "陈挂点",
        "GXJ",
        "2026-01-01",
    )
    assert not cadre.user.has_usable_password()


def test_a_user_name_of_somebody_else_is_a_bad_row(office, mei):
    page = preview(office, "cadre", xlsx(
        CADRES,
        ("G001", "陈挂点", "chen1", "GXJ", ""),
        ("G002", "另一人", "mei", "GXJ", ""),
        ("G003", "无单位", "wu", "??", ""),
    ))  # fmt: skip
    assert bad_rows(page) == [3, 4]
    assert not User.objects.filter(username="chen1").exists()


def test_assignments_name_both_sides_by_code(office):
    firm, cadre = make_enterprise("晨光电子厂", 1), make_cadre("G001", "chen1", "陈挂点")
    rows = [ASSIGNMENTS, (firm.code, "G001", "2026-01-01", "2026-07-01"), (firm.code, "G001", "2026年7月1日", "")]
    confirm(office, "assignment", preview(office, "assignment", xlsx(*rows)))
    held = Assignment.objects.order_by("valid_from").values_list("cadre__code", "valid_from__month", "valid_to__month")
    assert list(held) == [(cadre.code, 1, 7), (cadre.code, 7, None)]


def test_two_cadres_at_once_for_one_enterprise_are_a_bad_row(office):
    firm = make_enterprise("晨光电子厂", 1)
    make_cadre("G001", "chen1", "陈挂点")
    make_cadre("G002", "chen2", "程挂点")
    rows = [(firm.code, "G001", "2026-01-01", ""), (firm.code, "G002", "2026-03-01", ""), ("??", "G001", "", "")]
    page = preview(office, "assignment", xlsx(ASSIGNMENTS, *rows))
    assert bad_rows(page) == [3, 4]
    assert "该企业在此期间已有挂点干部" in page.content.decode()
    assert not Assignment.objects.exists()


def test_what_became_bad_after_the_preview_is_not_written(office):
    firm = make_enterprise("晨光电子厂", 1)
    rows = [(firm.code, "G001", "2026-01-01", ""), (make_enterprise("明珠塑胶", 2).code, "G001", "2026-01-01", "")]
    make_cadre("G001", "chen1", "陈挂点")
    page = preview(office, "assignment", xlsx(ASSIGNMENTS, *rows))
    other = make_cadre("G002", "chen2", "程挂点")
    Assignment.objects.create(cadre=other, enterprise=firm, valid_from="2025-01-01")
    answer = confirm(office, "assignment", page)
    assert "导入未执行" in answer.content.decode()
    assert list(Assignment.objects.values_list("cadre__code", flat=True)) == ["G002"]


def workbook_claiming(row: int, column: str) -> SimpleUploadedFile:
    """A few kilobytes whose only cell below the heading stands far away."""
    cells = (
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="{row}"><c r="{column}{row}"/></row>'
    )
    sheet = f'<worksheet xmlns="{openpyxl.xml.constants.SHEET_MAIN_NS}"><sheetData>{cells}</sheetData></worksheet>'
    made, plain = io.BytesIO(), zipfile.ZipFile(xlsx(ENTERPRISES))
    with zipfile.ZipFile(made, "w") as archive:
        for name in plain.namelist():
            archive.writestr(name, sheet if name.endswith("sheet1.xml") else plain.read(name))
    return SimpleUploadedFile("roster.xlsx", made.getvalue())


def refusal(page) -> str:
    return "".join(page.context["form"].errors["import_file"])


def test_a_small_file_that_claims_a_huge_sheet_is_refused(office):
    assert "一次最多导入" in refusal(preview(office, "enterprise", workbook_claiming(1_048_576, "XFD")))


def test_columns_far_to_the_right_cost_nothing(office):
    assert "import_file" not in preview(office, "enterprise", workbook_claiming(2000, "XFD")).context["form"].errors


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"MZ", XLSX, "不是有效的 XLSX"),
        (b"code,name\n1,2,3", CSV, "列数与表头不一致"),
        (b"\xff\xfe\x00\x81", CSV, "不是 UTF-8 或 GB 18030"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_plain_words(office, content, kind, words):
    assert words in refusal(preview(office, "enterprise", SimpleUploadedFile("roster.xlsx", content), kind))


def test_confirming_twice_imports_once_and_says_so(office):
    page = preview(office, "enterprise", csv(ENTERPRISES, (credit_code(1), "晨光电子厂", "SY", "", "是", "")), CSV)
    confirm(office, "enterprise", page)
    assert "已经导入过" in confirm(office, "enterprise", page).content.decode()
    assert Enterprise.objects.count() == 1


@pytest.mark.parametrize("code", ["<b>", "A\nB", "a1", "厂"])
def test_no_override_lets_in_a_code_that_cannot_stand_in_an_address(office, code):
    columns = ("统一社会信用代码", "企业名称", "所属街道", "代码例外说明", "重点企业")
    assert bad_rows(preview(office, "enterprise", xlsx(columns, (code, "晨光电子厂", "SY", "历史代码", "否")))) == [2]
