"""Messages leave the house: at least once, under the same id each time, each channel by itself.

1. Channels with something due are worked on side by side, so that a dead server holds up nobody but its own messages.
   One that failed rests for 1, 2, 4 … 60 minutes and is then tried with a single message.
2. Claim a small batch of unsent rows of one channel, the longest waiting first, skipping what another deliverer holds.
   The claim also holds each mailbox or other address for that moment, so that one deliverer sorts what it gets.
3. What comes in somebody's quiet hours, or waits for the digest, is put off until then.
4. Who chose a digest gets one message for all that waits; so does who has more than five mails waiting for over an
   hour (after a downtime), and a robot or phone with more than five messages at once.
5. The claim is a lease: `next_try_at` moves on, and the transaction ends before anybody speaks to a server. If the
   deliverer dies, the rows come back by themselves when the lease is over.
6. Send, then note `sent_at`. A failure is kept on its row and pushes back that row, its address or its channel,
   whichever is at fault. An address that fails twelve times in a row gets no more, and its owner is told.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notices import kinds
from notices.channels import EMAIL
from notices.letters import Letter
from notices.models import HEALTH, Address, Channel, Delivery, Preference, pause
from notices.outbound import Unreachable
from notices.post import Post
from notices.quiet import moment
from workdays.queries import current_calendar

log = logging.getLogger(__name__)
BATCH = 20
LEASE = timedelta(minutes=5)  # longer than a batch takes when each message waits for its time-out
STALE = timedelta(hours=1)
DIGEST_OVER = 5


def waiting_channels(now: datetime) -> list[str]:
    """The channels with something to send that are not resting."""
    resting = Channel.objects.filter(paused_until__gt=now).values("name")
    due = Delivery.objects.due(now).exclude(channel__in=resting)
    return list(due.order_by("channel").values_list("channel", flat=True).distinct())


def deliver_batch(now: datetime, channel: str = EMAIL, limit: int = BATCH) -> int:
    """Send up to `limit` messages through one channel, plus what their readers' digests take in.

    Answers how many rows were dealt with; 0 as well where the server cannot be reached: there is no point in going on.
    """
    health = Channel.objects.filter(name=channel).first() or Channel(name=channel)
    if health.paused_until and health.paused_until > now:
        return 0
    letters, put_off = claim(now, channel, 1 if health.failures else limit)
    return put_off + sum(len(letter) for letter in letters) if send(letters, health, now) else 0


@transaction.atomic
def claim(now: datetime, channel: str, limit: int) -> tuple[list[Letter], int]:
    """Take rows for the time of a lease and sort them into letters; answers also how many were put off instead."""
    unsent = Delivery.objects.through(channel, now).select_related("notice__recipient__preference", "address")
    held = ("self", "notice__recipient") if channel == EMAIL else ("self",)
    due = unsent.due(now).select_for_update(of=held, skip_locked=True, no_key=True)
    rows, put_off = _ready(_wanted(_held(due[:limit])), now)
    others = (
        unsent.unsent().unleased(now, LEASE).filter(notice__recipient__in={row.notice.recipient_id for row in rows})
    )
    others = others.select_for_update(of=("self",), skip_locked=True).order_by("notice__created_at", "id")
    digests = _digests(others, {row.reader for row in rows}, now)
    in_digest = {row.pk for digest in digests for row in digest}
    letters = [*([row] for row in rows if row.pk not in in_digest), *digests]
    taken = [row.pk for letter in letters for row in letter]
    Delivery.objects.filter(pk__in=taken).update(next_try_at=now + LEASE, attempts=F("attempts") + 1)
    return letters, put_off


def _held(rows: Iterable[Delivery]) -> list[Delivery]:
    """Those whose address nobody else sorts at this moment."""
    rows = list(rows)
    wanted = Address.objects.filter(pk__in={row.address_id for row in rows if row.address_id})
    held = {None, *wanted.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)}
    return [row for row in rows if row.address_id in held]


def _wanted(rows: Iterable[Delivery]) -> list[Delivery]:
    """Those that can be sent; who has left or given up the mailbox is not written to any more."""
    rows = list(rows)
    kept = [row for row in rows if row.notice.recipient.is_active and (row.address or row.notice.recipient.email)]
    Delivery.objects.filter(pk__in={row.pk for row in rows} - {row.pk for row in kept}).delete()
    return kept


def _ready(rows: list[Delivery], now: datetime) -> tuple[list[Delivery], int]:
    """Those that may go out now; the others are put off until they may."""
    later = defaultdict(list)
    for row in rows:
        if (when := goes_at(row, now)) > now:
            later[when].append(row.pk)
    for when, put_off in later.items():
        Delivery.objects.filter(pk__in=put_off).update(next_try_at=when)
    waiting = {pk for some in later.values() for pk in some}
    return [row for row in rows if row.pk not in waiting], len(waiting)


def goes_at(row: Delivery, now: datetime) -> datetime:
    """When this may go out, by its reader's wishes."""
    if _at_once(row):
        return now
    wish, calendar = wish_of(row), current_calendar()
    return moment(row.notice.created_at, now, wish, calendar, in_digest=in_digest(row))


