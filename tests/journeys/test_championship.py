"""The fourth true case: a lion-dance troupe wants to host a national youth championship. The culture bureau leads,
education, publicity and the street help; approved in a week, held three months later.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD, Role, assign, make_cadre, make_enterprise, make_user, represent, seat
from tests.journeys.walking import answer_signed, begin, figures, fill, hears, press, reads, send, take, ticked

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "承办全国青少年醒狮锦标赛"
BODY = "我团拟于六月承办全国青少年醒狮锦标赛，四十支队伍，请帮助办理场馆和审批。"
HELPERS = {"jiao": "JYJ", "xuan": "XCB", "fu": "FY"}


@pytest.fixture
def people(catalogue, mei, luo) -> SimpleNamespace:
    troupe = make_enterprise("福永醒狮文化传播有限公司", serial=204, street="FY", contact="麦团长", industry="文化")
    mai, kang = make_user("mai", "麦团长"), make_cadre("C204", "kang", "康干部", "TZC")
    represent(mai, troupe)
    assign(kang, troupe)
    helpers = [seat(make_user(name, f"{name}科长"), unit, Role.MEMBER) for name, unit in HELPERS.items()]
    wu, you = (seat(make_user(name, said), "WTJ", Role.MEMBER) for name, said in (("wu", "吴科长"), ("you", "尤科员")))
    hao = seat(make_user("hao", "郝局长"), "WTJ", Role.HEAD)
    return SimpleNamespace(
        firm=troupe, mai=mai, kang=kang.user, mei=mei, luo=luo, helpers=helpers, wu=wu, you=you, hao=hao
    )


def test_a_championship_is_approved_in_a_week_and_held_in_three_months(people, story):
    story.reaches("2025-03-05", "10:00")
    visited(people, story)
    dispatched(people, story)
    story.reaches("2025-03-06", "09:30")
    accepted_by_one_of_two(people, story)
    story.reaches("2025-03-10", "10:00")
    advised(people, story)
    story.reaches("2025-03-12", "11:00")
    approved(people, story)
    reminded_and_rated(people, story)
    story.reaches("2025-06-09", "15:00")
    held(people, story)
    counted(people, story)


def visited(people, story) -> None:
    page = story.phone(people.kang)
    press(page, "登记", people.firm.name)
    fill(page, {"会见人员": "麦团长", "企业困难": "转为诉求", "标题": TITLE, "具体内容": BODY})
    fill(page, {"诉求类别": "文体活动赛事", "企业同意": "麦团长微信同意"})
    page.get_by_role("button", name="提交走访记录").click()
    press(page, TITLE)
    reads(page, "由挂点干部代企业提交", "麦团长微信同意")


def dispatched(people, story) -> None:
    page = story.desktop(people.mei)
    page.get_by_role("link", name=TITLE).click()
    form = begin(page, "分拨")
    assert ticked(form.get_by_role("group", name="协办单位")) == ["区教育局", "区委宣传部", "福永街道"]
    send(page, "分拨")
    reads(page, "区文化广电旅游体育局将在 2025-03-06 18:00 前受理")


def accepted_by_one_of_two(people, story) -> None:
    """Both have the form open; the second is told that the first was faster."""
    slower = story.desktop(people.you, "/petitions/")
    slower.get_by_role("link", name=TITLE).click()
    begin(slower, "受理")
    story.stays(slower)
    page = story.desktop(people.wu, "/petitions/")
    page.get_by_role("link", name=TITLE).click()
    take(page, "受理")
    send(slower, "受理")
    expect(slower.get_by_role("alert")).to_contain_text("不能再进行“受理”")
    reads(slower, "吴科长", "办理中")
    slower.context.close()


def advised(people, story) -> None:
    for user in people.helpers:
        page = story.desktop(user)
        hears(page, f"诉求已受理：{TITLE}")
        take(page, "提交协办意见", {"协办意见": f"{user.name}：同意，全力配合。"})


def approved(people, story) -> None:
    page = story.desktop(people.wu, "/petitions/")
    page.get_by_role("link", name=TITLE).click()
    for user in people.helpers:
        reads(page, f"{user.name}：同意，全力配合。")
    words = "赛事已批准，6 月 7 日在区体育馆举行，交通、安保、宣传由各单位落实。"
    reply = {"结论": "列入计划", "答复内容": words, "依据": "《体育赛事活动管理办法》"}
    answer_signed(story, TITLE, people.wu, people.hao, reply)


def reminded_and_rated(people, story) -> None:
    """Silence would close it as not rated after seven days; the day before, the troupe is reminded and signs in."""
    assert story.reaches("2025-03-18", "20:00").told == 1
    page = story.phone(None)
    fill(page, {"用户名": "mai", "密码": PASSWORD})
    page.get_by_role("button", name="登录").click()
    hears(page, f"即将到期：{TITLE}")
    take(page, "评价答复", {"问题是否解决": "已解决", "承办单位是否联系过您": "是", "满意度": "很满意"})
    reads(page, "诉求已办结", "列入计划")


def held(people, story) -> None:
    page = story.phone(people.kang)
    press(page, "登记", people.firm.name)
    fill(page, {"会见人员": "麦团长", "走访目的": "跟进回访", "走访方式": "视频连线"})
    fill(page, {"开始时间": "14:00", "结束时间": "14:20"})
    page.get_by_text("更多内容").click()
    fill(page, {"走访记录": "锦标赛已于 6 月 7 日如期举行，四十二支队伍参赛。"})
    page.get_by_role("button", name="提交走访记录").click()
    reads(page, "视频连线", "如期举行")


def counted(people, story) -> None:
    page = story.desktop(people.luo, "/board/?from=2025-03-01&to=2025-06-30&group=员工生活配套")
    labels = ("收到诉求", "已办结", "办结率", "按时受理率", "按时反馈率", "按期办结率", "满意率")
    assert list(figures(page, *labels).values()) == ["1", "1", *["100.0 %"] * 5]
