"""What the enterprise does, and those who file for it."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from directory.models import Cadre, Enterprise, User
from directory.numbers import new_number
from directory.parties import DESK, SUPERVISION
from petitions.models import Category, Petition, ServiceStandard
from petitions.operations.taking import Done, conclude, step, written
from petitions.parties import CADRE, REPRESENTATIVE
from petitions.process import FILED, WrongStage, check
from visits.models import Visit
from visits.operations import log_visit

DEFAULT_STANDARD = "P2"  # until the desk names another
OUTSIDE_STANDARD = "X1"  # of letters and visits
Channel = Petition.Channel


@transaction.atomic
def file(
    *, by: User, now: datetime, key: UUID, enterprise: Enterprise, consent: str = "", category: Category | None = None,
    visit=None, follows: Petition | None = None, channel: str = "", outside_number: str = "",
    received_on: date | None = None, files=(), **words,
) -> tuple[Petition, bool]:  # fmt: skip
    """File a petition: by the representative; on the enterprise's behalf by its cadre with the consent recorded; by the
    desk where it came by letter, in person, on the web or by phone, with that channel's own number.

    words: title, body, place, contact, phone. Answers the petition and whether it is new: the same key files once.
    """
    code = OUTSIDE_STANDARD if channel else category.standard if category else DEFAULT_STANDARD
    petition = Petition(
        number=new_number(localdate(now), "QS"), key=key, enterprise=enterprise, visit=visit, category=category,
        standard=ServiceStandard.objects.on(code, localdate(now)), filed_by=by, filed_at=now, consent=consent,
        follows=follows, outside_number=outside_number, received_on=received_on, **words,
    )  # fmt: skip
    check("file", petition, by, now)
    petition.channel = channel_of(petition, by, now, channel)
    petition.stage = FILED
    petition, is_new = Petition.objects.get_or_create(key=key, defaults=written(petition))
    if not is_new:
        if petition.filed_by_id != by.pk:
            raise WrongStage(_("这次提交的编号已被使用，请刷新页面后重新提交。"))
        return petition, False
    facts = {"on_behalf": petition.channel == Channel.VISIT}
    if channel:
        facts = {"channel": channel, "outside_number": outside_number}
    if follows:
        facts["follows"] = follows.number
    conclude(petition, "file", by, now, Done(note=petition.body, facts=facts), files=files)
    return petition, True


def channel_of(petition: Petition, by: User, now: datetime, asked: str) -> str:
    """How it came in, as this person may say it; ValidationError where the consent or the outside number is missing."""
    day = localdate(now)
    if REPRESENTATIVE.includes(by, petition, day):
        return Channel.ENTERPRISE
    if CADRE.includes(by, petition, day):
        if not petition.consent:
            raise ValidationError({"consent": _("代企业提交须写明企业由谁、以何种方式同意。")})
        return Channel.VISIT
    if asked not in OUTSIDE_CHANNELS:
        raise ValidationError({"channel": _("请选择来信、来访、网上或来电。")})
    if not petition.outside_number:
        raise ValidationError({"outside_number": _("请填写该渠道的登记编号。")})
    if not DESK.includes(by, petition, day):
        raise ValidationError({"channel": _("只有分拨台可以登记信访网电来件。")})
    return asked


OUTSIDE_CHANNELS = (Channel.LETTER, Channel.CALLER, Channel.WEB, Channel.PHONE)


@transaction.atomic
def log_visit_with_concern(
    *, host: Cadre, by: User, now: datetime, uid: UUID, enterprise: Enterprise, visit_fields: dict,
    concern: dict | None = None, files=(),
) -> tuple[Visit, Petition | None, bool]:  # fmt: skip
    """Log a visit and file the concern heard on it in one save. The same uid again answers with what is stored."""
    visit, is_new = log_visit(host=host, by=by, now=now, uid=uid, enterprise=enterprise, fields=visit_fields)
    if not concern:
        return visit, None, is_new
    key = uuid5(uid, "concern")
    petition, _new = file(by=by, now=now, key=key, enterprise=visit.enterprise, visit=visit, files=files, **concern)
    return visit, petition, is_new


@step
def correct(petition: Petition, by: User, now: datetime, *, title: str, body: str) -> Done:
    old = {"title": petition.title, "body": petition.body}
    petition.title, petition.body = title, body
    return Done(note=title, facts={"old": old, "new": {"title": title, "body": body}})


@step
def supplement(petition: Petition, by: User, now: datetime, *, body: str) -> Done:
    """What was missing; the petition itself stays as it was filed."""
    return Done(note=body)


@step
def expire(petition: Petition, by: None, now: datetime) -> Done:
    """Nothing came in time: taken off as not supplemented, and may be filed again."""
    return Done()


@step
def object(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    petition.was_objected = True
    return Done(note=note)


@step
def protest(petition: Petition, by: User, now: datetime, *, note: str) -> Done:
    petition.was_protested = True
    return Done(note=note)


@step
def withdraw(petition: Petition, by: User, now: datetime, *, note: str, pressed: bool = False) -> Done:
    """The enterprise takes its petition back; told to supervision where it says somebody asked it to."""
    return Done(note=note, facts={"pressed": pressed}, also_tells={"pressed": (SUPERVISION,)} if pressed else {})


ASKING_STEPS = (correct, supplement, expire, object, protest, withdraw)
