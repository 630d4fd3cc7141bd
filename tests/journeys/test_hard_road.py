"""The hard road: a ticket is turned away, handed on, held up, protested, extended, sent back, answered, not solved and
done again, and each of the people on it reads what concerns them, and nothing that does not.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Role, make_enterprise, make_user, represent, seat
from tests.journeys.walking import begin, figures, fill, hears, reads, send, take

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "厂门口的窨井反复外溢"
BODY = "厂门口的窨井一下雨就外溢，货车绕行，员工要蹚水上班。"
BASIS = "路面以下的管网已经移交水务部门，依据移交清单第 12 页。"
ADVICE = "井盖由我局更换，周五完成。"
SENT_BACK = "没有写明哪一天完工，请补上。"
INSIDE = (BASIS, ADVICE, SENT_BACK, "申请退单", "送审")  # what passes between the offices


@pytest.fixture
def people(catalogue, mei, wen, zhao, shen, luo) -> SimpleNamespace:
    firm = make_enterprise("同德包装材料厂", serial=206, street="SY", contact="尹经理")
    yin = make_user("yin", "尹经理")
    represent(yin, firm)
    return SimpleNamespace(
        firm=firm, yin=yin, mei=mei, wen=wen, zhao=zhao, shen=shen, luo=luo,
        he=seat(make_user("he", "贺局长"), "JTJ", Role.HEAD),
        guan=seat(make_user("guan", "管科长"), "CGJ", Role.MEMBER),
    )  # fmt: skip


def test_a_ticket_goes_the_hard_road_and_is_solved(people, story):
    story.reaches("2025-04-07", "09:10")
    filed(people, story)
    turned_away(people, story)
    handed_on(people, story)
    story.reaches("2025-04-08", "09:30")
    accepted_and_helped(people, story)
    story.reaches("2025-04-09", "10:00")
    suspended(people, story)
    protested_and_resumed(people, story)
    story.reaches("2025-04-10", "15:00")
    extended(people, story)
    story.reaches("2025-04-14", "10:00")
    sent_back(people, story)
    story.reaches("2025-04-15", "10:00")
    signed(people, story)
    story.reaches("2025-04-16", "09:00")
    not_solved(people, story)
    story.reaches("2025-04-17", "16:00")
    done_again(people, story)
    story.reaches("2025-05-20", "10:00")
    counted(people, story)


def opened(page: Page) -> Page:
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    return page


def knows_nothing_of_it(page: Page) -> None:
    """The enterprise reads its own petition, not what the offices say to each other."""
    for words in INSIDE:
        expect(page.get_by_role("main")).not_to_contain_text(words)


def filed(people, story) -> None:
    page = story.phone(people.yin, "/petitions/new/")
    fill(page, {"标题": TITLE, "具体内容": BODY})
    page.get_by_role("button", name="提交诉求").click()
    reads(page, TITLE, "待分拨")


def turned_away(people, story) -> None:
    """The desk takes it for a matter of the road; the Roads bureau does not."""
    page = opened(story.desktop(people.mei, "/petitions/"))
    form = begin(page, "分拨")
    with page.expect_response("**/dispatch/?*"):
        fill(form, {"诉求类别": "道路破损"})
    fill(form, {"服务标准": "重点", "协办单位": []})
    send(page, "分拨")
    reads(page, "待受理", "市交通运输局宝安管理局")
    story.reaches("2025-04-07", "14:30")
    page = story.desktop(people.he)
    hears(page, f"诉求已分拨：{TITLE}")
    take(page, "申请退单", {"应由哪个单位办理": "区水务局", "退单依据": BASIS})
    reads(page, "退单裁定", BASIS)
    page = opened(story.phone(people.yin, "/petitions/all/"))
    reads(page, "市交通运输局宝安管理局")
    knows_nothing_of_it(page)


def handed_on(people, story) -> None:
    story.reaches("2025-04-07", "16:00")
    page = story.desktop(people.mei)
    hears(page, f"单位申请退单，请处理：{TITLE}")
    reads(page, BASIS)
    take(page, "改派", {"牵头单位": "区水务局", "改派理由": "管网已移交，由水务部门牵头。"})
    reads(page, "待受理", "区水务局")
    page = story.phone(people.yin)
    hears(page, f"诉求已改派：{TITLE}")
    reads(page, "区水务局")
    knows_nothing_of_it(page)


def accepted_and_helped(people, story) -> None:
    page = story.desktop(people.wen)
    hears(page, f"诉求已改派：{TITLE}")
    take(page, "受理", {"给企业的话": "今天下午到现场。"})
    asked = {"协办单位": ["区城市管理和综合执法局"], "协办事项": "井盖由谁更换？"}
    take(page, "请单位协办", asked)
    story.reaches("2025-04-08", "15:00")
    page = story.desktop(people.guan)
    hears(page, f"请协办：{TITLE}")
    reads(page, "井盖由谁更换？")
    take(page, "提交协办意见", {"协办意见": ADVICE})
    page = opened(story.phone(people.yin, "/petitions/all/"))
    reads(page, "办理中", "文经办")
    knows_nothing_of_it(page)


def suspended(people, story) -> None:
    """Asked by the unit, agreed by the desk; the enterprise is told until when and why."""
    page = story.desktop(people.wen)
    hears(page, f"协办单位已反馈：{TITLE}")
    asked = {"挂起理由": "等待检测、鉴定或评估结论", "挂起至": "2025-04-16", "说明": "管道内窥检测下周出报告。"}
    take(page, "申请挂起", asked)
    reads(page, "办理中")
    page = story.desktop(people.mei)
    hears(page, f"申请挂起，请审批：{TITLE}")
    reads(page, "管道内窥检测下周出报告。")
    take(page, "同意挂起")
    reads(page, "挂起", "2025-04-16")


def protested_and_resumed(people, story) -> None:
    page = story.phone(people.yin)
    hears(page, f"诉求已挂起：{TITLE}")
    reads(page, "管道内窥检测下周出报告。", "2025-04-16")
    take(page, "对挂起提出异议", {"异议理由": "检测不影响先清淤。"})
    assert page.get_by_role("link", name="对挂起提出异议").count() == 0
    story.reaches("2025-04-10", "09:30")
    page = story.desktop(people.wen)
    hears(page, f"企业对挂起提出异议：{TITLE}")
    reads(page, "检测不影响先清淤。")
    take(page, "恢复办理", {"说明": "先清淤，检测同时进行。"})
    reads(page, "办理中")


def extended(people, story) -> None:
    page = story.desktop(people.wen, "/petitions/")
    opened(page)
    take(page, "申请延期", {"延长哪个时限": "办结", "延长的工作日": "5", "延期理由": "夜间施工，避开早高峰。"})
    page = story.desktop(people.shen)
    hears(page, f"申请延期，请审批：{TITLE}")
    take(page, "同意延期")
    page = story.phone(people.yin)
    hears(page, f"诉求已延期：{TITLE}")
    reads(page, "夜间施工，避开早高峰。", "5 个工作日")


def sent_back(people, story) -> None:
    page = opened(story.desktop(people.wen, "/petitions/"))
    drafted = {"结论": "已解决", "答复内容": "窨井已清淤。", "依据": "《深圳市排水条例》"}
    take(page, "送审答复", drafted)
    reads(page, "待审签")
    page = opened(story.phone(people.yin, "/petitions/all/"))
    expect(page.get_by_role("main")).not_to_contain_text("窨井已清淤。")
    knows_nothing_of_it(page)
    page = story.desktop(people.zhao)
    hears(page, f"答复待审签：{TITLE}")
    reads(page, "窨井已清淤。")
    take(page, "退回修改", {"退回修改的理由": SENT_BACK})
    reads(page, "办理中")


def signed(people, story) -> None:
    page = story.desktop(people.wen)
    hears(page, f"答复被退回修改：{TITLE}")
    reads(page, SENT_BACK)
    drafted = {"结论": "已解决", "答复内容": "窨井已清淤，管道 4 月 14 日修复。", "依据": "《深圳市排水条例》"}
    take(page, "送审答复", drafted)
    page = story.desktop(people.zhao)
    hears(page, f"答复待审签：{TITLE}")
    take(page, "审签并答复企业")
    reads(page, "待评价", "按时")


def not_solved(people, story) -> None:
    page = story.phone(people.yin)
    hears(page, f"诉求已反馈：{TITLE}")
    reads(page, "管道 4 月 14 日修复")
    knows_nothing_of_it(page)
    comment = {"满意度": "不满意", "意见": "昨晚又溢出来了。"}
    take(page, "评价答复", {"问题是否解决": "未解决", "承办单位是否联系过您": "是"} | comment)
    reads(page, "重办中", "2025-04-21 18:00 前给您反馈")


def done_again(people, story) -> None:
    page = story.desktop(people.wen)
    hears(page, f"诉求已评价：{TITLE}")
    reads(page, "昨晚又溢出来了。")
    take(page, "送审答复", {"结论": "已解决", "答复内容": "已更换塌陷的管段。", "依据": "《深圳市排水条例》"})
    page = story.desktop(people.zhao)
    hears(page, f"答复待审签：{TITLE}")
    take(page, "审签并答复企业")
    page = story.phone(people.yin)
    hears(page, f"诉求已反馈：{TITLE}")
    take(page, "评价答复", {"问题是否解决": "已解决", "承办单位是否联系过您": "是", "满意度": "满意"})
    reads(page, "诉求已办结", "已更换塌陷的管段。")
    knows_nothing_of_it(page)


def counted(people, story) -> None:
    page = story.desktop(people.luo, "/board/?from=2025-04-01&to=2025-05-31")
    said = figures(page, "收到诉求", "已办结", "按时反馈率", "按期办结率", "满意率")
    assert list(said.values()) == ["1", "1", "100.0 %", "100.0 %", "100.0 %"]
