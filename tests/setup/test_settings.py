"""A production place refuses to start without its secret; nothing in the lock file names where packages come from."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def test_without_a_secret_key_nothing_starts():
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | {"DEBUG": "0"}
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "SECRET_KEY is not set" in started.stderr


def test_the_lock_file_names_packages_and_their_hashes_but_no_host():
    lock = (PROJECT / "package-lock.json").read_text()
    assert '"integrity": "sha512-' in lock
    assert re.findall(r'"resolved"|//registry\S*', lock) == []


def test_every_requirement_is_pinned_exactly():
    loose = [
        f"{file.name}: {line}"
        for file in sorted(PROJECT.glob("requirements*.txt"))
        for line in file.read_text().splitlines()
        if line and not line.startswith(("#", "-r ")) and not re.match(r"[\w\[\]-]+==[\w.]+\s*(;|#|$)", line)
    ]
    assert loose == []


def test_the_static_assets_are_what_pages_may_use():
    vendor = PROJECT / "static" / "vendor"
    assert sorted(file.name for file in vendor.iterdir()) == [
        "htmx.min.js",
        "hx-sse.min.js",
        "icons.svg",
        "tabler.min.css",
        "tabler.min.js",
    ]
    assert [file.name for file in vendor.iterdir() if "sourceMappingURL" in file.read_text()] == []
    assert re.findall(r'<symbol id="([^"]+)"', (vendor / "icons.svg").read_text()) == sorted(
        (PROJECT / "deploy" / "icons.txt").read_text().split()
    )


def test_every_icon_a_template_names_is_in_the_sprite():
    known = set((PROJECT / "deploy" / "icons.txt").read_text().split())
    missing = {
        f"{file.relative_to(PROJECT)}: {name}"
        for file in (PROJECT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', file.read_text())
        if name not in known
    }
    assert missing == set()
