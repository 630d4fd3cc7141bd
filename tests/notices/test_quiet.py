"""When nothing may disturb: pure arithmetic over the real calendar."""

from dataclasses import dataclass
from datetime import time, timedelta

import pytest

from notices.quiet import moment
from tests.cast import at
from workdays.calendar import Calendar

CALENDAR = Calendar()


@dataclass
class Wish:
    digest_at: time = time(8, 30)
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_days: bool = False


NIGHT = {"quiet_from": time(22), "quiet_until": time(7, 30)}


def goes(told, *, in_digest: bool = False, now=None, **wish):
    return moment(told, now or told, Wish(**wish), CALENDAR, in_digest=in_digest)


def test_who_wishes_nothing_is_told_at_once():
    now = at("2023-06-13", "23:00")
    assert moment(now, now, None, CALENDAR, in_digest=False) == now
    assert goes(now) == now


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        (("2023-06-13", "21:59"), ("2023-06-13", "21:59")),
        (("2023-06-13", "22:00"), ("2023-06-14", "07:30")),
        (("2023-06-14", "00:00"), ("2023-06-14", "07:30")),
        (("2023-06-14", "07:29"), ("2023-06-14", "07:30")),
        (("2023-06-14", "07:30"), ("2023-06-14", "07:30")),
        (("2023-12-31", "23:30"), ("2024-01-01", "07:30")),
    ],
)
def test_quiet_hours_reach_over_midnight(told, sent):
    assert goes(at(*told), **NIGHT) == at(*sent)


def test_quiet_hours_within_a_day_end_that_day():
    noon = {"quiet_from": time(12), "quiet_until": time(14)}
    assert goes(at("2023-06-13", "13:00"), **noon) == at("2023-06-13", "14:00")
    assert goes(at("2023-06-13", "14:00"), **noon) == at("2023-06-13", "14:00")


def test_a_weekend_and_a_holiday_are_quiet_until_offices_open_again():
    assert goes(at("2023-06-10", "10:00"), quiet_days=True) == at("2023-06-12", "09:00")
    assert goes(at("2023-09-29", "10:00"), quiet_days=True) == at("2023-10-07", "09:00")  # a Saturday that is worked
    assert goes(at("2023-06-25", "10:00"), quiet_days=True) == at("2023-06-25", "10:00")  # a Sunday that is worked


def test_the_end_of_a_holiday_may_be_quiet_as_well():
    late = {"quiet_from": time(20), "quiet_until": time(9, 30)}
    assert goes(at("2023-09-28", "20:30"), quiet_days=True, **late) == at("2023-10-07", "09:30")


def test_the_digest_comes_at_its_hour_unless_that_is_quiet():
    assert goes(at("2023-06-13", "08:29"), in_digest=True) == at("2023-06-13", "08:30")
    assert goes(at("2023-06-13", "08:31"), in_digest=True) == at("2023-06-14", "08:30")
    assert goes(at("2023-06-13", "10:00"), in_digest=True, digest_at=time(7), **NIGHT) == at("2023-06-14", "07:30")
    assert goes(at("2023-06-09", "10:00"), in_digest=True, quiet_days=True) == at("2023-06-12", "09:00")


def test_what_missed_its_hour_goes_as_soon_as_it_may():
    told, now = at("2023-06-12", "10:00"), at("2023-06-13", "11:00")
    assert goes(told, now=now, in_digest=True) == now


def test_nothing_is_ever_sent_before_now():
    for hour in range(0, 24 * 10):
        now = at("2023-09-27", "00:07") + timedelta(hours=hour)
        for in_digest in (False, True):
            when = goes(now, in_digest=in_digest, quiet_days=True, **NIGHT)
            assert when >= now
            assert goes(when, quiet_days=True, **NIGHT) == when
