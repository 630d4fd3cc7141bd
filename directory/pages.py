"""Long lists, page by page, without counting and without skipping: a page begins after the last row of the one before.

    Keyset(petitions, [F("due_at").asc(nulls_last=True), "id"]).page(request.GET.get("after", ""))

However deep, a page costs what its rows cost, and rows that come or go meanwhile neither repeat nor hide others.
"""

import base64
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Field, Q, QuerySet
from django.db.models.expressions import OrderBy

SIZE = 50
TAG = 16  # bytes of a cursor that prove it ours


@dataclass(frozen=True)
class Page:
    """rows: those of this page. next_cursor: where the next begins, "" on the last. is_first: nothing comes before."""

    rows: list
    next_cursor: str
    is_first: bool


class Keyset:
    """A list in a fixed order, cut into pages.

    order: field names ("id", "-filed_at") or `F(…).asc(nulls_last=True)`; the last one is unique; only the first may
    hold nulls, and they come last. Directions may differ.
    """

    def __init__(self, queryset: QuerySet, order: Sequence[str | OrderBy], size: int = SIZE):
        self.order = [_order_by(one) for one in order]
        self.names = [one.expression.name for one in self.order]
        self.queryset = queryset.order_by(*self.order)
        self.size = size

    def page(self, cursor: str = "") -> Page:
        """The page that begins after the cursor; the first page where there is none or it is not one of ours."""
        after = self._read(cursor)
        rows = self._first(self.size + 1) if after is None else self._after(after, self.size + 1)
        last = rows[self.size - 1] if len(rows) > self.size else None
        return Page(rows[: self.size], self._write(last) if last is not None else "", after is None)

    def _first(self, limit: int) -> list:
        return list(self.queryset[:limit])

    def _after(self, values: list, limit: int) -> list:
        """Rows with a value in the first column, then those without: each part one walk of an index."""
        first = self.names[0]
        if values[0] is None:
            return list(self.queryset.filter(**{f"{first}__isnull": True}).filter(self._beyond(values, 1))[:limit])
        rows = list(self.queryset.filter(self._beyond(values, 0))[:limit])
        if len(rows) < limit and self.order[0].nulls_last:
            rows += self.queryset.filter(**{f"{first}__isnull": True})[: limit - len(rows)]
        return rows

    def _beyond(self, values: list, column: int) -> Q:
        """`a >= x and (a > x or b > y)`: the first half is what an index understands."""
        name, value = self.names[column], values[column]
        side = "lt" if self.order[column].descending else "gt"
        past = Q(**{f"{name}__{side}": value})
        if column == len(self.order) - 1:
            return past
        return Q(**{f"{name}__{side}e": value}) & (past | self._beyond(values, column + 1))

    def _write(self, row: Any) -> str:
        return seal(json.dumps([_value(row, name) for name in self.names], cls=DjangoJSONEncoder))

    def _read(self, cursor: str) -> list | None:
        try:
            values = json.loads(unseal(cursor))
            return [self._field(name).to_python(value) for name, value in zip(self.names, values, strict=True)]
        except (ValueError, TypeError, ValidationError):
            return None

    def _field(self, name: str) -> Field:
        return self.queryset.query.resolve_ref(name).output_field


def _order_by(one: str | OrderBy) -> OrderBy:
    if isinstance(one, str):
        return F(one[1:]).desc() if one.startswith("-") else F(one).asc()
    return one


def _value(row: Any, name: str) -> Any:
    for step in name.split("__"):
        row = row[step] if isinstance(row, dict) else getattr(row, step)
    return row


# A cursor holds row numbers, and those never leave the server: it is sealed under the site's key. The seal is a keyed
# digest of the text, which also seeds the stream of bytes that hides it (a synthetic initialisation vector, as in
# RFC 5297); the same place in a list has the same cursor.


def seal(text: str) -> str:
    """A text made unreadable and unforgeable, fit for a URL."""
    plain = text.encode()
    tag = _digest(b"tag", plain)[:TAG]
    return base64.urlsafe_b64encode(tag + _masked(plain, tag)).rstrip(b"=").decode()


def unseal(sealed: str) -> str:
    """The text again. Raises ValueError where it is not one of ours."""
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    tag, plain = raw[:TAG], _masked(raw[TAG:], raw[:TAG])
    if not hmac.compare_digest(tag, _digest(b"tag", plain)[:TAG]):
        raise ValueError("not sealed here")
    return plain.decode()


def _masked(text: bytes, tag: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(text, _stream(tag), strict=False))


def _stream(tag: bytes) -> Iterable[int]:
    for block in count():
        yield from _digest(b"mask", tag + block.to_bytes(8))


def _digest(purpose: bytes, text: bytes) -> bytes:
    key = sha256(b"directory.pages/" + purpose + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, text, sha256).digest()
