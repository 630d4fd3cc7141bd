"""Compile the translation catalogues with Babel, so that no gettext tools are needed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from places import PROJECT


def compile_messages() -> list[Path]:
    """Compile each locale/*/LC_MESSAGES/*.po that is newer than its .mo; the files written."""
    written = []
    for source in sorted(PROJECT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as catalogue, target.with_suffix(".mo.new").open("wb") as compiled:
            write_mo(compiled, read_po(catalogue))
        target.with_suffix(".mo.new").replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for file in compile_messages():
        print(file.relative_to(PROJECT))
