"""The very text that goes out: one notice or a digest, long for mailboxes, short for groups and phones.

A robot speaks to a whole group and a phone's screen lies open, so they get the subject, the number and the way to the
page, and never what was written in a note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.crypto import salted_hmac

from notices.channels import EMAIL, Way
from notices.kinds import STOPPED, TEST
from notices.models import Delivery, Notice
from notices.wording import Wording, fill, render, split

Letter = list[Delivery]  # what one message says: one notice, or many as a digest


@dataclass(frozen=True)
class Shape:
    """How a way wants its texts: the templates of one notice and of a digest; how many lines that has, how long."""

    one: str
    digest: str
    lines: int
    longest: int = 1000


LONG = Shape("notices/_mail.txt", "notices/_digest.txt", lines=50)
SHORT = Shape("notices/_short.txt", "notices/_short_digest.txt", lines=10, longest=50)  # WeCom takes 2,048 bytes
PHONE = Shape("notices/_sms.txt", "notices/_sms_digest.txt", lines=0, longest=40)
SHAPES = {EMAIL: LONG, Way.SMS: PHONE}


def words_for(way: str, notices: Sequence[Notice], reader, proof: str = "") -> Wording:
    """What a message to this reader says of these notices (the oldest first), in the reader's language."""
    shape = SHAPES.get(way, SHORT)
    newest = notices[-shape.lines :] if shape.lines else notices[:1]
    items = [_item(notice, reader.language, shape) for notice in newest]
    count = len(notices)
    context = {
        "reader": reader.name, "items": items, "count": count, "more": count - min(shape.lines, count),
        "site": settings.SITE_URL, "sign": settings.NOTICE_SIGN,
        "proof": proof, "about": "" if notices[0].kind in (TEST, STOPPED) else notices[0].about,
    }  # fmt: skip
    with translation.override(reader.language):
        text = fill([shape.one if count == 1 else shape.digest], context)
    if shape is LONG:
        return split(text)
    return Wording(items[-1][0].subject, "\n".join(line.strip() for line in text.splitlines() if line.strip()))


def _item(notice: Notice, language: str, shape: Shape) -> tuple[Wording, str]:
    words = render(notice, language)
    cut = words.subject if len(words.subject) <= shape.longest else f"{words.subject[: shape.longest - 1]}…"
    return Wording(cut, words.body), f"{settings.SITE_URL}{notice.path}"


def mail(letter: Letter) -> EmailMessage:
    """The mail of one letter."""
    reader = letter[0].notice.recipient
    text = words_for(EMAIL, [row.notice for row in letter], reader)
    headers = {"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"}
    return EmailMessage(text.subject, text.body, to=[reader.email], headers=headers)


def message_id(letter: Letter) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{key_of(letter)}@{host}>"


def key_of(letter: Letter) -> str:
    """The same for the same letter, however often it is sent, so that the second copy can be told from the first."""
    where = [str(row.address.code) for row in letter[:1] if row.address]
    keys = "\n".join(where + [f"{row.notice.recipient_id} {row.notice.key}" for row in letter])
    return salted_hmac("notices.delivery", keys).hexdigest()
