"""A person adds a robot and chooses what it says, on a phone and without JavaScript; an operator sees it fail."""

import re

import pytest
from django.utils import timezone

from notices.delivery import deliver_batch
from notices.models import Address
from notices.operations import tell
from tests.browser import DESKTOP, PHONE, axe_violations
from tests.notices.conftest import entered, message

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_robot_is_added_proven_and_chosen_for(open_page, lan, receiver):
    page = open_page("/notices/preferences/", user=lan, width=PHONE, javascript=False)
    page.get_by_role("link", name="添加渠道").click()
    page.get_by_label("企业微信群机器人").check()
    page.get_by_label("名称").fill("灯具厂群")
    page.get_by_label("地址", exact=True).fill("http://127.0.0.1/")
    page.get_by_role("button", name="保存并发送测试消息").click()
    assert page.get_by_text("请完整粘贴机器人的地址").count() > 0
    page.get_by_label("地址", exact=True).fill(entered(receiver, "wecom"))
    page.get_by_role("button", name="保存并发送测试消息").click()
    deliver_batch(timezone.now(), "wecom")
    page.get_by_label("灯具厂群收到的验证码").fill(re.search(r"\d{6}", receiver.texts[0])[0])
    page.get_by_role("button", name="启用").click()
    robot = page.get_by_role("group", name="灯具厂群")
    robot.get_by_label("进展").check()
    robot.get_by_label("每日汇总成一条").check()
    page.get_by_role("button", name="保存设置").click()
    kept = Address.objects.get()
    assert (kept.groups, kept.in_digest) == (["move", "deadline", "progress"], True)
    assert "通知设置已保存" in page.content()


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (DESKTOP, True)])
def test_pages_with_channels_in_every_state_are_fit_for_everybody(open_page, lan, root, receiver, width, dark):
    now = timezone.now()
    states = ({}, {"confirmed_at": None}, {"failures": 2}, {"failures": 12, "stopped_at": now})
    for n, state in enumerate(states):
        row = {"confirmed_at": now, "error": "HTTP 500", "failed_at": now} | state
        Address.objects.create(
            owner=lan, way="wecom", label=f"群{n}", hint="…1234", channel="wecom", sealed="", added_at=now, **row
        )
    tell([(lan.pk, message())], now)
    deliver_batch(now, "wecom")
    for user, path in ((lan, "/notices/preferences/"), (lan, "/notices/preferences/preview/?kind=accept&form=digest"),
                       (root, "/notices/operations/")):  # fmt: skip
        page = open_page(path, user=user, width=width, dark=dark)
        assert axe_violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
