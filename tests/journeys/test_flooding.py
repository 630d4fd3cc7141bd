"""The third true case: a paper warehouse under an expressway bridge floods in every heavy rain. Urgent, so its first
limits run round the clock; the water bureau leads, the street helps; late, answered, not solved, done again.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.cast import Role, assign, make_cadre, make_enterprise, make_user, represent, seat
from tests.journeys.walking import answer_signed, begin, figures, fill, hears, press, reads, send, take

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "仓库逢雨必淹"
BODY = "高速桥下的纸品仓库今晚又进水二十厘米，存纸一百吨，每逢大雨都这样。"


@pytest.fixture
def people(catalogue, mei, wen, zhao, luo) -> SimpleNamespace:
    firm = make_enterprise("永信纸品仓储有限公司", serial=203, street="XA", contact="宋经理")
    song, peng = make_user("song", "宋经理"), make_cadre("C203", "peng", "彭干部", "YJJ")
    represent(song, firm)
    assign(peng, firm)
    xin = seat(make_user("xin", "辛主任"), "XA", Role.MEMBER)
    return SimpleNamespace(firm=firm, song=song, peng=peng.user, mei=mei, wen=wen, zhao=zhao, luo=luo, xin=xin)


def test_a_warehouse_stays_dry_in_the_end(people, story):
    story.reaches("2023-06-13", "20:40")
    visited_in_the_rain(people, story)
    dispatched_in_half_an_hour(people, story)
    answered_within_a_day(people, story)
    late(people, story)
    story.reaches("2023-06-20", "15:00")
    visited_again(people, story, "桥下还有积水，移动泵已到位。")
    story.reaches("2023-06-21", "16:00")
    replied_without_waiting(people, story)
    done_again(people, story)
    counted(people, story)


def visited_in_the_rain(people, story) -> None:
    page = story.phone(people.peng, f"/visits/new/?enterprise={people.firm.code}")
    fill(page, {"会见人员": "宋经理", "企业困难": "转为诉求", "标题": TITLE, "具体内容": BODY})
    fill(page, {"诉求类别": "积水内涝", "企业同意": "宋经理当面同意"})
    page.get_by_role("button", name="提交走访记录").click()
    reads(page, TITLE)


def dispatched_in_half_an_hour(people, story) -> None:
    """Six minutes before the half hour is over the desk is warned; two hours later the unit has accepted."""
    assert story.reaches("2023-06-13", "21:05").told == 1
    page = story.desktop(people.mei)
    hears(page, f"即将到期：{TITLE}")
    reads(page, "急办")
    take(page, "分拨")
    reads(page, "区水务局将在 2023-06-13 23:05 前受理")
    story.reaches("2023-06-13", "22:20")
    page = story.phone(people.wen)
    hears(page, f"诉求已分拨：{TITLE}")
    take(page, "受理")


def answered_within_a_day(people, story) -> None:
    story.reaches("2023-06-14", "09:30")
    page = story.desktop(people.xin, "/petitions/")
    page.get_by_role("link", name=TITLE).click()
    take(page, "提交协办意见", {"协办意见": "街道已调两台移动泵。"})
    page = story.desktop(people.wen, "/petitions/")
    page.get_by_role("link", name=TITLE).click()
    plan = {"办理情况和计划": "先架移动泵，再清淤、建泵站。", "承诺日期": "2023-06-21"}
    take(page, "阶段反馈", plan)


def late(people, story) -> None:
    """The reply was due in three working days: the handler is told before and then, the head on the next morning.
    Emergency management has not answered: each morning it is late by a clock of its own."""
    told = [story.reaches(day, hour).told for day, hour in (("2023-06-16", "16:10"), ("2023-06-16", "18:05"))]
    assert told == [2, 1]
    page = story.desktop(people.wen)
    hears(page, f"已到期：{TITLE}")
    reads(page, "已逾期", "本应在 2023-06-16 18:00 前")
    assert story.reaches("2023-06-19", "09:30").told == 2
    page = story.desktop(people.zhao)
    hears(page, f"已逾期：{TITLE}")
    page = story.desktop(people.luo)
    assert figures(page, "目前逾期") == {"目前逾期": "1"}
    page.get_by_role("link", name=TITLE).click()
    reads(page, "逾期未办")


def visited_again(people, story, notes: str) -> None:
    page = story.phone(people.peng, f"/enterprises/{people.firm.code}/")
    press(page, "登记走访")
    fill(page, {"会见人员": "宋经理", "走访目的": "跟进回访"})
    page.get_by_text("更多内容").click()
    fill(page, {"走访记录": notes})
    page.get_by_role("button", name="提交走访记录").click()
    reads(page, notes)


def replied_without_waiting(people, story) -> None:
    """Emergency management has not said a word; the unit must say why it no longer waits."""
    page = story.desktop(people.wen, "/petitions/")
    page.get_by_role("link", name=TITLE).click()
    form = begin(page, "答复企业")
    fill(form, {"结论": "已解决", "答复内容": "桥下雨水管已清淤。", "依据": "《深圳市排水条例》"})
    send(page, "答复企业")
    wrong = page.get_by_role("alert").filter(has_text="请更正以下内容")
    expect(wrong).to_contain_text("区应急管理局尚未答复；如不再等待，请写明理由。")
    fill(form, {"不再等待协办单位的理由": "应急局无补充意见，已电话确认。"})
    send(page, "答复企业")
    reads(page, "待评价", "桥下雨水管已清淤", "不再等待")


def done_again(people, story) -> None:
    """It rained that night. Unsolved goes back to the unit at once, with three working days over the holiday."""
    story.reaches("2023-06-22", "08:00")
    page = story.phone(people.song)
    hears(page, f"诉求已反馈：{TITLE}")
    comment = {"满意度": "不满意", "意见": "昨晚下雨又进水了。"}
    take(page, "评价答复", {"问题是否解决": "未解决", "承办单位是否联系过您": "是"} | comment)
    reads(page, "重办中", "2023-06-27 18:00 前给您反馈")
    story.reaches("2023-06-26", "10:00")
    visited_again(people, story, "泵站开始抽水，库内已干。")
    story.reaches("2023-06-27", "10:00")
    page = story.desktop(people.wen)
    hears(page, f"诉求已评价：{TITLE}")
    reply = {"结论": "已解决", "答复内容": "新泵站已启用。", "依据": "《深圳市排水条例》"}
    answer_signed(story, TITLE, people.wen, people.zhao, reply)
    page = story.phone(people.song)
    hears(page, f"诉求已反馈：{TITLE}")
    take(page, "评价答复", {"问题是否解决": "已解决", "承办单位是否联系过您": "是", "满意度": "很满意"})
    reads(page, "已办结", "昨晚下雨又进水了")


def counted(people, story) -> None:
    page = story.desktop(people.luo, "/board/?from=2023-06-01&to=2023-06-30")
    said = figures(page, "收到诉求", "已办结", "按时受理率", "按时反馈率", "按期办结率", "满意率", "有效走访")
    assert said == {
        "收到诉求": "1", "已办结": "1", "按时受理率": "100.0 %", "按时反馈率": "100.0 %", "按期办结率": "0.0 %",
        "满意率": "100.0 %", "有效走访": "3",
    }  # fmt: skip
    press(page, "按期办结率")
    page.get_by_role("link", name="逾期 1").click()
    reads(page, TITLE)
