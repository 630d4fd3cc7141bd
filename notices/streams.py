"""The open event streams of the live process: what is written to each browser, and when it stops.

A stream costs one waiting task and no timer: one clock beats for all, a twentieth of them each second.
"""

import asyncio
import itertools
import random
from collections.abc import Iterable

from notices.hub import Hub
from notices.live import asked_name

BEAT = 20  # seconds; a stream silent for longer is broken, and live.js polls instead
LIFETIME = (480, 720)  # seconds until the browser must come back and have its rights asked again; spread out
SEND_PATIENCE = 30  # seconds a reader may block before it is given up
MOST_PENDING = 50  # changes that wait for a slow reader one by one; later ones go together
RETURNS = 100  # a second: as many pages may come back through the web process after this one was lost
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"access-control-allow-origin", b"*"),  # the permit is the right to read; no cookie is asked for
    (b"x-accel-buffering", b"no"),
]


class Stream:
    """One browser's. Texts wait in turn while one is being written, so a slow reader misses nothing."""

    __slots__ = (
        "_changes", "_ends", "_is_due", "_is_over", "_send", "_task", "_texts", "_writer", "_writes_since", "topics",
    )  # fmt: skip

    def __init__(self, topics: Iterable[str], send, ends: float):
        self.topics = frozenset(topics)
        self._is_due = self._is_over = False
        self._task = asyncio.current_task()
        self._send, self._ends = send, ends
        self._texts: list[str] = []
        self._changes: list[set[str]] = []
        self._writer: asyncio.Task | None = None
        self._writes_since = 0.0

    def wake(self, topics: Iterable[str]) -> None:
        """One change, told once however many of its topics are watched here."""
        if len(self._changes) < MOST_PENDING:
            self._changes.append(set(topics))
        else:
            self._changes[-1].update(topics)
        self._start()

    def miss(self) -> None:
        """Nobody knows what was missed: the page asks for everything again."""
        self.say(event("missed"))

    def say(self, text: str) -> None:
        if text not in self._texts:
            self._texts.append(text)
        self._start()

    def beat(self, now: float, spread: int) -> None:
        """A sign of life; at the end, first the page is asked to open another stream, a beat later this one stops."""
        if self._writer and now - self._writes_since > SEND_PATIENCE:
            self._writer.cancel()
            self._task.cancel()
        elif self._is_due:
            self._end()
        else:
            self._is_due = now >= self._ends
            self.say(event("renew" if self._is_due else "beat", spread))

    async def close(self) -> None:
        """Stop in good order; at once where writing was given up."""
        if self._writer and self._writer.cancelling():
            return
        self._end()
        await self._writer

    def _end(self) -> None:
        self._is_over = True
        self._start()

    def _start(self) -> None:
        if self._writer is None:
            loop = asyncio.get_running_loop()
            self._writes_since = loop.time()
            self._writer = loop.create_task(self._write())

    async def _write(self) -> None:
        is_over = False
        while not is_over and (self._texts or self._changes or self._is_over):
            text = "".join([*self._texts, *(event("ping", names(one)) for one in self._changes)])
            self._texts, self._changes, is_over = [], [], self._is_over
            await self._send({"type": "http.response.body", "body": text.encode(), "more_body": not is_over})
            self._writes_since = asyncio.get_running_loop().time()
        if not is_over:
            self._writer = None


class Streams:
    """All streams of this process."""

    def __init__(self, hub: Hub):
        self.hub = hub
        self._rounds: list[set[Stream]] = [set() for _ in range(BEAT)]

    async def serve(self, topics: list[str], receive, send) -> None:
        """Hold one stream until the browser leaves, blocks for too long, or its time is over."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        stream = Stream(topics, send, asyncio.get_running_loop().time() + random.uniform(*LIFETIME))
        its_round = min(self._rounds, key=len)
        its_round.add(stream)
        try:
            with self.hub.listening(stream):
                stream.say(event("beat", self.spread))
                await left(receive)
        except asyncio.CancelledError:  # the server stops, or the reader blocks
            await stream.close()
        finally:
            its_round.discard(stream)

    @property
    def spread(self) -> int:
        """Milliseconds over which the pages would have to come back if this process were lost now."""
        return max(2000, 1000 * sum(map(len, self._rounds)) // RETURNS)

    async def run(self) -> None:
        """Beat for ever."""
        for streams in itertools.cycle(self._rounds):
            await asyncio.sleep(1)
            now, spread = asyncio.get_running_loop().time(), self.spread
            for stream in list(streams):
                stream.beat(now, spread)


async def left(receive) -> None:
    """Returns when the browser has closed the connection, or the answer is complete."""
    while (await receive())["type"] != "http.disconnect":
        continue


def names(topics: Iterable[str]) -> str:
    """The topics as the page asked for them."""
    return " ".join(sorted(map(asked_name, topics)))


def event(kind: str, data: object = ".") -> str:
    return f"event: {kind}\ndata: {data}\n\n"
