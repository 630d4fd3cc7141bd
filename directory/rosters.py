"""The office's spreadsheets: enterprises, cadres and who looks after whom, imported all or nothing.

A dry run comes first and names every bad row. Columns go by their Chinese heading or by the name of the field.
"""

import io
from itertools import islice

import openpyxl
import tablib
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets
from import_export.formats import base_formats

from directory.models import Assignment, Cadre, Enterprise, Unit, User
from directory.tables import ENCODINGS
from directory.uploads import check_office

MOST_ROWS, MOST_COLUMNS = 50_000, 50  # of a sheet
YES, NO = ("是", "yes", "true", "1", "y"), ("否", "no", "false", "0", "n", "")


class Unreadable(ValueError):
    """Why a file cannot be read as a roster, in words for the person who sent it."""


class OfficeXLSX(base_formats.XLSX):
    """A workbook's first sheet, unpacked and walked no further than a roster goes: a file of a few kilobytes can claim
    a million rows of sixteen thousand cells.
    """

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        try:
            check_office(io.BytesIO(in_stream), "xlsx")
            sheet = openpyxl.load_workbook(io.BytesIO(in_stream), read_only=True, data_only=True).active
            sheet.reset_dimensions()  # what is there counts, not what the file says of itself
            rows = list(islice(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), MOST_ROWS + 1))
        except Exception as wrong:  # what a reader raises on broken content is nowhere listed
            raise Unreadable(_("文件不是有效的 XLSX 工作簿，或内容过大。")) from wrong
        if len(rows) > MOST_ROWS:
            raise Unreadable(_("一次最多导入 %(most)d 行，请删除多余的空行或分批导入。") % {"most": MOST_ROWS})
        headers = list(rows[0]) if rows else []
        while headers and headers[-1] is None:
            headers.pop()
        return tablib.Dataset(*(row[: len(headers)] for row in rows[1:]), headers=headers)


class OfficeCSV(base_formats.CSV):
    """CSV as offices save it: UTF-8 with or without its mark, or GB 18030."""

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs) -> tablib.Dataset:
        for encoding in ENCODINGS:
            try:
                return super().create_dataset(in_stream.decode(encoding), **kwargs)
            except UnicodeDecodeError:
                continue
            except tablib.InvalidDimensions as wrong:
                raise Unreadable(_("各行的列数与表头不一致。")) from wrong
        raise Unreadable(_("文件不是 UTF-8 或 GB 18030 编码的文本。"))


class TextWidget(widgets.CharWidget):
    """Text without blanks around it; an empty cell is an empty text, never null."""

    def clean(self, value, row=None, **kwargs) -> str:
        return str(value).strip() if value is not None else ""


class RowWidget(widgets.Widget):
    """A row of another table by the first of these columns that holds the cell's text."""

    def __init__(self, model: type[Model], *columns: str):
        self.model, self.columns = model, columns

    def clean(self, value, row=None, **kwargs) -> Model | None:
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        for column in self.columns:
            if found := self.model._default_manager.filter(**{column: text}).first():
                return found
        name = self.model._meta.verbose_name
        raise ValueError(_("没有“%(text)s”这个%(name)s。") % {"text": text, "name": name})

    def render(self, value, obj=None, **kwargs) -> str:
        return getattr(value, self.columns[0], "") or ""


class ChoiceWidget(widgets.Widget):
    """One of an enum, by its stored value or by its words."""

    def __init__(self, choices):
        self.choices = choices

    def clean(self, value, row=None, **kwargs) -> str:
        text = str(value).strip() if value is not None else ""
        by_words = {str(label): stored for stored, label in self.choices.choices}
        return by_words.get(text, text)

    def render(self, value, obj=None, **kwargs) -> str:
        return str(dict(self.choices.choices).get(value, value or ""))


class YesNoWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs) -> bool:
        text = str(value).strip().lower() if value is not None else ""
        if text not in YES + NO:
            raise ValueError(_("应为“是”或“否”。"))
        return text in YES

    def render(self, value, obj=None, **kwargs) -> str:
        return YES[0] if value else NO[0]


class DayWidget(widgets.DateWidget):
    """A day as spreadsheets hold it, or written 2026-01-31, 2026/1/31, 2026.1.31."""

    def __init__(self):
        super().__init__("%Y-%m-%d")
        self.formats = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")

    def clean(self, value, row=None, **kwargs):
        return super().clean(value.strip() if isinstance(value, str) else value, row, **kwargs)


