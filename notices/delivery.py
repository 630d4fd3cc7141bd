"""Mail leaves the house: at least once, under the same Message-ID each time.

1. Claim a small batch of unsent rows, the longest waiting first, skipping what another deliverer holds. The claim also
   holds each person for that moment, so that one person's mail is sorted by one deliverer at a time.
2. Who has more than five mails waiting for over an hour (after a downtime) gets them all as one digest.
3. The claim is a lease: `next_try_at` moves on, and the transaction ends before anybody speaks SMTP. If the deliverer
   dies, the rows come back by themselves when the lease is over.
4. Send, then note `sent_at`. A failure is kept on its row and pushes only that row back: 1, 2, 4 … 60 minutes.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.crypto import salted_hmac

from notices.models import Delivery
from notices.wording import fill, render, split

log = logging.getLogger(__name__)
BATCH = 20
LEASE = timedelta(minutes=5)  # longer than a batch takes when each mail waits for its time-out
STALE = timedelta(hours=1)
DIGEST_OVER = 5
DIGEST_LINES = 50
LONGEST_PAUSE = 60  # minutes

Letter = list[Delivery]  # what one mail says: one notice, or many as a digest


def deliver_batch(now: datetime, limit: int = BATCH) -> int:
    """Send up to `limit` mails, plus what their readers' digests take in; answers how many rows were dealt with.

    0 as well where the mail server cannot be reached: then there is no point in going on.
    """
    letters = claim(now, limit)
    return sum(len(letter) for letter in letters) if send(letters, now) else 0


@transaction.atomic
def claim(now: datetime, limit: int) -> list[Letter]:
    """Take rows for the time of a lease and sort them into letters."""
    unsent = Delivery.objects.filter(channel="email").select_related("notice__recipient")
    due = unsent.due(now).select_for_update(of=("self", "notice__recipient"), skip_locked=True, no_key=True)
    rows = _with_address(due[:limit])
    old = unsent.unleased(now, LEASE).filter(
        notice__recipient__in={row.notice.recipient_id for row in rows}, notice__created_at__lt=now - STALE
    )
    digests = _digests(old.select_for_update(of=("self",), skip_locked=True).order_by("notice__created_at", "id"))
    in_digest = {row.pk for digest in digests for row in digest}
    letters = [*([row] for row in rows if row.pk not in in_digest), *digests]
    taken = [row.pk for letter in letters for row in letter]
    Delivery.objects.filter(pk__in=taken).update(next_try_at=now + LEASE, attempts=F("attempts") + 1)
    return letters


def _with_address(rows: Iterable[Delivery]) -> list[Delivery]:
    """Those that can be sent; who has left or given up the address is not written to any more."""
    rows = list(rows)
    kept = [row for row in rows if row.notice.recipient.email and row.notice.recipient.is_active]
    Delivery.objects.filter(pk__in={row.pk for row in rows} - {row.pk for row in kept}).delete()
    return kept


def _digests(old: Iterable[Delivery]) -> list[Letter]:
    by_person = defaultdict(list)
    for row in old:
        by_person[row.notice.recipient_id].append(row)
    return [letter for letter in by_person.values() if len(letter) > DIGEST_OVER]


def send(letters: list[Letter], now: datetime) -> bool:
    """Send each letter by itself; False where the server could not be reached and the rest was put back."""
    server = get_connection()
    for position, letter in enumerate(letters):
        try:
            server.open()
        except OSError as error:  # SMTPException is one
            log.warning("mail server not reached: %s", error)
            put_back([row for waiting in letters[position:] for row in waiting], error, now)
            return False
        post(letter, server, now)
    hang_up(server)
    return True


def post(letter: Letter, server, now: datetime) -> None:
    """Send one letter and note that it is sent, or why not."""
    try:
        mail = compose(letter)
        mail.connection = server
        mail.send()
    except Exception as error:  # whatever is wrong with this one, the others go out
        log.warning("mail for %s not sent: %r", ", ".join(row.notice.about for row in letter), error)
        put_back(letter, error, now)
        hang_up(server)
    else:
        Delivery.objects.filter(pk__in=[row.pk for row in letter]).update(sent_at=now, error="")


def hang_up(server) -> None:
    try:
        server.close()
    except OSError as error:
        log.info("mail server did not say good-bye: %s", error)


def put_back(rows: Letter, error: Exception, now: datetime) -> None:
    """Keep the error and try again after a pause that doubles."""
    for row in rows:
        row.attempts += 1  # as the claim has written already
        row.next_try_at = now + timedelta(minutes=min(2 ** (row.attempts - 1), LONGEST_PAUSE))
        row.error = repr(error)[:500]
    Delivery.objects.bulk_update(rows, ["next_try_at", "error"])


def compose(letter: Letter) -> EmailMessage:
    """The mail of one letter, in its reader's language."""
    reader = letter[0].notice.recipient
    newest = [row.notice for row in letter[-DIGEST_LINES:]]
    items = [(render(notice, reader.language), f"{settings.SITE_URL}{notice.path}") for notice in newest]
    with translation.override(reader.language):
        context = {"reader": reader.name, "items": items, "count": len(letter), "more": len(letter) - len(items)}
        name = "notices/_mail.txt" if len(letter) == 1 else "notices/_digest.txt"
        text = split(fill([name], context | {"site": settings.SITE_URL}))
    headers = {"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"}
    return EmailMessage(text.subject, text.body, to=[reader.email], headers=headers)


def message_id(letter: Letter) -> str:
    """The same for the same letter, however often it is sent, so that mailboxes can drop the second copy."""
    keys = "\n".join(f"{row.notice.recipient_id} {row.notice.key}" for row in letter)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{salted_hmac('notices.delivery', keys).hexdigest()}@{host}>"
