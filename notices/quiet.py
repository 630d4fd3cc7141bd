"""When a person may be disturbed: quiet hours, quiet days, the hour of the daily digest. Pure arithmetic."""

from datetime import datetime, time, timedelta

from django.utils.timezone import get_default_timezone

from workdays.calendar import Calendar

DAY = timedelta(days=1)
LONGEST_QUIET = 60  # days; no calendar rests longer


def moment(told_at: datetime, now: datetime, wish, calendar: Calendar, *, in_digest: bool) -> datetime:
    """The first moment from `now` on at which this may go out; `now` itself where nothing stands in the way.

    1. What waits for the digest waits for the first hour of the digest after it was told.
    2. A day off that is to be quiet ends when offices open on the next working day.
    3. Quiet hours end at `quiet_until`; they may reach over midnight.
    `wish`: anything with digest_at, quiet_from, quiet_until, quiet_days; None disturbs at any time.
    """
    if wish is None:
        return now
    local = max(now, next_at(told_at, wish.digest_at) if in_digest else now).astimezone(get_default_timezone())
    for _ in range(LONGEST_QUIET):
        later = _after_quiet_day(local, wish, calendar)
        later = _after_quiet_hours(later, wish)
        if later == local:
            break
        local = later
    return max(local, now)


def next_at(since: datetime, clock: time) -> datetime:
    """The first time that clock shows from that moment on."""
    local = since.astimezone(get_default_timezone())
    found = _at(local, clock)
    return found if found >= local else found + DAY


def _after_quiet_day(local: datetime, wish, calendar: Calendar) -> datetime:
    if not wish.quiet_days or calendar.is_working(local.date()):
        return local
    return _at(local + DAY, calendar.hours.opening)


def _after_quiet_hours(local: datetime, wish) -> datetime:
    since, until, clock = wish.quiet_from, wish.quiet_until, local.time()
    if since is None or until is None or since == until:
        return local
    if since < until:
        return _at(local, until) if since <= clock < until else local
    if clock >= since:
        return _at(local + DAY, until)
    return _at(local, until) if clock < until else local


def _at(local: datetime, clock: time) -> datetime:
    return local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
