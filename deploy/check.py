"""Every check and then every test, inside the services (`make test`); stops at the first step that fails.

    launcher.py exec python deploy/check.py [--checks-only] [pytest's arguments]

Each step says how long it took; what it found is printed only when it fails. The tests come last, in their own words.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from messages import compile_messages
from places import PROJECT, VENV
from processes import die_with

# The files whose types are checked: the seams between the apps.
SEAMS = ("workdays/*.py", "petitions/process.py", "*/parties.py", "*/queries.py", "*/operations.py")
# What a production place would be given, to see that Django has nothing to warn about.
PRODUCTION = {
    "ALLOWED_HOSTS": "petitions.example",
    "BEHIND_PROXY": "1",
    "DEBUG": "0",
    "DEMONSTRATION": "0",
    "HTTPS": "1",
    "LIVE_PORT": "",
    "SECRET_KEY": "".join(chr(33 + (7 * place) % 90) for place in range(60)),
    "SITE_URL": "https://petitions.example",
}


def main(arguments: list[str]) -> int:
    """Run the checks, then the tests unless told not to; the exit code."""
    compile_messages()
    for name, command, extra in checks():
        run_check(name, command, extra)
    if arguments == ["--checks-only"]:
        return 0
    return run(["pytest", *arguments], {}).returncode


def checks():
    """Name, command and extra environment of every check."""
    seams = sorted({str(file.relative_to(PROJECT)) for pattern in SEAMS for file in PROJECT.glob(pattern)})
    return [
        ("format", ["ruff", "format", "--check", "."], {}),
        ("lint", ["ruff", "check", "."], {}),
        ("layers", ["lint-imports", "--no-logo"], {}),
        # Lint only: djlint's formatter puts line breaks into links and titles, where spaces are seen.
        ("templates", ["djlint", "templates", "--lint", "--quiet"], {}),
        ("types on the seams", ["mypy", *seams], {}),
        ("migrations complete", ["python", "manage.py", "makemigrations", "--check", "--dry-run"], {}),
        ("production settings", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


def run_check(name: str, command: list[str], extra: dict[str, str]) -> None:
    """Run one check quietly; on failure show what it said and leave."""
    start = time.monotonic()
    done = run(command, extra, capture_output=True, text=True)
    print(f"{'failed' if done.returncode else 'ok    '}  {name:<22}{time.monotonic() - start:6.1f} s", flush=True)
    if done.returncode:
        sys.exit(f"\n{done.stdout}{done.stderr}\n`{' '.join(command)}` failed (exit {done.returncode}).")


def run(command: list[str], extra: dict[str, str], **options) -> subprocess.CompletedProcess:
    """Run a tool of the virtual environment, or say that it is missing."""
    program, parent = VENV / "bin" / command[0], os.getpid()
    if not Path(program).exists():
        sys.exit(f"{command[0]} is missing from .venv: run `python3 deploy/bootstrap.py`.")
    return subprocess.run(
        [program, *command[1:]],
        cwd=PROJECT,
        env=os.environ | extra,
        check=False,
        preexec_fn=lambda: die_with(parent),
        **options,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
