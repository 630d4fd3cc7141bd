"""Thousands of open event streams in one thread: what bench/live.py lets loose on the live process."""

import heapq
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

PING, BEAT = b"event: ping", b"event: beat"
REQUEST = "GET /live/?token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"


class Stream:
    """One browser's stream; `permit` makes a fresh token for each attempt."""

    def __init__(self, port: int, permit: Callable[[], str]):
        self.port, self.permit = port, permit
        self.socket: socket.socket | None = None
        self.is_open, self.since = False, 0.0


class Crowd:
    """Opens streams, hears what arrives on them, and knows when."""

    def __init__(self) -> None:
        self.poll = select.epoll()
        self.streams: dict[int, Stream] = {}
        self.arrivals: list[float] = []  # one for each ping heard
        self.beats = 0
        self.lost: list[Stream] = []
        self.reasons: Counter[str] = Counter()

    # --- Opening ------------------------------------------------------------------------------------------------------

    def open(self, streams: Iterable[Stream], at_once: int = 200, patience: float = 120) -> float:
        """Open them, so many at a time; answers how many seconds it took. Those that failed are in `lost`."""
        return self._open(((0.0, one) for one in streams), at_once, patience)

    def open_at(self, due: Iterable[tuple[float, Stream]], patience: float, again: Callable[[], float]) -> float:
        """Open each so many seconds from now; one that is refused tries again after `again()` seconds."""
        return self._open(due, 100_000, patience, again)

    def _open(self, due, at_once: int, patience: float, again: Callable[[], float] | None = None) -> float:
        start, self.lost = time.monotonic(), []
        waiting = [(seconds, number, one) for number, (seconds, one) in enumerate(due)]
        heapq.heapify(waiting)
        wanted, opening = self.open_count + len(waiting), set()
        while time.monotonic() - start < patience and self.open_count + (not again) * len(self.lost) < wanted:
            passed = time.monotonic() - start
            opening = {one for one in opening if one.socket and not one.is_open}
            while waiting and waiting[0][0] <= passed and len(opening) < at_once:
                one = heapq.heappop(waiting)[2]
                self._connect(one)
                opening.add(one)
            self.pump(0.02)
            while again and self.lost:
                heapq.heappush(waiting, (passed + again(), len(waiting) + wanted, self.lost.pop()))
        return time.monotonic() - start

    @property
    def open_count(self) -> int:
        return sum(one.is_open for one in self.streams.values())

    def _connect(self, one: Stream) -> None:
        one.socket, one.since = socket.socket(), time.monotonic()
        one.socket.setblocking(False)
        one.socket.connect_ex(("127.0.0.1", one.port))
        self.streams[one.socket.fileno()] = one
        self.poll.register(one.socket, select.EPOLLOUT | select.EPOLLIN)

    # --- Hearing ------------------------------------------------------------------------------------------------------

    def pump(self, seconds: float) -> bool:
        """Take in what has arrived, waiting so long for the first of it; was there anything?"""
        events = self.poll.poll(seconds, 20_000)
        for number, event in events:
            one = self.streams[number]
            if event & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                self._hear(one)
            elif event & select.EPOLLOUT:
                self.poll.modify(number, select.EPOLLIN)
                one.socket.send(REQUEST.format(token=one.permit()).encode())
        return bool(events)

    def _hear(self, one: Stream) -> None:
        try:
            heard = one.socket.recv(65536)
        except OSError as error:
            return self._lose(one, type(error).__name__)
        if not heard:
            return self._lose(one, "closed")
        if not one.is_open and not heard.startswith(b"HTTP/1.1 200"):
            return self._lose(one, heard[:12].decode(errors="replace"))
        one.is_open = True
        self.beats += heard.count(BEAT)
        self.arrivals += [time.monotonic()] * heard.count(PING)

    def _lose(self, one: Stream, reason: str) -> None:
        self.reasons[reason] += 1
        self.streams.pop(one.socket.fileno())
        one.socket.close()
        one.socket, one.is_open = None, False
        self.lost.append(one)

    def listen(self, expected: int, silence: float = 5) -> list[float]:
        """When so many pings arrived; fewer where none came for so many seconds."""
        start = time.monotonic()
        while len(self.arrivals) < expected and time.monotonic() - (self.arrivals or [start])[-1] < silence:
            self.pump(0.1)
        arrivals, self.arrivals = self.arrivals, []
        return arrivals

    def rest(self, seconds: float) -> Iterator[None]:
        """Let time pass, hearing what comes; yields once a second."""
        for _ in range(round(seconds)):
            limit = time.monotonic() + 1
            while (left := limit - time.monotonic()) > 0:
                self.pump(left)
            yield
