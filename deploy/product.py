"""The product's own programs on one machine: web, live events, worker, beat, sweep."""

from processes import Crew


def keep(crew: Crew, message: str) -> int:
    """Look after what runs until asked to stop (which raises Stopped)."""
    crew.say(message)
    while True:
        crew.watch(0.5)


def check(crew: Crew, environment: dict[str, str]) -> int:
    return 0


def run(crew: Crew, environment: dict[str, str]) -> int:
    return 0
