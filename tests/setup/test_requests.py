"""Requests as no browser sends them, through the web server's own entrance."""

from io import BytesIO

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from config.wsgi import application

PARTS = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nmei\r\n--x--\r\n'
TOO_MANY = "&".join(f"a{n}=" for n in range(1001))


@pytest.fixture(autouse=True)
def _one_connection():
    """The test's own connection, with what it has not committed, outlives the request, as with Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def answered(kind: str, body: bytes = b"", query: str = "", path: str = "/login/") -> int:
    """The status with which the house answers; whatever breaks outside of it would be raised here."""
    said = []
    environ = {
        "REQUEST_METHOD": "POST" if body else "GET", "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)), "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
        "HTTP_COOKIE": "csrf=x", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": BytesIO(),
    }  # fmt: skip
    application(environ, lambda status, headers: said.append(status)).close()
    return int(said[0].split()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 200),
        ('text/plain; charset="UTF-8"', 200),
        ("text/plain; charset=zlib", 415),
        ("text/plain; charset=utf-7", 415),
        ("text/plain; charset=gbk", 415),
        ("text/plain; a*=klingon''x", 415),
    ],
)
def test_an_address_is_read_as_utf_8_or_not_at_all(kind, status):
    assert answered(kind, query="next=%2F") == status


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=utf-8"])
def test_more_parameters_than_anybody_needs_are_refused(kind):
    assert answered(kind, query=TOO_MANY) == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/choose/", "/api/v1/token/"])
@pytest.mark.parametrize("charset", ["zlib", "hex", "rot13", "utf-16", "no-such"])
def test_a_body_in_another_encoding_is_refused(path, charset):
    for kind, body in (("multipart/form-data; boundary=x", PARTS), ("application/json", b"{}")):
        assert answered(f"{kind}; charset={charset}", body, path=path) == 415