class PersonWidget(RowWidget):
    """The user of that name; a new one, without a password yet, where the row brings a person's name."""

    def clean(self, value, row=None, **kwargs) -> User | None:
        username, name = (str(row.get(column) or "").strip() for column in ("username", "name"))
        if not username:
            return None
        found = User.objects.filter(username=username).first()
        if found and name and found.name != name:
            raise ValueError(_("用户名“%(username)s”已属于%(other)s。") % {"username": username, "other": found.name})
        if not found:
            found = User(username=username, name=name)
            found.set_unusable_password()
            found.full_clean()
            found.save()  # undone with the rest where any row is bad
        return found


def text(column: str) -> fields.Field:
    return fields.Field(attribute=column, column_name=column, widget=TextWidget())


def day(column: str, **options) -> fields.Field:
    return fields.Field(attribute=column, column_name=column, widget=DayWidget(), **options)


class Roster(resources.ModelResource):
    """All or nothing; every row passes the same checks as a row entered by hand."""

    HEADINGS: dict[str, str] = {}  # Chinese heading: column

    def before_import(self, dataset: tablib.Dataset, **kwargs) -> None:
        """Read Chinese headings, and pass over rows without any content."""
        headers = [str(name or "").strip() for name in dataset.headers or ()]
        rows = [cells for cells in dataset if any(str(cell or "").strip() for cell in cells)]
        dataset.wipe()
        dataset.headers = [self.HEADINGS.get(name, name) for name in headers]
        for cells in rows:
            dataset.append(cells)

    def get_user_visible_headers(self) -> list[str]:
        return list(self.HEADINGS)

    def get_diff_headers(self) -> list[str]:
        words = {column: heading for heading, column in self.HEADINGS.items()}
        return [words.get(field.column_name, field.column_name) for field in self.get_import_fields()]


class Strict:
    """How every roster is imported."""

    use_transactions = True
    clean_model_instances = True
    skip_unchanged = True
    report_skipped = True


class EnterpriseRoster(Roster):
    HEADINGS = {
        "统一社会信用代码": "code", "企业名称": "name", "所属街道": "street", "地址": "address", "园区": "park",
        "行业": "industry", "规模": "size", "重点企业": "is_key", "联系人": "contact", "联系电话": "phone",
        "代码例外说明": "code_override",
    }  # fmt: skip

    code = text("code")
    name = text("name")
    street = fields.Field("street", "street", RowWidget(Unit, "code", "name"))
    address = text("address")
    park = text("park")
    industry = text("industry")
    size = fields.Field("size", "size", ChoiceWidget(Enterprise.Size), default=Enterprise.Size.SMALL)
    is_key = fields.Field("is_key", "is_key", YesNoWidget())
    contact = text("contact")
    phone = text("phone")
    code_override = text("code_override")

    class Meta(Strict):
        model = Enterprise
        import_id_fields = ("code",)
        fields = (
            "code", "name", "street", "address", "park", "industry", "size", "is_key", "contact", "phone",
            "code_override",
        )  # fmt: skip


class CadreRoster(Roster):
    HEADINGS = {
        "干部编号": "code", "姓名": "name", "用户名": "username", "派出单位": "unit", "生效日期": "valid_from",
        "失效日期": "valid_to",
    }  # fmt: skip

    code = text("code")
    user = fields.Field("user", "username", PersonWidget(User, "username"))
    unit = fields.Field("unit", "unit", RowWidget(Unit, "code", "name"))
    valid_from = day("valid_from", default=localdate)
    valid_to = day("valid_to")

    class Meta(Strict):
        model = Cadre
        import_id_fields = ("code",)
        fields = ("code", "user", "unit", "valid_from", "valid_to")


class AssignmentRoster(Roster):
    HEADINGS = {
        "统一社会信用代码": "enterprise", "干部编号": "cadre", "生效日期": "valid_from", "失效日期": "valid_to",
    }  # fmt: skip

    enterprise = fields.Field("enterprise", "enterprise", RowWidget(Enterprise, "code"))
    cadre = fields.Field("cadre", "cadre", RowWidget(Cadre, "code"))
    valid_from = day("valid_from", default=localdate)
    valid_to = day("valid_to")

    class Meta(Strict):
        model = Assignment
        import_id_fields = ("enterprise", "cadre", "valid_from")
        fields = ("enterprise", "cadre", "valid_from", "valid_to")
