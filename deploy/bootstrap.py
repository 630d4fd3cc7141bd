"""Prepare a bare machine with nothing but Python's standard library, then hand over to the launcher.

    python3 deploy/bootstrap.py                     the virtual environment with everything needed to develop
    python3 deploy/bootstrap.py run                 what runs: environment, assets, then the launcher
    python3 deploy/bootstrap.py test [pytest's …]   every check and test, in services of their own (deploy/check.py)
    python3 deploy/bootstrap.py services|check|exec the same as for developers, then the launcher

1. Make .venv.  2. Install the requirements, only when they changed.  3. Meanwhile build the static assets.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import threading
import venv

import assets
from places import CACHE, PROJECT, PYTHON, VENV

RUNNING = ("requirements.txt", "requirements-embedded.txt")
DEVELOPING = (*RUNNING, "requirements-dev.txt")
NODE = ("requirements-assets.txt",)


def main(arguments: list[str]) -> None:
    """Prepare, then become the launcher when a command was given."""
    if sys.version_info < (3, 11):  # noqa: UP036  this file meets whatever Python a machine has
        sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0])
    os.chdir(PROJECT)
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        prepare(developing=arguments[:1] != ["run"])
    if arguments[:1] == ["test"]:
        arguments = prepare_tests(arguments[1:])
    if arguments:
        os.execv(PYTHON, [str(PYTHON), "deploy/launcher.py", *arguments])


def prepare(*, developing: bool) -> None:
    """Make the environment and the assets; side by side where both have something to fetch."""
    if not PYTHON.exists():
        print("Making the virtual environment …", flush=True)
        venv.create(VENV, with_pip=True)
    if developing:
        install(DEVELOPING)
        assets.build(developing=True)
        return
    building = Parallel(build_assets)
    if not installed(DEVELOPING):
        install(RUNNING)
    building.finish()


def prepare_tests(arguments: list[str]) -> list[str]:
    """Set up the browser and a data folder beside the real one; the launcher's arguments."""
    if subprocess.run([PYTHON, "deploy/chromium.py"], check=False).returncode:
        sys.exit("The tests need a browser; see the message above.")
    os.environ["APP_DATA"] = str(PROJECT / ".data" / "test")
    return ["--disposable", "exec", "python", "deploy/check.py", *arguments]


def build_assets() -> None:
    """Build the static assets, with a Node of our own when the machine has none."""
    if assets.stale() and not assets.find_npm():
        install(NODE, "--target", str(assets.OWN_NODE), "--upgrade")
    assets.build(developing=False)


class Parallel(threading.Thread):
    """A step beside the main one; its failure surfaces in `finish`."""

    def __init__(self, step):
        super().__init__(daemon=True)
        self.step, self.failure = step, None
        self.start()

    def run(self):
        """Keep the failure for `finish`."""
        try:
            self.step()
        except BaseException as failure:  # a SystemExit with its message included
            self.failure = failure

    def finish(self):
        """Wait for the step and raise what it raised."""
        self.join()
        if self.failure:
            raise self.failure


def install(files: tuple[str, ...], *options: str) -> None:
    """Install what the last of these requirement files asks for, unless that was already done."""
    if installed(files):
        return
    print(f"Installing {files[-1]} …", flush=True)
    command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", files[-1], *options]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"{files[-1]} could not be installed; see pip's message above.")
    stamp(files).write_text(fingerprint(files))


def installed(files: tuple[str, ...]) -> bool:
    """Whether these very files, with this very Python, were installed before."""
    return stamp(files).exists() and stamp(files).read_text() == fingerprint(files)


def stamp(files: tuple[str, ...]):
    """The note of what was installed."""
    return VENV / f".installed-{files[-1]}"


def fingerprint(files: tuple[str, ...]) -> str:
    """A hash over the files and the Python version."""
    return hashlib.sha256(b"".join((PROJECT / name).read_bytes() for name in files) + sys.version.encode()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
