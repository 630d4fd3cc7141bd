"""What becomes of a picture a phone sends: looked at, turned upright, made smaller, and written anew."""

from io import BytesIO
from typing import BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_SIDE = 2000
MOST_PIXELS = 60_000_000  # a file may claim more pixels than memory holds
# What Pillow raises on files that only pretend to be pictures.
NOT_A_PICTURE = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError)


class Picture(NamedTuple):
    """A JPEG without position, device or any other trace of where it was taken."""

    name: str
    content: bytes
    content_type: str = "image/jpeg"


def picture(upload: BinaryIO, name: str) -> Picture:
    """The upload written anew. ValidationError where it is no picture of a known kind, whatever it calls itself."""
    try:
        with Image.open(upload, formats=FORMATS) as image:
            return Picture(_jpeg_name(name), _rewritten(image))
    except NOT_A_PICTURE as wrong:
        raise ValidationError(
            _("“%(name)s”不是可用的照片，请上传 JPEG、PNG 或 WebP 图片。"), "not a picture", {"name": name[-60:]}
        ) from wrong


def _rewritten(image: Image.Image) -> bytes:
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # JPEG: decode no more than needed
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    if upright.mode in ("RGBA", "LA", "P", "PA"):
        upright = upright.convert("RGBA")
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright)
    written = BytesIO()
    upright.convert("RGB").save(written, "JPEG", quality=85, optimize=True)
    return written.getvalue()


def _jpeg_name(name: str) -> str:
    return f"{name.rsplit('.', 1)[0][-110:] or 'photo'}.jpg"
