"""The visit form as Chen fills it in."""

from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image

from directory.models import Enterprise, User
from tests.cast import at
from visits.forms import VisitForm

NOW = at("2023-06-13", "17:00")


def filled(user: User, enterprise: Enterprise, /, files=(), **changes) -> VisitForm:
    fields = {
        "uid": str(uuid4()), "enterprise": enterprise.code, "visited_on": "2023-06-13", "mode": "on site",
        "met": "兰经理", "purpose": "routine", "difficulty": "none",
    }  # fmt: skip
    return VisitForm(fields | changes, MultiValueDict({"photos": list(files)}), host=user.cadre, now=NOW)


def upload(name: str = "a.jpg", content: bytes = b"", kind: str = "JPEG") -> SimpleUploadedFile:
    """A picture of that kind, or just these bytes."""
    written = BytesIO(content)
    if not content:
        Image.new("RGB", (40, 30), "red").save(written, kind)
    return SimpleUploadedFile(name, written.getvalue())
