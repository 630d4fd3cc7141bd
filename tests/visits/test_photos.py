"""Photos are looked at, written anew, and served only to those who may see the visit."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from visits.photos import LARGEST_SIDE, picture


def image(kind="JPEG", size=(40, 30), mode="RGB", **options) -> BytesIO:
    written = BytesIO()
    Image.new(mode, size, "red").save(written, kind, **options)
    written.seek(0)
    return written


def exif_with_position() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825)[2] = (22.0, 41.0, 0.0)
    return exif


def test_position_and_device_do_not_travel_with_a_photo():
    taken = picture(image(exif=exif_with_position()), "IMG_1.JPG")
    rewritten = Image.open(BytesIO(taken.content))
    assert dict(rewritten.getexif()) == {}
    assert rewritten.size == (30, 40)  # turned upright first
    assert (taken.name, taken.content_type) == ("IMG_1.jpg", "image/jpeg")


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
)
def test_every_kind_of_picture_becomes_a_jpeg(kind, mode):
    blank = BytesIO()
    Image.new(mode, (40, 30)).save(blank, kind)
    blank.seek(0)
    assert Image.open(BytesIO(picture(blank, "a.png").content)).format == "JPEG"


def test_a_large_photo_is_made_smaller():
    assert max(Image.open(BytesIO(picture(image(size=(5000, 200)), "a.jpg").content)).size) == LARGEST_SIDE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg onload=alert(1)>",
        b"%PDF-1.7",
        image().getvalue()[:200],
        image("GIF").getvalue(),
        b"\x00" * 99,
    ],
)
def test_what_only_pretends_to_be_a_photo_is_refused(content):
    with pytest.raises(ValidationError):
        picture(BytesIO(content), "holiday.jpg")


def test_a_picture_that_claims_more_pixels_than_memory_is_refused():
    bomb = image("PNG", size=(9000, 9000), mode="1")
    with pytest.raises(ValidationError):
        picture(bomb, "bomb.png")
