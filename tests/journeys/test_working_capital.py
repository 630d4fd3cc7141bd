"""The fifth true case, all of it without JavaScript: a small maker has signed an order of ten million and lacks the
money for material. Filed on a visit; finance leads.
"""

from types import SimpleNamespace

import pytest

from tests.cast import Role, assign, make_cadre, make_enterprise, make_user, represent, seat
from tests.journeys.walking import UNREAD, answer_signed, begin, figures, fill, hears, press, reads, send, take, ticked

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "签了千万订单，缺流动资金备料"
BODY = "新签海外订单约 1000 万元，备料要先付 600 万元，厂房是租的，没有抵押物。"


@pytest.fixture
def people(catalogue, mei, luo) -> SimpleNamespace:
    firm = make_enterprise("星澜精密电子厂", serial=205, street="SG", contact="梁厂长")
    liang, bai = make_user("liang", "梁厂长"), make_cadre("C205", "bai", "白干部", "GXJ")
    represent(liang, firm)
    assign(bai, firm)
    return SimpleNamespace(
        firm=firm, liang=liang, bai=bai.user, mei=mei, luo=luo,
        jin=seat(make_user("jin", "金科长"), "FGJ", Role.MEMBER),
        xie=seat(make_user("xie", "谢局长"), "FGJ", Role.HEAD),
        tou=seat(make_user("tou", "陶科长"), "TZC", Role.MEMBER),
        cai=seat(make_user("cai", "蔡科长"), "CZJ", Role.HEAD),
    )  # fmt: skip


def test_an_order_finds_its_money(people, story):
    story.habits["javascript"] = False
    story.reaches("2026-03-02", "15:00")
    visited(people, story)
    dispatched(people, story)
    warned_and_accepted(people, story)
    story.reaches("2026-03-04", "10:00")
    consulted(people, story)
    story.reaches("2026-03-05", "16:00")
    planned(people, story)
    story.reaches("2026-03-10", "10:30")
    visited_again(people, story)
    story.reaches("2026-03-12", "15:00")
    replied_and_rated(people, story)
    counted(people, story)


def visited(people, story) -> None:
    """Everything is shown at once; what was forgotten is said at its field, and nothing has been stored."""
    page = story.phone(people.bai, f"/visits/new/?enterprise={people.firm.code}")
    fill(page, {"会见人员": "梁厂长", "企业困难": "转为诉求", "标题": TITLE, "具体内容": BODY})
    fill(page, {"诉求类别": "贷款难与续贷"})
    page.get_by_role("button", name="提交走访记录").click()
    page.get_by_role("link", name="企业同意").click()
    fill(page, {"企业同意": "梁厂长签字同意"})
    page.get_by_role("button", name="提交走访记录").click()
    reads(page, "由此提交的诉求", TITLE)


def dispatched(people, story) -> None:
    page = story.desktop(people.mei)
    hears(page, f"诉求已提交：{TITLE}")
    form = begin(page, "分拨")
    assert ticked(form.get_by_role("group", name="协办单位")) == ["区投资促进署"]
    send(page, "分拨")
    reads(page, "已完成：分拨", "区发展和改革局", "重点")


def warned_and_accepted(people, story) -> None:
    assert story.reaches("2026-03-03", "16:05").told == 1
    page = story.desktop(people.jin)
    hears(page, f"两小时内到期：{TITLE}")
    take(page, "受理", {"给企业的话": "今天与您联系。"})
    page.get_by_role("button", name="将相关通知标为已读").click()
    assert page.get_by_role("banner").get_by_role("link", name=UNREAD).count() == 0


def consulted(people, story) -> None:
    """The unit asks one more to help."""
    page = story.desktop(people.jin, "/petitions/")
    page.get_by_role("link", name=TITLE).click()
    take(page, "请单位协办", {"协办单位": ["区财政局"], "协办事项": "能否给予贴息和风险补偿？"})
    for user, answer in ((people.tou, "可出口信保保单融资。"), (people.cai, "可贴息一半。")):
        page = story.desktop(user, "/petitions/")
        page.get_by_role("link", name=TITLE).click()
        take(page, "提交协办意见", {"协办意见": answer})


def planned(people, story) -> None:
    page = story.desktop(people.jin)
    hears(page, f"协办单位已反馈：{TITLE}")
    take(page, "阶段反馈", {"办理情况和计划": "两家银行明天到厂核订单。", "承诺日期": "2026-03-13"})
    page = story.phone(people.liang)
    hears(page, f"诉求有阶段反馈：{TITLE}")
    reads(page, "两家银行明天到厂核订单", "2026-03-13")


def visited_again(people, story) -> None:
    page = story.phone(people.bai)
    reads(page, TITLE)
    press(page, "登记走访")
    fill(page, {"走访企业": people.firm.name, "会见人员": "梁厂长", "走访目的": "跟进回访"})
    page.get_by_role("button", name="提交走访记录").click()
    reads(page, "跟进回访")


def replied_and_rated(people, story) -> None:
    words = "银行凭订单和信保保单放款 600 万元，区财政贴息一半。"
    reply = {"结论": "已解决", "答复内容": words, "依据": "《宝安区中小微企业融资贴息办法》"}
    answer_signed(story, TITLE, people.jin, people.xie, reply)
    page = story.phone(people.liang)
    press(page, "去评价", TITLE)
    take(page, "评价答复", {"问题是否解决": "已解决", "承办单位是否联系过您": "是", "满意度": "很满意"})
    reads(page, "诉求已办结", "放款 600 万元")


def counted(people, story) -> None:
    page = story.desktop(people.luo, "/board/")
    fill(page, {"起始日期": "2026-03-01", "截止日期": "2026-03-31", "诉求大类": "融资"})
    page.get_by_role("button", name="统计").click()
    labels = ("收到诉求", "已办结", "办结率", "按时受理率", "按时反馈率", "满意率")
    assert list(figures(page, *labels).values()) == ["1", "1", *["100.0 %"] * 4]
