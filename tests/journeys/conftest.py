"""What every journey has: a clock that the story moves, and people who open pages."""

import pytest
from django.utils import timezone

from tests.journeys.walking import Clock, Story


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """The time of the whole product, web server included (its threads belong to this process)."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.read)
    return clock


@pytest.fixture
def story(open_page, clock) -> Story:
    return Story(open_page, clock)
