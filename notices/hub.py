"""From PostgreSQL's NOTIFY to open event streams: one listening connection, any number of browsers.

Nothing here asks who may hear what: the permit says it. A ping lost on the way does no harm, since pages ask again when
the stream falls silent.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import psycopg2
from django.db import connections

from notices.live import CHANNEL

log = logging.getLogger(__name__)
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15  # seconds between two attempts to reach the database
KEEPALIVE = {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3}


class Listener(Protocol):
    """Whoever wants to hear of its topics."""

    topics: frozenset[str]

    def wake(self, topics: Iterable[str]) -> None:
        """A change of these among its topics."""

    def miss(self) -> None:
        """There may have been changes."""


class Hub:
    """Who listens to which topic, and the connection that brings the pings."""

    def __init__(self) -> None:
        self.is_connected = False
        self._listeners: dict[str, set[Listener]] = {}

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """A place on the list for a while."""
        for topic in listener.topics:
            self._listeners.setdefault(topic, set()).add(listener)
        try:
            yield
        finally:
            for topic in listener.topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def wake(self, topics: Iterable[str]) -> None:
        """Tell of one change: each listener once, with those of its topics that are concerned."""
        reached: dict[Listener, list[str]] = {}
        for topic in topics:
            for listener in self._listeners.get(topic, ()):
                reached.setdefault(listener, []).append(topic)
        for listener, concerned in reached.items():
            listener.wake(concerned)

    def miss(self) -> None:
        """After a gap nobody knows what was missed, so everybody asks again."""
        for listener in {one for some in self._listeners.values() for one in some}:
            listener.miss()

    async def run(self) -> None:
        """Listen for ever; when the database goes away, come back with growing pauses."""
        pause = SHORTEST_PAUSE
        while True:
            try:
                connection = await asyncio.to_thread(connect)
            except psycopg2.Error as error:
                log.warning("no database, trying again in %s s: %s", pause, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = SHORTEST_PAUSE
            self.is_connected = True
            self.miss()
            try:
                log.warning("connection lost: %s", await self._relay(connection))
            finally:
                self.is_connected = False
                connection.close()

    async def _relay(self, connection) -> Exception:
        """Pass on what the connection brings until it breaks; answers why it did."""
        loop, broken = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

        def read() -> None:
            try:
                connection.poll()
            except psycopg2.Error as error:
                loop.remove_reader(number)
                if not broken.done():
                    broken.set_result(error)
                return
            while connection.notifies:
                self.wake(connection.notifies.pop(0).payload.split())

        number = connection.fileno()
        loop.add_reader(number, read)
        try:
            return await broken
        finally:
            loop.remove_reader(number)


def connect():
    """A listening connection; blocks while it is made. A pooler in transaction mode cannot give one."""
    parameters = connections["default"].get_connection_params()
    connection = psycopg2.connect(**parameters | KEEPALIVE | {"application_name": "live"})
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    return connection
