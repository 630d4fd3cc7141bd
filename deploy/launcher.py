"""Start everything the product needs, look after it, and stop it.

    launcher.py run               the whole product on this machine, until Ctrl-C
    launcher.py services          only PostgreSQL and Redis, until Ctrl-C; other shells `source .data/env`
    launcher.py exec CMD …        run CMD with the services (those already running here, else its own)
    launcher.py check             start, migrate, stop

What DATABASE_URL and REDIS_URL name is used and never started here. APP_DATA moves the data folder.
"""

import argparse
import fcntl
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import product
from places import DATA, ENVIRONMENT_FILE, LOGS, PROJECT, PYTHON, VENV
from processes import Crew, ServiceLost, Stopped, die_with, say, stop_leftovers
from services import secret, start_services

# On one machine, without a proxy: plain HTTP on the loopback address.
DEFAULTS = {
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "HTTPS": "0",
    "DEMONSTRATION": "0" if os.environ.get("DATABASE_URL") else "1",  # never in somebody else's database unasked
}


def main(arguments: list[str]) -> int:
    """Dispatch to one of the four commands; the exit code."""
    parser = argparse.ArgumentParser(prog="launcher.py", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["run", "services", "exec", "check"])
    parser.add_argument("--disposable", action="store_true", help="do not wait for the disk (test data only)")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="CMD …")
    choice = parser.parse_args(arguments)
    os.chdir(PROJECT)
    LOGS.mkdir(parents=True, exist_ok=True)
    DATA.chmod(0o700)
    environment = own_environment()
    if choice.command == "exec" and named_outside(environment):
        return run_command(choice.words, environment)
    lock = sole_use(patient=choice.disposable)
    if lock is None:
        if choice.command == "exec":
            return run_command(choice.words, environment | running_services())
        sys.exit(f"Another launcher is already using {DATA}. Stop it first, or set APP_DATA to another folder.")
    return with_services(choice, environment)


def with_services(choice: argparse.Namespace, environment: dict[str, str]) -> int:
    """Start the services, do what was asked, stop everything whatever happened."""
    stop_leftovers()
    crew = Crew(quiet=choice.command == "exec")
    try:
        start_services(crew, environment, disposable=choice.disposable)
        publish(environment)
        if choice.command == "exec":
            return run_command(choice.words, environment)
        if choice.command == "services":
            return product.keep(crew, f"Ready. In another shell: source {shown(ENVIRONMENT_FILE)}")
        if choice.command == "check":
            return product.check(crew, environment)
        return product.run(crew, environment)
    except Stopped:
        return 0
    except ServiceLost as lost:
        say(lost)
        return 1
    finally:
        ENVIRONMENT_FILE.unlink(missing_ok=True)
        crew.stop()


def own_environment() -> dict[str, str]:
    """What every program here is started with."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("LC_")}
    own |= {"PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8", "VIRTUAL_ENV": str(VENV)}
    own["DJANGO_SETTINGS_MODULE"] = "config.settings"
    own["PATH"] = f"{VENV / 'bin'}{os.pathsep}{own.get('PATH', '')}"
    own["SECRET_KEY"] = own.get("SECRET_KEY") or secret("secret.key")
    return DEFAULTS | own


def named_outside(environment: dict[str, str]) -> bool:
    """Whether both servers are somebody else's."""
    return bool(environment.get("DATABASE_URL") and environment.get("REDIS_URL"))


def sole_use(*, patient: bool):
    """A lock on the data folder, to be held until this process ends; None while another launcher holds it.

    A patient caller waits: test runs in one folder follow each other.
    """
    lock = (DATA / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not patient:
            lock.close()
            return None
        say(f"Waiting for another run in {shown(DATA)} to end …")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def publish(environment: dict[str, str]) -> None:
    """Write the addresses and secrets for other shells; readable by this account only."""
    names = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", *DEFAULTS)
    ENVIRONMENT_FILE.unlink(missing_ok=True)
    ENVIRONMENT_FILE.touch(0o600)
    ENVIRONMENT_FILE.write_text("".join(f"export {name}={shlex.quote(environment[name])}\n" for name in names))


def running_services() -> dict[str, str]:
    """The addresses another launcher has published for this data folder, as soon as it has."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if ENVIRONMENT_FILE.exists() and (lines := ENVIRONMENT_FILE.read_text().splitlines()):
            pairs = (shlex.split(line.removeprefix("export "))[0] for line in lines)
            return dict(pair.split("=", 1) for pair in pairs)
        time.sleep(0.2)
    sys.exit(f"The launcher using {DATA} has not got its services ready within a minute; see {LOGS}.")


def run_command(words: list[str], environment: dict[str, str]) -> int:
    """Run a command at this very terminal; its exit code. Ctrl-C is the command's to answer."""
    if not words:
        sys.exit("exec needs a command, e.g.: launcher.py exec python manage.py shell")
    launcher = os.getpid()
    process = subprocess.Popen(words, env=environment, cwd=PROJECT, preexec_fn=lambda: die_with(launcher))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: process.send_signal(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return process.wait()


def shown(path: Path) -> Path:
    """The path as a person in the project folder would type it."""
    return path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path


if __name__ == "__main__":
    if Path(sys.prefix) != VENV and PYTHON.exists():  # started with another Python
        os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])
    sys.exit(main(sys.argv[1:]))
