"""Files that people send: checked before anything is stored, and handed back so that no browser runs them.

The one checker for all apps. Forms use `directory.fields.UploadsField`, which calls `check_upload` for each file;
`answer_with` serves a stored file after the view has asked the right to the record it belongs to.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_PIXELS = 50_000_000  # of a picture as it was sent
LONGEST_EDGE = 4096  # of a picture as it is kept
MOST_ENTRIES, MOST_UNPACKED = 5_000, 200 * 1024 * 1024  # of an office document, which is a zip archive
LONGEST_NAME = 120
CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")

OFFICE = "application/vnd.openxmlformats-officedocument."
PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
ALLOWED = PICTURES | DOCUMENTS
FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


class NotWhatItSays(Exception):
    """The content is not of the type that the file's name claims, or cannot be read."""


def check_upload(upload: UploadedFile, allowed: dict[str, str] = ALLOWED) -> UploadedFile:
    """The upload with a clean name and a content type of our own; pictures are drawn anew, which drops where and with
    what they were taken. Raises a ValidationError that names the file."""
    name = clean_name(upload.name)
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in allowed:
        listed = _("、").join(allowed)
        raise ValidationError(
            _("“%(name)s”的类型不能上传，可上传：%(listed)s。") % {"name": name, "listed": listed}, "type"
        )
    if not upload.size:
        raise ValidationError(_("“%(name)s”是空文件，请检查后重新选择。") % {"name": name}, "empty")
    if upload.size > settings.UPLOAD_MAX_BYTES:
        most = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise ValidationError(_("“%(name)s”超过 %(most)s，请压缩后上传。") % {"name": name, "most": most}, "size")
    try:
        return checked(upload, name, extension)
    except NotWhatItSays as wrong:
        words = _("“%(name)s”的内容与类型不符，或文件已损坏，请重新保存后上传。")
        raise ValidationError(words % {"name": name}, "content") from wrong


def checked(upload: UploadedFile, name: str, extension: str) -> UploadedFile:
    content_type = ALLOWED[extension]
    if extension in PICTURES:
        return SimpleUploadedFile(name, redraw(upload, content_type), content_type)
    CHECKS[extension](upload, extension)
    upload.seek(0)
    upload.name, upload.content_type = name, content_type
    return upload


def clean_name(name: str) -> str:
    """The name without path, control and format characters, shortened before its extension."""
    plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if unicodedata.category(c)[0] != "C").strip()
    path = PurePath(plain)
    return f"{path.stem[: LONGEST_NAME - len(path.suffix)]}{path.suffix}"[:LONGEST_NAME]


def redraw(upload: UploadedFile, content_type: str) -> bytes:
    """The picture encoded anew: upright, at most `LONGEST_EDGE` a side, without any metadata."""
    wanted = content_type.removeprefix("image/").upper()
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.format != wanted or picture.width * picture.height > MOST_PIXELS:
                raise NotWhatItSays(picture.format)
            picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is decoded smaller
            plain = ImageOps.exif_transpose(picture)
            plain = plain.convert("RGBA" if wanted != "JPEG" and plain.has_transparency_data else "RGB")
    except Exception as wrong:  # what a decoder raises on broken content is nowhere listed
        raise NotWhatItSays(str(wrong)) from wrong
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    plain.info.clear()
    kept = io.BytesIO()
    plain.save(kept, wanted, **({} if wanted == "PNG" else {"quality": 88}))
    return kept.getvalue()


def check_pdf(upload: UploadedFile, extension: str) -> None:
    if not upload.read(5) == b"%PDF-":
        raise NotWhatItSays(extension)


def check_office(upload: UploadedFile, extension: str) -> None:
    """A zip archive of moderate size with the parts its type must have, and without macros."""
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as wrong:
        raise NotWhatItSays(extension) from wrong
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    whole = "[Content_Types].xml" in names and any(name.startswith(FOLDERS[extension]) for name in names)
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if not whole or macros or len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise NotWhatItSays(extension)


def check_text(upload: UploadedFile, extension: str) -> None:
    """Text in UTF-8 or in the encoding that Chinese Windows writes."""
    content = upload.read()
    if CONTROL_BYTES.search(content) or not any(reads_as(content, code) for code in ("utf-8", "gb18030")):
        raise NotWhatItSays(extension)


def reads_as(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


CHECKS: dict[str, Callable[[UploadedFile, str], None]] = {
    "pdf": check_pdf, "docx": check_office, "xlsx": check_office, "pptx": check_office,
    "txt": check_text, "csv": check_text,
}  # fmt: skip


def answer_with(stored: FieldFile, name: str, content_type: str) -> FileResponse:
    """A stored file as a download that no browser interprets. Ask the right before calling this."""
    response = FileResponse(stored.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
