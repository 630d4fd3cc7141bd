"""The product's own programs on one machine: web, live events, worker, beat and the sweep's second trigger."""

import hashlib
import os
import socket
import time
import urllib.error
import urllib.request

import psycopg2

from messages import compile_messages
from places import CACHE, DATA, PROJECT, PYTHON, VENV
from processes import Crew, Program, ServiceLost, say

WEB_PATIENCE = 60  # seconds the web server may take to answer for the first time
# Compressing the static files takes ten seconds and gains nothing on one machine.
UNCOMPRESSED = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
COLLECTED = CACHE / "static.collected"


def run(crew: Crew, environment: dict[str, str]) -> int:
    """Prepare, start everything, fill an empty demonstration, and look after it until asked to stop."""
    host, port = environment.get("HOST", "127.0.0.1"), environment.get("PORT", "8000")
    live_port = environment.setdefault("LIVE_PORT", "8001")
    address = environment.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
    for number, name in ((port, "PORT"), (live_port, "LIVE_PORT")):
        require_free(host, int(number), name)
    prepare(crew, environment)
    serving, looping = programs(environment, host, port, live_port)
    for program in serving:
        crew.start(program)
    await_first_page(crew, port)
    say(f"Open {address}")
    for program in looping:
        crew.start(program)
    if environment["DEMONSTRATION"] == "1":
        demonstrate(crew, environment)
    return keep(crew, f"Running at {address} — Ctrl-C stops everything; the data stays in {DATA}.")


def demonstrate(crew: Crew, environment: dict[str, str]) -> None:
    """Fill an empty database with the demonstration district, then show how to sign in."""
    if empty(environment["DATABASE_URL"]):
        say("Loading the demonstration district; its pages fill up meanwhile.")
        manage(crew, environment, "demonstrate")
    manage(crew, environment, "demonstrate", "--logins")


def check(crew: Crew, environment: dict[str, str]) -> int:
    """Only find out whether everything can start: prepare, then stop."""
    prepare(crew, environment)
    crew.say("Everything is in place.")
    return 0


def keep(crew: Crew, message: str) -> int:
    """Look after what runs until asked to stop (which raises Stopped)."""
    crew.say(message)
    while True:
        crew.watch(0.5)


def prepare(crew: Crew, environment: dict[str, str]) -> None:
    """Bring database, translations and static files up to date."""
    compile_messages()
    environment.setdefault("STATIC_STORAGE", UNCOMPRESSED)
    steps = [manage_program(environment, "migrate", "--verbosity=0")]
    static = static_fingerprint()
    collecting = not COLLECTED.exists() or COLLECTED.read_text() != static
    if collecting:
        steps.append(manage_program(environment, "collectstatic", "--noinput", "--verbosity=0"))
    if any(crew.run(*steps)):
        raise ServiceLost("The database or the static files could not be prepared; see the message above.")
    if collecting:
        COLLECTED.write_text(static)
    crew.say("database migrated, static files collected")


def programs(environment: dict[str, str], host: str, port: str, live_port: str) -> tuple[list[Program], list[Program]]:
    """What serves pages, and the loops behind them; started in this order, stopped in the opposite one."""
    serving = {
        "web": f"gunicorn config.wsgi:application --bind {host}:{port} --preload --no-control-socket"
        " --worker-class gthread --workers 2 --threads 4 --timeout 60",
        "live": f"uvicorn config.live:application --host {host} --port {live_port}"
        " --timeout-graceful-shutdown 2 --no-access-log",
    }
    looping = {
        "worker": "celery -A config worker --concurrency 2 --loglevel INFO --without-mingle",
        # Its schedule kept in memory: after a clock set back, a schedule file would wait for the old times.
        "beat": "celery -A config beat --loglevel INFO --scheduler celery.beat:Scheduler --pidfile=",
        "sweep": "django sweep --loop",
    }
    return tuple(
        [Program(name, [PYTHON, "-m", *words.split()], environment=environment, patience=30) for name, words in part]
        for part in (serving.items(), looping.items())
    )


def await_first_page(crew: Crew, port: str) -> None:
    """Wait until the web server answers properly."""
    limit = time.monotonic() + WEB_PATIENCE
    while time.monotonic() < limit:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            return
        except urllib.error.HTTPError as failure:
            if failure.code < 500:
                return
            raise ServiceLost(f"The first page failed ({failure.code}); see {DATA}/logs/web.log") from failure
        except OSError:
            crew.watch(0.1)
    raise ServiceLost(f"The web server does not answer; see {DATA}/logs/web.log")


def empty(database: str) -> bool:
    """Whether nobody has an account yet."""
    connection = psycopg2.connect(database)
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM directory_user)")
        answer = cursor.fetchone()[0]
    connection.close()
    return answer


def manage(crew: Crew, environment: dict[str, str], *words: str) -> None:
    """Run a management command with its words (and progress bar) on the terminal; a failure is said and survived."""
    if any(crew.run(manage_program(environment, *words))):
        say(f"`manage.py {' '.join(words)}` failed; see above. Everything else keeps running.")


def manage_program(environment: dict[str, str], *words: str) -> Program:
    """A management command as a program."""
    return Program(words[0], [PYTHON, "manage.py", *words], environment=environment)


def require_free(host: str, port: int, name: str) -> None:
    """Say early and clearly when a port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise ServiceLost(f"Port {port} is in use. Choose another: {name}=… make run") from None


def static_fingerprint() -> str:
    """A hash over everything `collectstatic` reads; installed packages are stood for by their stamps."""
    content = hashlib.sha256((PROJECT / "config" / "settings.py").read_bytes())
    for file in (*sorted((PROJECT / "static").rglob("*")), *sorted(VENV.glob(".installed-*"))):
        if file.is_file():
            content.update(os.fsencode(file) + b"\0" + file.read_bytes())
    return content.hexdigest()
