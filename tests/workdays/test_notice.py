"""Reading the yearly notice, as text and as a table."""

from datetime import date

import pytest

from tests.workdays.notices import NOTICE_2027, TABLE_2027
from workdays.calendar import Calendar, Day
from workdays.notice import Notice, NoticeError, parse_notice


def days(notice: Notice, working: bool) -> list[str]:
    return [day.on.strftime("%m-%d") for day in notice.days if day.working == working]


def problems(text: str, year: int | None = None) -> list[tuple[int, str]]:
    with pytest.raises(NoticeError) as refused:
        parse_notice(text, year)
    return refused.value.problems


def test_a_notice_names_every_day_off_and_every_make_up_day():
    notice = parse_notice(NOTICE_2027)
    assert (notice.year, notice.unread, notice.text) == (2027, (), NOTICE_2027.strip())
    assert days(notice, True) == ["01-31", "02-20", "05-08", "09-26", "10-09"]
    assert days(notice, False) == [
        *("01-01", "01-02", "01-03", "02-05", "02-06", "02-07", "02-08", "02-09", "02-10", "02-11", "04-05"),
        *("05-01", "05-02", "05-03", "05-04", "05-05", "06-09", "09-15"),
        *("10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07"),
    ]


def test_each_day_carries_its_holiday_and_its_authority():
    assert parse_notice(NOTICE_2027).days[3] == Day(
        date(2027, 1, 31), True, "春节", "国务院办公厅关于2027年部分节假日安排的通知"
    )


def test_advice_to_rest_is_not_a_day_off():
    assert date(2027, 2, 12) not in [day.on for day in parse_notice(NOTICE_2027).days]


def test_the_notice_of_a_published_year_gives_what_the_library_says():
    text = """2026年部分节假日
    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
    二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日、2月28日（周六）上班。
    三、清明节：4月4日至6日放假，共3天。
    四、劳动节：5月1日至5日放假调休，共5天。5月9日上班。
    五、端午节：6月19日至21日放假，共3天。
    六、中秋节：9月25日至27日放假，共3天。
    七、国庆节：10月1日至7日放假调休，共7天。9月20日、10月10日上班。"""
    noticed = Calendar(parse_notice(text).days, frozenset({2026}))
    assert noticed.year(2026) == Calendar().year(2026)


def test_a_holiday_may_reach_into_the_year_before_when_it_says_so():
    text = NOTICE_2027.replace("1月1日（周五）至3日（周日）放假，共3天", "2026年12月31日至2027年1月2日放假，共3天")
    assert parse_notice(text).days[0].on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("written", "wrong", "line", "message"),
    [
        ("1月1日（周五）", "1月1日（周四）", 4, "2027-01-01 不是星期四。"),
        ("共3天", "共4天", 4, "写明共 4 天，日期却有 3 天。"),
        ("5月8日(星期六)", "5月32日", 7, "没有这一天：5月32日。"),
        (
            "2月5日（农历除夕、周五）至11日",
            "2月5日至2月1日（周一）",
            5,
            "从 2027-02-05 到 2027-02-01 的日期范围不成立。",
        ),
        ("4月5日放假", "5日放假", 6, "“5日”缺少月份。"),
        ("6月9日（周三）放假1天", "六月九日放假", 8, "没有读到放假或上班的日期。"),
        ("4月5日放假", "2029年4月5日放假", 6, "2029-04-05 不属于 2027 年的安排。"),
        ("5月8日(星期六)上班", "5月5日上班", 7, "2027-05-05 既放假又上班（另见第 7 行）。"),
    ],
)
def test_a_line_that_does_not_hold_is_named(written, wrong, line, message):
    assert problems(NOTICE_2027.replace(written, wrong)) == [(line, message)]


def test_every_bad_line_is_named_at_once():
    text = NOTICE_2027.replace("（周五）至3日", "（周四）至3日").replace("共5天", "共6天")
    assert [line for line, _message in problems(text)] == [4, 7]


def test_the_wrong_year_is_found_by_its_weekdays():
    assert [line for line, _message in problems(NOTICE_2027, 2028)] == [4, 5, 7, 8, 9, 10]


def test_half_a_notice_is_refused_unless_accepted():
    half = NOTICE_2027[: NOTICE_2027.index("六、中秋")]
    missing = "缺少法定节假日：2027-09-15、2027-10-01。通知可能不完整。"
    assert problems(half) == [(0, missing)]
    assert len(parse_notice(half, accept_missing=True).days) == 20


def test_a_text_without_a_year_asks_for_it():
    assert [line for line, _message in problems("一、元旦：1月1日放假。")] == [0]
    assert [line for line, _message in problems(NOTICE_2027, 99999)] == [0]


def test_dates_without_a_word_on_them_are_left_to_a_person():
    text = NOTICE_2027.replace("请妥善安排值班。", "10月8日请妥善安排值班。")
    assert parse_notice(text).unread == ((11, "节假日期间,10月8日请妥善安排值班。"),)


def test_a_table_says_the_same_in_three_columns():
    notice = parse_notice("\ufeff" + TABLE_2027.replace("\n", "\r\n"))
    assert (notice.year, len(notice.days), days(notice, True)) == (2027, 16, ["02-20"])


def test_bad_rows_of_a_table_are_named_with_their_line():
    text = TABLE_2027.replace("2027-02-06,off", "06.02.2027,off").replace("2027-04-05,off", "2027-04-05,maybe")
    assert problems(text) == [
        (4, "日期须写作 2027-01-31 的形式，不能是“06.02.2027”。"),
        (8, "kind 须为 off（放假）或 working（上班），不能是“maybe”。"),
    ]


@pytest.mark.parametrize("text", ["", "date,kind,reason\n", "\0", "x" * 100_000, 'date,kind\n"2027'])
def test_what_is_no_notice_is_refused(text):
    assert problems(text)
