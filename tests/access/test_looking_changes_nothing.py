"""Who only looks changes nothing: no address answers GET with a change of a row, for anybody."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.test_every_door import addresses, conferences, people, petition, visit  # noqa: F401

CHANGE = re.compile(r"(INSERT|UPDATE|DELETE|TRUNCATE|SELECT pg_notify)")


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_no_address_writes_when_it_is_only_looked_at(petition, visit, conferences, people, method):  # noqa: F811
    for user in people.values():
        client = Client()
        client.force_login(user)
        for address in addresses(petition, visit, conferences).values():
            with CaptureQueriesContext(connection) as asked:
                getattr(client, method)(address)
            assert [one["sql"] for one in asked if CHANGE.match(one["sql"])] == [], (user, address)
