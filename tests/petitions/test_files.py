"""Uploads are what they say they are, or are refused by name; what is handed back runs in no browser."""

import io
import zipfile
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from directory import uploads
from directory.uploads import check_upload
from petitions import operations
from petitions.models import Attachment, Petition
from tests.petitions.stories import dispatched, filed

WHERE = 0x8825  # the EXIF block that says where a picture was taken


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


def sent(name: str, content: bytes, content_type: str = "text/html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


DOCX = office("[Content_Types].xml", "word/document.xml")
GOOD = {
    "现场.jpg": (picture(), "image/jpeg"),
    "现场.JPEG": (picture(), "image/jpeg"),
    "现场.png": (picture("PNG"), "image/png"),
    "现场.webp": (picture("WEBP"), "image/webp"),
    "说明.pdf": (b"%PDF-1.7\n%%EOF", "application/pdf"),
    "说明.docx": (DOCX, uploads.DOCUMENTS["docx"]),
    "台账.xlsx": (office("[Content_Types].xml", "xl/workbook.xml"), uploads.DOCUMENTS["xlsx"]),
    "汇报.pptx": (office("[Content_Types].xml", "ppt/presentation.xml"), uploads.DOCUMENTS["pptx"]),
    "说明.txt": ("积水".encode(), "text/plain"),
    "台账.csv": ("企业,积水\r\n".encode("gb18030"), "text/csv"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_it_says_it_is_is_taken_under_a_type_of_our_own(name):
    content, content_type = GOOD[name]
    kept = check_upload(sent(name, content))
    assert (kept.name, kept.content_type) == (name, content_type)
    assert kept.read() == content or content_type.startswith("image/")


BAD = {
    "空.pdf": b"",
    "网页.html": b"<script>alert(1)</script>",
    "图.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "包.zip": office("a"),
    "程序.exe": b"MZ",
    "无名": b"x",
    "假.jpg": b"<script>alert(1)</script>",
    "假.png": picture("JPEG"),
    "断.jpg": picture(size=(400, 300))[:500],
    "假.pdf": picture(),
    "假.docx": b"PK\x03\x04 and no more",
    "别.docx": office("[Content_Types].xml", "xl/workbook.xml"),
    "宏.xlsx": office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
    "二进制.txt": b"\x00\x01\x02",
    "乱.csv": b"\xff\xff\xff\xff",
}


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused_by_name(name):
    with pytest.raises(ValidationError) as refused:
        check_upload(sent(name, BAD[name]))
    assert name in refused.value.messages[0]


def test_what_is_too_large_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(ValidationError) as refused:
        check_upload(sent("大.txt", b"x" * 11))
    assert refused.value.messages == ["“大.txt”超过 10\xa0字节，请压缩后上传。"]


def test_a_picture_keeps_nothing_of_where_and_with_what_it_was_taken():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "a telephone", 6  # maker; lying on its side
    exif.get_ifd(WHERE)[1] = "N"
    kept = Image.open(check_upload(sent("现场.jpg", picture(exif=exif), "image/jpeg")))
    assert (dict(kept.getexif()), kept.size) == ({}, (30, 40))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PIXELS", 1000)
    with pytest.raises(ValidationError):
        check_upload(sent("大.png", picture("PNG", (40, 30))))


def test_a_large_picture_is_kept_smaller():
    kept = Image.open(check_upload(sent("大.jpg", picture(size=(5000, 100)))))
    assert max(kept.size) == uploads.LONGEST_EDGE


def test_an_archive_that_unpacks_to_much_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 7)
    with pytest.raises(ValidationError):
        check_upload(sent("大.docx", DOCX))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/说明.txt", "说明.txt"),
        ("a\u202etxt.说明.txt", "atxt.说明.txt"),
        ("长" * 200 + ".txt", "长" * 116 + ".txt"),
    ],
)
def test_names_are_plain_and_short(name, kept):
    assert uploads.clean_name(name) == kept


# --- Served after the right is asked ------------------------------------------------------------


@pytest.fixture
def petition(catalogue, lan, lantern, mei, wen) -> Petition:
    """With a public file of the enterprise, and an internal one of the co-organiser."""
    now = timezone.now()
    file = check_upload(sent("现场.txt", "积水".encode()))
    petition, _ = operations.file(
        by=lan, now=now, key=uuid4(), enterprise=lantern, title="积水", body="积水", files=[file]
    )
    return operations.accept(dispatched(petition, mei, now, helpers=("JTJ",)), wen, now)


@pytest.fixture
def internal(petition, rui) -> Attachment:
    file = check_upload(sent("内部.txt", b"x"))
    operations.advise(petition, rui, timezone.now(), answer="见附件", files=[file])
    return Attachment.objects.get(public=False)


def address(attachment: Attachment) -> str:
    return reverse("petitions:attachment", args=[attachment.petition.number, attachment.key])


def fetched(client, user, attachment) -> int:
    client.force_login(user)
    return client.get(address(attachment)).status_code


def test_a_file_is_a_download_that_runs_nowhere(client, lan, petition):
    client.force_login(lan)
    answer = client.get(address(petition.attachments.get()))
    assert b"".join(answer.streaming_content) == "积水".encode()
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_who_may_not_see_the_petition_finds_no_file(client, petition, stranger, mei, wen, rui, zhao):
    attachment = petition.attachments.get()
    assert fetched(client, stranger, attachment) == 404
    assert [fetched(client, user, attachment) for user in (mei, wen, rui, zhao)] == [200] * 4


def test_an_internal_file_is_for_the_staff(client, petition, internal, lan, wen, chen):
    assert [fetched(client, user, internal) for user in (lan, wen, chen)] == [404, 200, 200]


def test_a_file_of_another_petition_is_not_served(client, petition, lan, lantern):
    other = filed(lan, lantern, timezone.now(), title="别的")
    client.force_login(lan)
    path = reverse("petitions:attachment", args=[other.number, petition.attachments.get().key])
    assert client.get(path).status_code == 404


def test_a_file_lost_from_the_disk_is_not_found(client, petition, lan):
    attachment = petition.attachments.get()
    attachment.file.storage.delete(attachment.file.name)
    assert fetched(client, lan, attachment) == 404
