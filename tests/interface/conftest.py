from copy import deepcopy
from pathlib import Path

import pytest


@pytest.fixture
def kitchen(settings) -> str:
    """The address of a page with every component on it."""
    settings.ROOT_URLCONF = "tests.interface.kitchen"
    settings.TEMPLATES = deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"] = [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
    return "/kitchen/"
