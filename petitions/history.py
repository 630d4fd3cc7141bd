"""A district's history from a file: petitions of earlier years, as they were asked and answered.

1. Every row is read and checked before anything is written; every broken one is named by its line.
2. A row is known by its ref. One that is here already is passed over; if it stood without an answer, its answer is
   added; if the file now says something else, that is a fault for a person to decide.
3. The rest is written set by set. History is under standard X1 and its outcome is not rated. No clock of it runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Enterprise, Unit, initials
from directory.numbers import new_number
from directory.tables import BadRows, Row, at_line, read_rows
from petitions import clocks
from petitions.catalogue import load_catalogue
from petitions.models import Deadline, Event, Petition, Reply, ServiceStandard
from petitions.process import CLOSED, FILED
from workdays.calendar import Calendar
from workdays.cases import moment
from workdays.queries import current_calendar

COLUMNS = ("ref", "petitioner", "title", "filed_at", "body", "reply", "replied_at")
LONGEST = {"ref": 60, "petitioner": 60, "title": 80, "body": 20_000, "reply": 20_000}
NEEDED = ("ref", "title", "filed_at", "body")
NAMESPACE = UUID("5c1d7a52-3f0e-5d0e-9a55-7c8f2b1e6a40")
STANDARD, UNIT = "X1", "DSK"
PETITIONERS = {  # stands for everybody who ever wrote; who it was stays with each petition as its contact
    "name": "历史来信人",
    "code_override": "历史导入：来信人不是企业，编号记在每件诉求的联系人中",
}
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of history: what was asked, and what was answered, if anything was."""

    line: int
    ref: str
    petitioner: str
    title: str
    body: str
    filed_at: datetime
    reply: str
    replied_at: datetime | None

    @property
    def key(self) -> UUID:
        return uuid5(NAMESPACE, self.ref)


@dataclass
class Imported:
    """How many were new, how many had been here without their answer, how many were here already."""

    new: int = 0
    answered: int = 0
    known: int = 0


def import_history(file: Path, now: datetime) -> Imported:
    """Import a CSV of history. BadRows names every broken row, and then nothing of the file is written."""
    with transaction.atomic():
        one_at_a_time()
        letters = read_letters(file, now)
        here = {one.key: one for one in known_petitions(letters)}
        faults = [at_line(one.line, fault) for one in letters if (fault := conflict(one, here.get(one.key)))]
        if faults:
            raise BadRows(file, faults)
        new = [one for one in letters if one.key not in here]
        late = [one for one in letters if one.key in here and one.replied_at and not here[one.key].replied_at]
        if new or late:
            History().write(new, [(here[one.key], one) for one in late])
        return Imported(len(new), len(late), len(letters) - len(new) - len(late))


