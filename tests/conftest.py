"""What every test stands on: real PostgreSQL under a database name of its own, files in a folder of its own."""

import os

import pytest
from django.conf import settings as the_settings
from django.utils import translation

from tests import browser

pytest_plugins = ("tests.cast",)


def pytest_configure() -> None:
    """Trade what costs time and proves nothing here: slow password hashes, hashed names of static files."""
    the_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    the_settings.STATIC_ROOT.mkdir(exist_ok=True)
    the_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Several test runs may share a server. TEST_DATABASE=mine with --reuse-db keeps a database between runs."""
    database = the_settings.DATABASES["default"]
    suffix = os.environ.get("TEST_DATABASE") or os.getpid()
    database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{suffix}"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """The browser of the journeys."""
    return browser.launch_arguments()


@pytest.fixture(autouse=True)
def _own_media_folder(settings, tmp_path) -> None:
    """Uploads of a test vanish with it."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _own_language():
    """A page asked for in English leaves its language with the thread; the next test begins without."""
    yield
    translation.deactivate()
