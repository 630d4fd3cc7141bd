"""Limits and working time in words, in the reader's language."""

from datetime import UTC, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workdays.calendar import Calendar, Day
from workdays.limits import DAYS, HOURS, MINUTES, MONTHS, WORKING_DAYS, WORKING_HOURS, Limit
from workdays.notice import Notice, NoticeChanges

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def limit_words(limit: Limit) -> str:
    """“3 个工作日”: the limit as people say it."""
    n = limit.n
    words = {
        WORKING_DAYS: ngettext("%(n)d 个工作日", "%(n)d 个工作日", n),
        WORKING_HOURS: ngettext("%(n)d 个工作小时", "%(n)d 个工作小时", n),
        DAYS: ngettext("%(n)d 个日历日", "%(n)d 个日历日", n),
        MONTHS: ngettext("%(n)d 个月", "%(n)d 个月", n),
        HOURS: ngettext("%(n)d 小时（不分昼夜）", "%(n)d 小时（不分昼夜）", n),
        MINUTES: ngettext("%(n)d 分钟（不分昼夜）", "%(n)d 分钟（不分昼夜）", n),
    }
    return words[limit.unit] % {"n": n}


def left_words(calendar: Calendar, now: datetime, due: datetime, limit: Limit | None = None) -> str:
    """“剩 1 天 4 小时” or “逾期 2 天”.

    Counted in working time, a day being one working day's hours; round the clock when `limit` is (P0's hours).
    """
    day = DAY if limit is not None and limit.elapsed else calendar.hours.length
    if limit is not None and limit.elapsed:
        amount = due.astimezone(UTC) - now.astimezone(UTC)
    else:
        amount = calendar.working_hours_between(now, due)
    if now <= due:
        return _("剩 %(time)s") % {"time": span_words(amount, day)} if amount >= MINUTE else _("剩不到 1 分钟")
    return _("逾期 %(time)s") % {"time": span_words(-amount, day)} if -amount >= MINUTE else _("已逾期")


def span_words(amount: timedelta, day: timedelta = DAY) -> str:
    """“1 天 4 小时”, “3 小时 20 分钟”: at most two units, rounded down; `day` is the length of what counts as a day."""
    days, rest = divmod(amount, day)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    parts = [ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}] if days else []
    if hours:
        parts.append(ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours})
    if minutes and not days:
        parts.append(ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes})
    return " ".join(parts) or ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}


def change_lines(notice: Notice, changes: NoticeChanges) -> list[str]:
    """What loading a notice changes, a line per day, for the preview of its loader."""
    titles = (
        (_("新增"), changes.added),
        (_("变更"), changes.changed),
        (_("删除"), changes.dropped),
        (_("保留（本地停工）"), changes.kept),
    )
    lines = [f"{title} {day_words(day)}" for title, days in titles for day in days]
    unread = [
        _("未采用，请人工核对（第 %(number)d 行）：%(text)s") % {"number": n, "text": t} for n, t in notice.unread
    ]
    return [*lines, *unread] if changes.moved else [_("日期没有变化。"), *lines, *unread]


def day_words(day: Day) -> str:
    """“2026-02-14 星期六 上班 春节”."""
    return f"{day.on} {date_format(day.on, 'l')} {_('上班') if day.working else _('放假')} {day.reason}".rstrip()
