"""Photos are drawn anew before they are kept: nothing of where and with what they were taken travels with them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.visits.filling import NOW, filled, upload
from visits.operations import log_visit


def with_position() -> bytes:
    """A photo as a phone makes it, turned by a quarter."""
    exif, written = Image.Exif(), BytesIO()
    exif[0x0112], exif[0x010F] = 6, "Phone"
    exif.get_ifd(0x8825)[2] = (22.0, 41.0, 0.0)
    Image.new("RGB", (40, 30), "red").save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_position_and_device_do_not_travel_with_a_photo(chen, lantern):
    form = filled(chen, lantern, [upload("IMG_1.JPG", with_position()), upload("门口.png", kind="PNG")])
    assert form.errors == {}
    visit, _ = log_visit(host=chen.cadre, by=chen, now=NOW, **form.arguments())
    first, second = visit.photos.all()
    kept = Image.open(first.file.path)
    assert (dict(kept.getexif()), kept.size) == ({}, (30, 40))
    assert (first.name, first.content_type, second.name) == ("IMG_1.JPG", "image/jpeg", "门口.png")
    assert first.size == first.file.size


def test_photos_false_empty_too_large_or_too_many_are_refused_at_their_field(chen, lantern, settings):
    settings.UPLOAD_MAX_BYTES, settings.UPLOADS_PER_RECORD = 2 * 2**20, 2
    false = [b"", b"GIF89a", b"<svg onload=alert(1)>", b"%PDF-1.7", b"\xff" * 3 * 2**20, with_position()[:200]]
    for files in ([[SimpleUploadedFile("a.jpg", content)] for content in false], [[upload("a.exe")]], [[upload()] * 3]):
        for one in files:
            assert list(filled(chen, lantern, one).errors) == ["photos"]
