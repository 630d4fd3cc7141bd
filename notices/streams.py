"""One open event stream: what the live process writes to one browser, and when it stops."""

import asyncio
import random
from contextlib import suppress

from notices.hub import Hub, Listener
from notices.live import asked_name

BEAT = 20  # seconds; a stream silent for longer is broken, and live.js polls instead
LIFETIME = (480, 720)  # seconds until the browser must come back and have its rights asked again; spread out
SEND_PATIENCE = 30  # seconds a reader may block before it is given up
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"access-control-allow-origin", b"*"),  # the permit is the right to read; no cookie is asked for
    (b"x-accel-buffering", b"no"),
]


async def stream(hub: Hub, topics: list[str], receive, send) -> None:
    """Write pings and beats until the browser leaves, blocks for too long, or its time is over."""
    end = asyncio.get_running_loop().time() + random.uniform(*LIFETIME)
    gone = asyncio.ensure_future(left(receive))
    with hub.listener(topics) as listener, suppress(TimeoutError):
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await write(send, "retry: 3000\n\n" + beat())
        while not gone.done() and asyncio.get_running_loop().time() < end:
            pinged = await next_pings(listener, gone)
            if not gone.done():
                await write(send, "".join(map(ping, pinged)) or beat())
        await send({"type": "http.response.body", "body": b""})
    gone.cancel()


async def next_pings(listener: Listener, gone: asyncio.Future) -> list[str]:
    """What was pinged; nothing after a while of silence, or as soon as the browser has left."""
    waiting = asyncio.ensure_future(listener.pending(BEAT))
    await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    return []


async def left(receive) -> None:
    """Returns when the browser has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        continue


async def write(send, text: str) -> None:
    message = {"type": "http.response.body", "body": text.encode(), "more_body": True}
    await asyncio.wait_for(send(message), SEND_PATIENCE)


def ping(wire: str) -> str:
    return f"event: ping\ndata: {asked_name(wire)}\n\n"


def beat() -> str:
    return "event: beat\ndata: .\n\n"
