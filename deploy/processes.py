"""Programs that live and die with the launcher: started, watched, restarted with a pause, stopped in order.

Linux kills each of them when the launcher dies, however it dies (PR_SET_PDEATHSIG); elsewhere their ids are
noted and whatever is left over is stopped at the next start.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from places import DATA, LOGS, PROJECT

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True) if LINUX else None
started = time.monotonic()


def say(*words: object) -> None:
    """Tell the person at the terminal, with the seconds since the start."""
    print(f"[{time.monotonic() - started:6.1f}s]", *words, flush=True)


class Stopped(Exception):
    """The person (or the system) asked the launcher to stop."""


class ServiceLost(Exception):
    """A program nothing can go on without has ended by itself."""


@dataclass
class Program:
    """What to run and how to treat it. `vital`: its end ends everything; others are started again."""

    name: str
    command: list
    stop_signal: int = signal.SIGTERM
    patience: float = 10  # seconds between the polite signal and the kill
    vital: bool = False
    environment: dict = field(default_factory=lambda: dict(os.environ))
    folder: Path = PROJECT
    become: Callable[[], None] | None = None  # runs in the child, before it turns into the program

    def launch(self, *, quiet: bool = True) -> subprocess.Popen:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches only the launcher."""
        output = self.log.open("ab") if quiet else None
        launcher = os.getpid()

        def child():
            os.setsid()
            if self.become:
                self.become()
            die_with(launcher, self.stop_signal)  # last: a change of credentials would clear it

        try:
            return subprocess.Popen(
                [str(word) for word in self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                cwd=self.folder,
                env=self.environment,
                preexec_fn=child,
            )
        finally:
            if output:
                output.close()

    @property
    def log(self) -> Path:
        """Where its words go."""
        return LOGS / f"{self.name}.log"


def die_with(parent: int, with_signal: int = signal.SIGTERM) -> None:
    """In a child: receive this signal when the parent dies, even by kill -9 (Linux)."""
    if LINUX:
        libc.prctl(PR_SET_PDEATHSIG, int(with_signal))
        if os.getppid() != parent:  # it died before the line above
            os.kill(os.getpid(), with_signal)


@dataclass
class Member:
    """A running program, with its history of falls."""

    program: Program
    process: subprocess.Popen
    since: float
    falls: int = 0
    due: float | None = None  # when to start it again, while it is down


class Crew:
    """All programs of one launcher."""

    SLOWEST = 30  # seconds between two starts of a program that keeps falling
    SETTLED = 60  # seconds up after which earlier falls are forgotten

    def __init__(self, *, quiet: bool = False):
        self.members: list[Member] = []
        self.stop_asked = threading.Event()
        self.say = (lambda *words: None) if quiet else say
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop_asked.set())

    def start(self, program: Program) -> Member:
        """Start a program and keep it from now on."""
        member = Member(program, program.launch(), time.monotonic())
        self.members.append(member)
        self.note()
        return member

    def run(self, *programs: Program) -> list[int]:
        """Run programs side by side to their ends, their words on the terminal, watching the others meanwhile."""
        running = [(program, program.launch(quiet=False)) for program in programs]
        try:
            while any(process.poll() is None for _, process in running):
                self.watch(0.1)
        finally:
            for program, process in running:
                if process.poll() is None:
                    end(process, program)
        return [process.returncode for _, process in running]

    def watch(self, seconds: float) -> None:
        """Look after everyone once, then wait. Raises Stopped or ServiceLost."""
        for member in self.members:
            self.look_after(member)
        if self.stop_asked.wait(seconds):
            raise Stopped

    def look_after(self, member: Member) -> None:
        """Notice a fall, plan the next start with a growing pause, and start when it is due."""
        now, program = time.monotonic(), member.program
        if member.due is not None:
            if now >= member.due:
                member.process, member.since, member.due = program.launch(), now, None
                self.note()
            return
        if member.process.poll() is None:
            return
        ending = f"{program.name} ended by itself (exit {member.process.returncode}); see {program.log}"
        if program.vital:
            raise ServiceLost(ending)
        member.falls = 0 if now - member.since > self.SETTLED else member.falls
        pause = min(2**member.falls, self.SLOWEST)
        member.falls, member.due = member.falls + 1, now + pause
        self.say(f"{ending}. Starting it again in {pause} s.")

    def stop(self) -> None:
        """Stop everyone, the last started first."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for member in reversed(self.members):
            if member.process.poll() is None:
                seconds = end(member.process, member.program)
                self.say(f"stopped {member.program.name} ({seconds:.1f} s)")
        notes().unlink(missing_ok=True)

    def note(self) -> None:
        """Write down who runs, for the next start to find what this one could not stop."""
        rows = []
        for member in self.members:
            try:
                born = psutil.Process(member.process.pid).create_time()
            except psutil.Error:
                continue
            rows.append([member.process.pid, born, int(member.program.stop_signal)])
        notes().write_text(json.dumps(rows))


def notes() -> Path:
    """The list of running programs of the data folder."""
    return DATA / "running.json"


def end(process: subprocess.Popen, program: Program) -> float:
    """Stop a program politely, then firmly; returns the seconds it took."""
    begin = time.monotonic()
    process.send_signal(program.stop_signal)
    try:
        process.wait(program.patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return time.monotonic() - begin


def stop_leftovers() -> None:
    """Stop what an earlier launcher of this data folder left running (only where the kernel did not)."""
    try:
        rows = json.loads(notes().read_text())
    except (OSError, ValueError):
        return
    for pid, born, stop_signal in rows:
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - born) < 1:
                say(f"stopping {process.name()} left over from an earlier run")
                process.send_signal(stop_signal)
                process.wait(20)
        except psutil.TimeoutExpired:
            process.kill()
        except psutil.Error:
            continue
