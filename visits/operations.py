"""To record a visit, exactly once."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from directory.models import Cadre, Enterprise, User
from directory.numbers import new_number
from notices.operations import Message, tell
from visits.duties import lateness
from visits.models import Companion, Difficulty, Photo, Visit
from visits.parties import REPRESENTATIVE
from workdays.queries import current_calendar

BESIDE = ("companions", "photos")  # rows of their own, not columns of the visit


def log_visit(
    *, host: Cadre, by: User, now: datetime, uid: UUID, enterprise: Enterprise, fields: dict[str, Any]
) -> tuple[Visit, bool]:
    """Record that the cadre called on the enterprise. Answers the visit and whether it is new: one uid, one visit.

    fields: columns of Visit as people fill them in; companions: cadres or names; photos: pictures already checked.
    Raises ValidationError by field, PermissionDenied where the cadre is somebody else or the uid is another's.
    """
    if host.user_id != by.pk:
        raise PermissionDenied(_("只能登记本人的走访。"))
    with transaction.atomic():
        visit = Visit.objects.filter(uid=uid).first()
        if visit is None:
            visit, is_new = _store(host, by, now, uid, enterprise, fields)
            if is_new:
                return visit, True
    if visit.host_id != host.pk:
        raise PermissionDenied(_("这次提交的编号已被使用，请刷新页面后重新提交。"))
    return visit, False


def _store(host: Cadre, by: User, now: datetime, uid: UUID, enterprise: Enterprise, fields: dict) -> tuple[Visit, bool]:
    """Insert unless somebody was first a moment ago; then all that goes with a new visit."""
    if wrong := problems(host, enterprise, fields, now):
        raise ValidationError(wrong)
    visited_on = fields["visited_on"]
    columns = {name: value for name, value in fields.items() if name not in BESIDE} | {
        "number": new_number(visited_on, "V"),
        "enterprise": enterprise,
        "host": host,
        "unit_id": host.unit_id,
        "recorded_by": by,
        "received_at": now,
        "lateness": lateness(current_calendar(), visited_on, localdate(now)),
    }
    visit, is_new = Visit.objects.get_or_create(uid=uid, defaults=columns)
    if is_new:
        _bring_along(visit, fields.get("companions", ()))
        _attach(visit, fields.get("photos", ()), by, now)
        enterprises = Enterprise.objects.filter(pk=enterprise.pk)
        enterprises.update(last_visited_on=Greatest(F("last_visited_on"), visited_on))  # ignores an empty one
        _tell_the_enterprise(visit, now)
    return visit, is_new


def problems(host: Cadre, enterprise: Enterprise | None, fields: dict[str, Any], now: datetime) -> dict[str, str]:
    """What forbids this record, by field; empty where it may be stored. The same for page, API and offline queue."""
    visited_on = fields.get("visited_on")
    found = _time_problems(fields, localtime(now)) | _word_problems(fields)
    if visited_on and enterprise and not _looks_after(host, enterprise, visited_on):
        found["enterprise"] = _("走访当日您没有挂点这家企业。")
    return found


def _looks_after(host: Cadre, enterprise: Enterprise, day: date) -> bool:
    return host.assignments.valid_on(day).filter(enterprise=enterprise, cadre__in=Cadre.objects.valid_on(day)).exists()


def _time_problems(fields: dict[str, Any], now: datetime) -> dict[str, str]:
    visited_on, start, end = (fields.get(name) for name in ("visited_on", "started_at", "ended_at"))
    promised_on, today = fields.get("promised_on"), now.date()
    found = {}
    if visited_on and visited_on > today:
        found["visited_on"] = _("走访日期不能晚于今天。")
    for name, at in (("started_at", start), ("ended_at", end)):
        if visited_on == today and at and at > now.time():
            found[name] = _("这个时间还没有到。")
    if end and not start:
        found["started_at"] = _("填写了结束时间，请同时填写开始时间。")
    elif end and end <= start:
        found["ended_at"] = _("结束时间须晚于开始时间。")
    if visited_on and promised_on and promised_on < visited_on:
        found["promised_on"] = _("承诺完成日期不能早于走访日期。")
    return found


def _word_problems(fields: dict[str, Any]) -> dict[str, str]:
    found = {}
    if fields.get("difficulty") == Difficulty.ANSWERED and not fields.get("answer"):
        found["answer"] = _("请写明当场答复的内容。")
    if fields.get("promise") and not fields.get("promised_on"):
        found["promised_on"] = _("请填写承诺完成日期。")
    if fields.get("promised_on") and not fields.get("promise"):
        found["promise"] = _("请写明承诺了什么。")
    return found


def _bring_along(visit: Visit, companions: Iterable[Cadre | str]) -> None:
    others = [who for who in companions if who != visit.host]
    cadres = [Companion(visit=visit, cadre=who, unit_id=who.unit_id) for who in others if isinstance(who, Cadre)]
    named = [Companion(visit=visit, name=who) for who in others if isinstance(who, str)]
    Companion.objects.bulk_create([*cadres, *named])


def _attach(visit: Visit, photos: Iterable[UploadedFile], by: User, now: datetime) -> None:
    for photo in photos:
        Photo.objects.create(
            visit=visit, file=photo, name=photo.name, content_type=photo.content_type, size=photo.size,
            uploaded_by=by, uploaded_at=now,
        )  # fmt: skip


def _tell_the_enterprise(visit: Visit, now: datetime) -> None:
    message = Message(
        kind="visited",
        key=f"visit:{visit.number}",
        about=visit.number,
        title=visit.enterprise.name,
        path=visit.get_absolute_url(),
        facts={
            "by": str(visit.host.user),
            "unit": visit.unit.name,
            "visited_on": visit.visited_on.isoformat(),
            **({"promise": visit.promise, "promised_on": visit.promised_on.isoformat()} if visit.promise else {}),
        },
    )
    people = REPRESENTATIVE.people(visit, localdate(now)).values_list("pk", flat=True)
    tell([(pk, message) for pk in people], now)