def wish_of(row: Delivery) -> Preference | None:
    return getattr(row.notice.recipient, "preference", None)


def in_digest(row: Delivery) -> bool:
    """Does its reader want one message a day from this channel?"""
    wish = wish_of(row)
    return row.address.in_digest if row.address else bool(wish and wish.email_in_digest)


def _at_once(row: Delivery) -> bool:
    wish, notice = wish_of(row), row.notice
    breaks_through = bool(wish and wish.urgent_at_once) and kinds.is_urgent(notice.kind, notice.facts)
    return notice.kind == kinds.TEST or breaks_through


def _digests(rows: Iterable[Delivery], readers: set, now: datetime) -> list[Letter]:
    """What waits for these readers and belongs in one message."""
    chosen, stale = defaultdict(list), defaultdict(list)
    for row in rows:
        if row.reader not in readers or _at_once(row) or goes_at(row, now) > now:
            continue
        if in_digest(row):
            chosen[row.reader].append(row)
        elif row.address or row.notice.created_at < now - STALE:
            stale[row.reader].append(row)
    return [*chosen.values(), *(letter for letter in stale.values() if len(letter) > DIGEST_OVER)]


def send(letters: list[Letter], health: Channel, now: datetime) -> bool:
    """Send each letter by itself; False where the server could not be reached and the rest was put back."""
    post = Post(health.name, now)
    for position, letter in enumerate(letters):
        try:
            post.send(letter)
        except Unreachable as error:
            log.warning("%s not reached: %s", health.name, error)
            put_back([row for waiting in letters[position:] for row in waiting], str(error), now)
            note(health, now, str(error))
            return False
        except Exception as error:  # whatever is wrong with this one, the others go out
            log.warning("%s for %s not sent: %r", health.name, ", ".join(row.notice.about for row in letter), error)
            put_back(letter, repr(error), now)
        else:
            Delivery.objects.filter(pk__in=[row.pk for row in letter]).update(sent_at=now, error="")
    post.hang_up()
    if post.was_answered:
        note(health, now)
    return True


def note(health: Channel, now: datetime, error: str = "") -> None:
    """Keep whether the channel works; of two deliverers the later word stands."""
    if error:
        health.failed(error, now)
    else:
        health.worked(now)
    kept = {name: getattr(health, name) for name in HEALTH}
    Channel.objects.update_or_create(name=health.name, defaults=kept)


def put_back(rows: Letter, error: str, now: datetime) -> None:
    """Keep the error and try again after a pause that doubles."""
    for row in rows:
        row.attempts += 1  # as the claim has written already
        row.next_try_at = now + pause(row.attempts)
        row.error = error[:500]
    Delivery.objects.bulk_update(rows, ["next_try_at", "error"])


def drain(channel: str, limit: int) -> int:
    """Send what is due through one channel, batch by batch; answers how many rows were dealt with."""
    done = 0
    while done < limit:
        dealt_with = deliver_batch(timezone.now(), channel)
        if not dealt_with:
            break
        done += dealt_with
    return done
