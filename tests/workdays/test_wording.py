import pytest
from django.utils.translation import override

from tests.workdays.moments import CALENDAR, at, hours
from workdays.limits import Limit
from workdays.wording import left_words, limit_words, span_words

DUE = "2026-06-15T18:00"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-06-12T11:00", "剩 1 天 5 小时"),
        ("2026-06-15T09:00", "剩 1 天"),
        ("2026-06-15T12:30", "剩 4 小时"),
        ("2026-06-15T15:10:30", "剩 2 小时 49 分钟"),
        ("2026-06-15T17:59:30", "剩不到 1 分钟"),
        ("2026-06-15T18:00", "剩不到 1 分钟"),
        ("2026-06-15T18:00:00.001", "已逾期"),
        ("2026-06-15T23:00", "已逾期"),
        ("2026-06-16T10:20", "逾期 1 小时 20 分钟"),
        ("2026-06-18T15:00", "逾期 2 天 4 小时"),
    ],
)
def test_what_is_left_is_said_in_working_time(now, words):
    assert left_words(CALENDAR, at(now), at(DUE)) == words


def test_a_round_the_clock_limit_is_said_in_hours_of_the_clock():
    day = Limit.parse("24h")
    assert left_words(CALENDAR, at("2026-06-13T20:00"), at("2026-06-14T19:30"), day) == "剩 23 小时 30 分钟"
    assert left_words(CALENDAR, at("2026-06-15T20:00"), at("2026-06-14T19:30"), day) == "逾期 1 天"


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("3wd", "3 个工作日"),
        ("2wh", "2 个工作小时"),
        ("7d", "7 个日历日"),
        ("3mo", "3 个月"),
        ("24h", "24 小时（不分昼夜）"),
    ],
)
def test_limits_are_said_as_people_say_them(limit, words):
    assert limit_words(Limit.parse(limit)) == words


def test_no_time_at_all_is_no_minutes():
    assert span_words(hours(0)) == "0 分钟"


def test_words_are_the_readers():
    with override("en"):
        assert left_words(CALENDAR, at("2026-06-15T15:00"), at(DUE))
