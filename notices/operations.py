"""Telling people, and noting that they have read it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from directory.models import Representative
from notices.channels import EMAIL
from notices.kinds import MAILED, MAILED_TO_ENTERPRISES, group_of
from notices.live import ping
from notices.models import Address, Delivery, Notice, Preference

ALL = "all"

PERSON, PREFERENCE, ADDRESS = (model._meta.db_table for model in (get_user_model(), Preference, Address))
# Told, put on its ways out and reported in one statement: a key known to its recipient changes nothing. When a message
# leaves (quiet hours, digest) is decided when it is about to (notices.delivery), so that the latest wish counts.
TELL = f"""
WITH told AS (
    INSERT INTO {Notice._meta.db_table} (recipient_id, key, kind, about, title, path, facts, created_at)
    SELECT recipient_id, key, kind, about, title, path, facts, %(now)s
    FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS row (recipient_id bigint, key text, kind text, about text, title text, path text, facts jsonb)
    ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING id, recipient_id, %(groups)s::jsonb ->> kind AS topic
), leaving AS (
    INSERT INTO {Delivery._meta.db_table} (notice_id, channel, address_id, attempts, next_try_at, error)
    SELECT told.id, '{EMAIL}', NULL, 0, %(now)s, ''
    FROM told JOIN {PERSON} person ON person.id = told.recipient_id
    LEFT JOIN {PREFERENCE} preference ON preference.owner_id = person.id
    WHERE person.email <> '' AND person.is_active AND told.topic = ANY (COALESCE(
        preference.email_groups::text[],
        CASE WHEN EXISTS (SELECT FROM {Representative._meta.db_table} speaks WHERE speaks.user_id = person.id)
        THEN %(mailed_to_enterprises)s::text[] ELSE %(mailed)s::text[] END
    ))
    UNION ALL
    SELECT told.id, address.channel, address.id, 0, %(now)s, ''
    FROM told JOIN {PERSON} person ON person.id = told.recipient_id
    JOIN {ADDRESS} address ON address.owner_id = person.id
    WHERE person.is_active AND address.confirmed_at IS NOT NULL AND address.stopped_at IS NULL
        AND told.topic = ANY (address.groups::text[])
)
SELECT recipient_id FROM told
"""
DEFAULTS = {"mailed": list(MAILED), "mailed_to_enterprises": list(MAILED_TO_ENTERPRISES)}


@dataclass(frozen=True)
class Message:
    """What happened, told alike to everyone concerned.

    kind: names the text, templates/notices/<kind>.txt. key: unique per person and event. about: a public number.
    path: where to look. facts: strings and numbers the text may use; moments and days as ISO strings, values of an
    enumeration as stored (notices.wording.LABELS words them for each reader). A true fact `urgent` lets the message
    through quiet hours where its reader has asked for that.
    """

    kind: str
    key: str
    about: str
    title: str
    path: str
    facts: dict = field(default_factory=dict)


def tell(pairs: Iterable[tuple[int, Message]], now: datetime) -> int:
    """Tell each (user pk, message) once, ever, in the caller's transaction; answers how many were new.

    Where else each hears of it follows from their preferences; the delivery loop sends it later.
    """
    rows = [{"recipient_id": recipient, **asdict(message)} for recipient, message in pairs]
    if not rows:
        return 0
    rows.sort(key=lambda row: (row["recipient_id"], row["key"]))  # two tellers lock in the same order
    with transaction.atomic():
        with connection.cursor() as cursor:
            groups = {row["kind"]: group_of(row["kind"]) for row in rows}
            cursor.execute(TELL, {"rows": json.dumps(rows), "groups": json.dumps(groups), "now": now, **DEFAULTS})
            told = [recipient for (recipient,) in cursor.fetchall()]
        ping(*(f"user:{recipient}" for recipient in told))
    return len(told)


def mark_read(user, keys: Iterable[str] | str, now: datetime) -> int:
    """Note that this person has read these notices, or ALL; answers how many were unread."""
    unread = Notice.objects.of(user).unread()
    return _mark(user, unread if keys == ALL else unread.filter(key__in=list(keys)), now)


def mark_read_about(user, about: str, now: datetime) -> int:
    """Note that this person has seen all there is about one thing, named by its public number."""
    return _mark(user, Notice.objects.of(user).unread().filter(about=about), now)


@transaction.atomic
def _mark(user, notices, now: datetime) -> int:
    changed = notices.update(read_at=now)
    if changed:
        ping(f"user:{user.pk}")
    return changed
