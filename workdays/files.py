"""Text files as offices have them."""

from pathlib import Path

from django.utils.translation import gettext as _


def decoded(content: bytes) -> str:
    """UTF-8 (with or without its mark) or GB 18030; ValueError where it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(_("文件不是 UTF-8 或 GB 18030 编码的文本。"))


def read_text(file: Path) -> str:
    return decoded(file.read_bytes())
