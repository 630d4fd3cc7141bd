"""The live-events process: `uvicorn config.live:application`. It holds the open streams for the web server.

It knows settings for the key and the database, but neither sessions nor models: the permit in the URL, signed by
notices.views.events a moment ago, says which topics the browser may hear.
"""

import asyncio
import os
from contextlib import suppress
from urllib.parse import parse_qs

from django.core.signing import BadSignature, SignatureExpired

from notices.hub import Hub
from notices.live import topics_of
from notices.streams import Streams

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
hub = Hub()
streams = Streams(hub)


async def application(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        await live_and_die(receive, send)
    elif scope["type"] == "http":
        await answer(scope, receive, send)


async def live_and_die(receive, send) -> None:
    """Listen to the database and beat from the server's start to its end."""
    await receive()
    loops = asyncio.gather(hub.run(), streams.run())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    loops.cancel()
    with suppress(asyncio.CancelledError):
        await loops
    await send({"type": "lifespan.shutdown.complete"})


async def answer(scope, receive, send) -> None:
    if scope["path"] == "/live/health":
        return await say(send, 200 if hub.is_connected else 503)
    if scope["path"] != "/live/":
        return await say(send, 404)
    if scope["method"] != "GET":
        return await say(send, 405)
    token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    try:
        topics = topics_of(token)
    except SignatureExpired:
        return await say(send, 410)
    except BadSignature:
        return await say(send, 401)
    return await streams.serve(topics, receive, send)


async def say(send, status: int) -> None:
    headers = [(b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body"})
