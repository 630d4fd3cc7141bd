"""The first true case: sales are falling and the landlord raises the rent. The cadre on a visit files for the firm;
street, community and park meet; the rise is halved. Over the autumn holiday of 2023, with its make-up days.
"""

from types import SimpleNamespace

import pytest

from tests.cast import Role, assign, make_cadre, make_enterprise, make_user, represent, seat
from tests.journeys.walking import answer_signed, begin, figures, fill, hears, press, reads, send, take, ticked

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "房租要涨四成，请帮助协商"
BODY = "今年订单少了三成，房东要求下月起每平方米租金由 20 元涨到 28 元，否则月底搬走。"


@pytest.fixture
def people(catalogue, mei, luo) -> SimpleNamespace:
    firm = make_enterprise("恒昌五金制品厂", serial=201, street="SJ", contact="郑厂长", address="沙井街道锦程路 12 号")
    zheng, fang = make_user("zheng", "郑厂长"), make_cadre("C201", "fang", "方干部", "FGJ")
    represent(zheng, firm)
    assign(fang, firm)
    return SimpleNamespace(
        firm=firm, zheng=zheng, fang=fang.user, mei=mei, luo=luo,
        tan=seat(make_user("tan", "谭主任"), "SJ", Role.MEMBER),
        ren=seat(make_user("ren", "任书记"), "SJ", Role.HEAD),
        gao=seat(make_user("gao", "高科长"), "GXJ", Role.MEMBER),
        shi=seat(make_user("shi", "史科长"), "SJG", Role.MEMBER),
    )  # fmt: skip


def test_the_rise_of_a_rent_is_halved(people, story):
    story.reaches("2023-09-28", "10:20")
    visited(people, story)
    story.reaches("2023-09-28", "11:00")
    dispatched(people, story)
    warned_and_accepted(people, story)
    advised(people, story)
    story.reaches("2023-10-10", "16:00")
    answered_for_now(people, story)
    story.reaches("2023-10-16", "15:00")
    visited_again(people, story)
    story.reaches("2023-10-17", "17:00")
    replied_and_rated(people, story)
    counted(people, story)


def visited(people, story) -> None:
    """On the phone, at the firm: the visit and what it heard in one save."""
    page = story.phone(people.fang)
    press(page, "登记", people.firm.name)
    fill(page, {"会见人员": "郑厂长", "企业困难": "转为诉求", "标题": TITLE, "具体内容": BODY})
    fill(page, {"诉求类别": "厂房租金与物业收费", "企业同意": "郑厂长当面同意"})
    page.get_by_role("button", name="提交走访记录").click()
    reads(page, "由此提交的诉求", TITLE, "待分拨")


def dispatched(people, story) -> None:
    """The category names the street of the firm's address to lead, and who helps."""
    page = story.desktop(people.mei)
    hears(page, f"诉求已提交：{TITLE}")
    form = begin(page, "分拨")
    assert ticked(form.get_by_role("group", name="协办单位")) == ["区工业和信息化局", "市市场监督管理局宝安监管局"]
    fill(form, {"交办要求": "请街道会同社区和园区协商。"})
    send(page, "分拨")
    reads(page, "待受理", "沙井街道", "重点")
    page = story.phone(people.zheng)
    hears(page, f"诉求已分拨：{TITLE}")
    reads(page, "沙井街道将在 2023-10-07 18:00 前受理")


def warned_and_accepted(people, story) -> None:
    """One working day is the make-up Saturday after eight days off; two hours before its end the street is warned."""
    assert story.reaches("2023-10-06", "23:00").told == 0
    assert story.reaches("2023-10-07", "16:30").told == 1
    page = story.desktop(people.tan)
    hears(page, f"两小时内到期：{TITLE}")
    take(page, "受理", {"给企业的话": "明天上门了解情况。"})
    reads(page, "办理中", "谭主任", "按时")


def advised(people, story) -> None:
    story.reaches("2023-10-08", "10:00")
    for user, answer in ((people.gao, "可申请小微企业租金补贴。"), (people.shi, "已提醒房东明码标价。")):
        page = story.desktop(user, "/petitions/")
        page.get_by_role("link", name=TITLE).click()
        take(page, "提交协办意见", {"协办意见": answer})
        reads(page, answer)


def answered_for_now(people, story) -> None:
    page = story.desktop(people.tan)
    hears(page, f"协办单位已反馈：{TITLE}")
    plan = {"办理情况和计划": "街道、社区、园区与房东已谈过一次，房东愿意让步。", "承诺日期": "2023-10-18"}
    take(page, "阶段反馈", plan)
    page = story.phone(people.zheng)
    hears(page, f"诉求有阶段反馈：{TITLE}")
    reads(page, "房东愿意让步", "承诺日期", "2023-10-18")
    assert page.get_by_text("租金补贴").count() == 0  # what passes between the units stays there


def visited_again(people, story) -> None:
    page = story.phone(people.fang, f"/enterprises/{people.firm.code}/")
    reads(page, "18 天前")
    page.get_by_role("link", name="登记走访").click()
    fill(page, {"会见人员": "郑厂长", "走访目的": "跟进回访"})
    page.get_by_text("更多内容").click()
    fill(page, {"走访记录": "房东同意只涨两成，合同本周签。"})
    page.get_by_role("button", name="提交走访记录").click()
    reads(page, "跟进回访", "房东同意只涨两成")


def replied_and_rated(people, story) -> None:
    reply = {"结论": "已解决", "答复内容": "租金改为每平方米 24 元，涨幅减半，已签补充协议。", "依据": "双方补充协议"}
    answer_signed(story, TITLE, people.tan, people.ren, reply)
    page = story.phone(people.zheng)
    press(page, "去评价", TITLE)
    take(page, "评价答复", {"问题是否解决": "已解决", "承办单位是否联系过您": "是", "满意度": "满意"})
    reads(page, "诉求已办结", "涨幅减半", "满意度：4 分")


def counted(people, story) -> None:
    page = story.desktop(people.luo, "/board/?from=2023-09-28&to=2023-10-31")
    said = figures(page, "收到诉求", "已办结", "办结率", "按时受理率", "按时反馈率", "满意率", "有效走访")
    assert said == {
        "收到诉求": "1", "已办结": "1", "办结率": "100.0 %", "按时受理率": "100.0 %", "按时反馈率": "100.0 %",
        "满意率": "100.0 %", "有效走访": "2",
    }  # fmt: skip
    page.get_by_role("link", name="收到诉求", exact=True).click()
    reads(page, TITLE)
