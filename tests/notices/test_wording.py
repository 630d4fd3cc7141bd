"""What a notice says."""

import re

import pytest
from django.conf import settings

from notices.models import Notice
from notices.wording import Wording, render
from petitions.process import STEPS
from tests.notices.conftest import message

TEXTS = settings.BASE_DIR / "templates" / "notices"
KINDS = sorted(path.stem for path in TEXTS.glob("*.txt") if path.stem[0] != "_")
FACTS = {
    "enterprise": "灯笼制造有限公司", "lead": "区水务局", "by": "文经办", "handler": "文经办",
    "note": "已派人 <现场> & 查看", "promised_on": "2023-06-20", "due": "2023-06-14T10:00:00+00:00", "clock": "accept",
    "days": 2, "satisfaction": 4, "stage": "rework", "conclusion": "solved", "reason": "in court", "solved": "no",
    "level": 1, "receipt_number": "信访〔2023〕8 号", "transferred_to": "区信访局", "milestone": "勘察", "goal": "清淤",
    "due_on": "2023-06-30", "until_on": "2023-06-26", "conference": "HY20230613-MEET00", "master": "QS20230601-LAMP01",
    "standard": "P3", "suspended_for": "waiting for an expert opinion", "responsible": "罗区长",
}  # fmt: skip
SWEPT = {"yellow", "soon", "due", "overdue"}
BESIDE = {"order_answered", "dissatisfied", "pressed", "visited"}  # told beside a step's own kind, or by another app
STORED = re.compile(r"in court|waiting for|\bsolved\b|\baccept\b|2023-06")  # words of the database, not of people


def notice(kind: str, facts: dict, **fields) -> Notice:
    told = message(kind=kind, facts=facts, **fields)
    return Notice(key=told.key, kind=told.kind, about=told.about, title=told.title, path=told.path, facts=told.facts)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("facts", [FACTS, {}], ids=["all facts", "no facts"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_subject_and_a_body_whatever_is_known(kind, facts, language):
    words = render(notice(kind, facts), language)
    assert words.subject.count("门前路灯不亮") == 1
    assert "QS20230613-LAMP00" in words.body
    assert not re.search(r"\{[{%]|&(amp|lt|quot)|None|\n\s*\n", words.subject + words.body)


def test_an_acceptance_names_who_handles_it():
    assert render(notice("accept", FACTS), "zh-hans") == Wording(
        "诉求已受理：门前路灯不亮",
        "诉求已收到，由区水务局的文经办办理。\n“受理”时限：2023年6月14日 18:00\n编号：QS20230613-LAMP00\n"
        "企业：灯笼制造有限公司\n牵头单位：区水务局\n说明：已派人 <现场> & 查看",
    )


def test_a_clock_is_told_in_local_time():
    assert render(notice("overdue", FACTS), "zh-hans").body.splitlines()[:2] == [
        "“受理”已逾期 2 个工作日，请立即办理。",
        "到期时间：2023年6月14日 18:00",
    ]


def test_whatever_is_told_has_a_text_of_its_own():
    told = {step for step, row in STEPS.items() if row.tells}
    assert (told | SWEPT | BESIDE) - set(KINDS) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_says_labels_and_dates_not_what_is_stored(kind):
    words = render(notice(kind, FACTS), "zh-hans")
    assert not STORED.findall(words.subject + words.body)


def test_a_suspension_says_why_and_until_when():
    assert render(notice("suspend", FACTS), "zh-hans").lines[:3] == [
        "诉求暂缓办理，到期自动恢复；企业等待的总时长继续计算。企业认为不应挂起的，可以打开诉求提出异议。",
        "挂起理由：等待检测、鉴定或评估结论",
        "挂起至：2023年6月26日",
    ]


def test_a_kind_without_a_text_of_its_own_is_still_told():
    assert render(notice("unheard of", {}), "zh-hans").subject == "诉求有新进展：门前路灯不亮"


def test_a_title_cannot_add_lines_to_the_subject():
    assert render(notice("accept", {}, title="灯\r\nBcc: all@example.org"), "zh-hans").subject == (
        "诉求已受理：灯 Bcc: all@example.org"
    )
