import pytest

from workdays.limits import Limit


@pytest.mark.parametrize("text", ["1wd", "30wd", "2wh", "7d", "3mo", "24h", "30min"])
def test_a_limit_reads_back_what_it_writes(text):
    assert str(Limit.parse(text)) == text
    assert Limit.parse(str(Limit.parse(text))) == Limit.parse(text)


def test_spaces_and_capitals_do_not_matter():
    assert Limit.parse(" 3 WD ") == Limit(3, "wd")


@pytest.mark.parametrize(
    "text", ["", "wd", "3", "3 weeks", "-1wd", "1.5wd", "3wd2", "３wd", "3wd\x00", "1234567d", "x" * 500]
)
def test_what_is_no_limit_is_named_in_the_message(text):
    with pytest.raises(ValueError, match="无法识别期限"):
        Limit.parse(text)


@pytest.mark.parametrize("text", ["0wd", "10000wd"])
def test_a_limit_of_nothing_or_of_ages_is_refused(text):
    with pytest.raises(ValueError, match="1 至 9999"):
        Limit.parse(text)


def test_only_hours_and_minutes_run_round_the_clock():
    assert [unit for unit in ("wd", "wh", "d", "mo", "h", "min") if Limit(1, unit).elapsed] == ["h", "min"]
