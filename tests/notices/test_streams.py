"""One stream's life, driven by hand through the interface between server and application: no waiting, no network."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from notices.hub import Hub
from notices.streams import BEAT, LIFETIME, MOST_PENDING, RETURNS, SEND_PATIENCE, Streams

TOPICS = ["desk", "petition:QS1", "unit:SWJ"]


class Browser:
    """What it was sent, and whether it takes more."""

    def __init__(self) -> None:
        self.text, self.is_complete = "", False
        self.leaves, self.takes = asyncio.Event(), asyncio.Event()
        self.takes.set()

    async def receive(self) -> dict:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        await self.takes.wait()
        self.text += message.get("body", b"").decode()
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.is_complete = True
            self.leaves.set()

    def told(self, kind: str) -> list[str]:
        """What each event of that kind said, from the first or since it was last asked."""
        blocks = [block.split("\n") for block in self.text.split("\n\n") if block]
        self.text = ""
        return [data.removeprefix("data: ") for name, data in blocks if name == f"event: {kind}"]


class Scene:
    """A stream that has just opened."""

    def __init__(self) -> None:
        self.hub, self.browser = Hub(), Browser()
        self.streams = Streams(self.hub)

    async def begin(self) -> "Scene":
        serving = self.streams.serve(TOPICS, self.browser.receive, self.browser.send)
        self.serving = asyncio.create_task(serving)
        await turn()
        (self.stream,) = set().union(*self.streams._rounds)
        self.now = asyncio.get_running_loop().time()
        return self


async def turn() -> None:
    """Let everything run that can."""
    for _ in range(5):
        await asyncio.sleep(0)


def played(story) -> None:
    """Act a story out from the opening of the stream, apart from the event loop that the browser tests keep."""

    async def play() -> None:
        await story(await Scene().begin())

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(play())).result()


def test_it_beats_then_asks_to_be_replaced_and_ends_a_beat_later():
    async def story(scene):
        assert scene.browser.told("beat") == ["2000"]
        scene.stream.beat(scene.now + BEAT, 2000)
        await turn()
        assert scene.browser.told("beat") == ["2000"]
        scene.stream.beat(scene.now + LIFETIME[1], 2000)
        await turn()
        assert scene.browser.told("renew") == ["2000"]
        assert not scene.serving.done()
        scene.stream.beat(scene.now + LIFETIME[1] + BEAT, 2000)
        await turn()
        assert scene.browser.is_complete
        assert scene.serving.done()
        assert not scene.hub._listeners
        assert not any(scene.streams._rounds)

    played(story)


def test_one_that_lives_shortly_is_not_ended():
    async def story(scene):
        scene.stream.beat(scene.now + LIFETIME[0] - 1, 2000)
        await turn()
        assert scene.browser.told("renew") == []

    played(story)


def test_who_leaves_is_forgotten():
    async def story(scene):
        scene.browser.leaves.set()
        await turn()
        assert scene.serving.done()
        assert not scene.hub._listeners
        assert not any(scene.streams._rounds)

    played(story)


def test_a_slow_reader_hears_of_every_change_once_it_reads_again():
    async def story(scene):
        scene.browser.told("beat")
        scene.browser.takes.clear()
        for _ in range(MOST_PENDING + 10):
            scene.hub.wake(["petition:QS1"])
            await turn()
        scene.hub.wake(["unit:SWJ", "elsewhere"])
        scene.browser.takes.set()
        await turn()
        told = scene.browser.told("ping")
        assert len(told) == MOST_PENDING + 1  # the one being written, and those that waited
        assert told[0] == "petition:QS1"
        assert told[-1] == "petition:QS1 unit:SWJ"

    played(story)


@pytest.mark.parametrize(("seconds", "given_up"), [(SEND_PATIENCE - 1, False), (SEND_PATIENCE + 1, True)])
def test_a_reader_that_blocks_is_given_up(seconds, given_up):
    async def story(scene):
        scene.browser.takes.clear()
        scene.hub.wake(["desk"])
        await turn()
        scene.stream.beat(scene.now + seconds, 2000)
        await turn()
        assert scene.serving.done() is given_up

    played(story)


def test_when_the_server_stops_the_answer_is_completed():
    async def story(scene):
        scene.serving.cancel()
        await turn()
        assert scene.browser.is_complete
        assert not scene.serving.cancelled()

    played(story)


def test_after_a_gap_everybody_is_told_that_something_may_be_missed():
    async def story(scene):
        scene.hub.miss()
        await turn()
        assert scene.browser.told("missed") == ["."]

    played(story)


def test_a_crowd_is_told_to_come_back_over_a_longer_while():
    async def story(scene):
        assert scene.streams.spread == 2000
        many = 9500
        for number in range(many - 1):
            min(scene.streams._rounds, key=len).add(number)
        assert scene.streams.spread == 1000 * many // RETURNS
        sizes = {len(one) for one in scene.streams._rounds}
        assert sizes == {many // BEAT}
        for one in scene.streams._rounds:
            one.clear()

    played(story)
