"""Writing many rows fast: records are made as usual, and go to the database by COPY."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from io import StringIO
from itertools import count
from typing import TypeVar

from django.db import connection, models

BATCH = 5000
Record = TypeVar("Record", bound=models.Model)
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Loader:
    """Gives each record its id when it is added, and writes records in batches; `close` writes what is left.

    Foreign keys are checked at the end of the transaction, so that the order of the tables does not matter.
    """

    def __init__(self, told: Callable[[], None] = lambda: None) -> None:
        self.waiting: dict[type[models.Model], list[models.Model]] = {}
        self.ids: dict[type[models.Model], count] = {}
        self.told = told

    def keep(self, record: Record) -> Record:
        """Give the record its id now; it is written later."""
        model = type(record)
        if model not in self.ids:
            self.ids[model] = count(next_id(model))
        record.pk = next(self.ids[model])
        return record

    def add(self, record: Record) -> Record:
        """Write the record with the next batch; it must not change any more."""
        if record.pk is None:
            self.keep(record)
        rows = self.waiting.setdefault(type(record), [])
        rows.append(record)
        if len(rows) >= BATCH:
            self.flush(type(record))
        return record

    def flush(self, model: type[models.Model]) -> None:
        if rows := self.waiting.pop(model, []):
            copy(model, rows)
            self.told()

    def close(self) -> None:
        """Write the rest, move the sequences on, and let the planner see what came."""
        for model in list(self.waiting):
            self.flush(model)
        with connection.cursor() as cursor:
            for model, ids in self.ids.items():
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [model._meta.db_table, next(ids)]
                )
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def next_id(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return cursor.fetchone()[0]


def copy(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """COPY the records; columns the database fills in itself are left to it."""
    fields = [f for f in model._meta.concrete_fields if not f.generated and f.db_default is models.NOT_PROVIDED]
    names = [f.attname for f in fields]
    text = StringIO()
    as_json = {f.attname for f in fields if isinstance(f, models.JSONField)}
    for row in rows:
        values = row.__dict__
        text.write("\t".join(written(values[name], name in as_json) for name in names) + "\n")
    text.seek(0)
    quoted = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN", text)


def written(value, as_json: bool = False) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if as_json:
        return json.dumps(value, ensure_ascii=False).translate(ESCAPES)
    if isinstance(value, str):
        return value.translate(ESCAPES) if ("\\" in value or "\n" in value or "\t" in value or "\r" in value) else value
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
