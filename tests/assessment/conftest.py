"""For the tests that count queries: the calendar is read once, not again every few seconds."""

import pytest


@pytest.fixture(autouse=True)
def _calendar_kept(settings) -> None:
    settings.WORKDAYS = settings.WORKDAYS | {"recheck_seconds": 3600}