def one_at_a_time() -> None:
    """Wait for another import to end, so that no letter is new to both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMESPACE.int % 2**63])


# --- Reading ---------------------------------------------------------------------------------------------------------


def read_letters(file: Path, now: datetime) -> list[Letter]:
    calendar, letters, faults, lines = current_calendar(), [], [], {}
    for row in read_rows(file, COLUMNS):
        if isinstance(row, str):
            faults.append(row)
            continue
        try:
            letter = read_letter(row, calendar, now)
            if lines.setdefault(letter.ref, row.line) != row.line:
                raise ValueError(_("ref 与第 %(line)d 行重复。") % {"line": lines[letter.ref]})
            letters.append(letter)
        except ValueError as fault:
            faults.append(at_line(row.line, str(fault)))
    if faults:
        raise BadRows(file, faults)
    return letters


def read_letter(row: Row, calendar: Calendar, now: datetime) -> Letter:
    """The row as a letter; ValueError says what is wrong with it."""
    cells = row.cells
    for name in NEEDED:
        if not cells[name]:
            raise ValueError(_("%(name)s 为空。") % {"name": name})
    for name, most in LONGEST.items():
        if len(cells[name]) > most:
            raise ValueError(_("%(name)s 超过 %(most)d 字。") % {"name": name, "most": most})
    if bool(cells["reply"]) != bool(cells["replied_at"]):
        raise ValueError(_("reply 与 replied_at 须同时填写或同时留空。"))
    filed_at = moment(cells["filed_at"], calendar)
    replied_at = moment(cells["replied_at"], calendar) if cells["replied_at"] else None
    if replied_at and replied_at < filed_at:
        raise ValueError(_("replied_at 早于 filed_at。"))
    if (replied_at or filed_at) > now:
        raise ValueError(_("时间晚于现在。"))
    words = {name: cells[name] for name in ("ref", "petitioner", "title", "body", "reply")}
    return Letter(line=row.line, filed_at=filed_at, replied_at=replied_at, **words)


def known_petitions(letters: list[Letter]) -> Iterable[Petition]:
    for first in range(0, len(letters), BATCH):
        keys = [one.key for one in letters[first : first + BATCH]]
        yield from Petition.objects.filter(key__in=keys).prefetch_related("replies")


def conflict(letter: Letter, petition: Petition | None) -> str:
    """What the file says otherwise than the petition that is here under the same ref; empty where they agree."""
    if petition is None:
        return ""
    same = (letter.title, letter.body, letter.filed_at) == (petition.title, petition.body, petition.filed_at)
    if petition.replied_at and letter.replied_at:
        told = [(one.body, one.at) for one in petition.replies.all() if one.final]
        same = same and (letter.reply, letter.replied_at) in told
    elif letter.replied_at:
        same = same and petition.stage == FILED  # what came after import is not overwritten
    return "" if same else _("ref %(ref)s 已导入，但内容不同。") % {"ref": letter.ref}


# --- Writing ---------------------------------------------------------------------------------------------------------


class History:
    """Writes letters as petitions with their events, replies and the one clock that history can tell of."""

    def __init__(self) -> None:
        if not ServiceStandard.objects.filter(code=STANDARD).exists() or not Unit.objects.filter(code=UNIT).exists():
            load_catalogue()
        self.calendar = current_calendar()
        self.unit = Unit.objects.get(code=UNIT)
        self.standards = list(ServiceStandard.objects.filter(code=STANDARD).order_by("-valid_from"))
        named = PETITIONERS | {"street": self.unit, "pinyin": initials(PETITIONERS["name"])}
        self.enterprise = Enterprise.objects.get_or_create(code="HISTORY", defaults=named)[0]

    def write(self, new: list[Letter], late: list[tuple[Petition, Letter]]) -> None:
        petitions = Petition.objects.bulk_create([self.petition(one) for one in new], batch_size=BATCH)
        filings = [self.filing(*pair) for pair in zip(petitions, new, strict=True)]
        for petition, letter in late:
            self.answer(petition, letter)
        Petition.objects.bulk_update([one for one, _letter in late], ANSWER_FIELDS, batch_size=BATCH)
        answered = [pair for pair in (*zip(petitions, new, strict=True), *late) if pair[1].replied_at]
        Event.objects.bulk_create([*filings, *(self.answering(*pair) for pair in answered)], batch_size=BATCH)
        Reply.objects.bulk_create([self.reply(*pair) for pair in answered], batch_size=BATCH)
        Deadline.objects.bulk_create([self.clock(*pair) for pair in answered], batch_size=BATCH)

    def standard_on(self, moment: datetime) -> ServiceStandard:
        """In force on that day; the oldest there is for what came before it."""
        day = localdate(moment)
        return next((one for one in self.standards if one.valid_from <= day), self.standards[-1])

    def petition(self, letter: Letter) -> Petition:
        petition = Petition(
            number=new_number(localdate(letter.filed_at), "QS"), key=letter.key, enterprise=self.enterprise,
            channel=Petition.Channel.HISTORY, outside_number=letter.ref, title=letter.title, body=letter.body,
            contact=letter.petitioner, standard=self.standard_on(letter.filed_at), filed_at=letter.filed_at,
            stage=FILED, version=1,
        )  # fmt: skip
        self.answer(petition, letter)
        return petition

    def answer(self, petition: Petition, letter: Letter) -> None:
        if letter.replied_at:
            petition.stage, petition.lead, petition.version = CLOSED, self.unit, petition.version + 1
            petition.answered_at = petition.replied_at = petition.closed_at = letter.replied_at

    def filing(self, petition: Petition, letter: Letter) -> Event:
        return Event(
            petition=petition, seq=1, step="file", at=letter.filed_at, stage_to=FILED, note=letter.body,
            facts={"history": True, "ref": letter.ref},
        )  # fmt: skip

    def answering(self, petition: Petition, letter: Letter) -> Event:
        """History tells of no rating: its answer is its end."""
        return Event(
            petition=petition, seq=petition.version, step="reply", at=letter.replied_at, unit=self.unit,
            stage_from=FILED, stage_to=CLOSED, note=letter.reply, facts={"history": True, "ref": letter.ref},
        )  # fmt: skip

    def reply(self, petition: Petition, letter: Letter) -> Reply:
        at = letter.replied_at
        return Reply(petition=petition, final=True, body=letter.reply, unit=self.unit, at=at, shown_at=at)

    def clock(self, petition: Petition, letter: Letter) -> Deadline:
        deadline = clocks.started(petition, "feedback", letter.filed_at, self.calendar)
        clocks.meet(deadline, letter.replied_at)
        return deadline


ANSWER_FIELDS = ("stage", "lead", "version", "answered_at", "replied_at", "closed_at")
