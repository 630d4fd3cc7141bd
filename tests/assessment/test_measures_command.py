"""`manage.py measures` prints the figures of the board."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.assessment.district import District

LETTERS = """ref,petitioner,title,filed_at,body,reply,replied_at
1,A1,当晚,2019-02-01T09:00:00+08:00,问,答,2019-02-01T20:00:00+08:00
2,A2,次日,2019-02-01T17:59:00+08:00,问,答,2019-02-02T18:00:00+08:00
3,A3,迟到一秒,2019-02-01T17:59:00+08:00,问,答,2019-02-02T18:00:01+08:00
4,A4,春节后,2019-02-03T23:00:00+08:00,问,答,2019-02-12T09:00:00+08:00
5,A5,一个月,2019-02-03T23:00:00+08:00,问,答,2019-03-05T09:00:00+08:00
6,A6,未答,2019-03-01T10:00:00+08:00,问,,
"""


def printed(capsys, *words: str) -> str:
    call_command("measures", *words)
    return capsys.readouterr().out


def test_history_is_counted_by_working_days_and_the_end_of_the_day(catalogue, tmp_path, capsys):
    """Saturday 2 February 2019 was a working day; the Spring Festival lasted from the 4th to the 10th."""
    file = tmp_path / "letters.csv"
    file.write_text(LETTERS)
    call_command("import_petitions", str(file))
    capsys.readouterr()
    found = json.loads(printed(capsys, "--from", "2019-02-01", "--to", "2019-03-01", "--json"))
    assert found["answered_within_working_days"] == {"of": 6, "1": 2, "3": 4, "5": 4, "15": 4}
    assert found["measures"]["received"]["value"] == 6


def test_the_command_and_the_board_agree(catalogue, client, luo, capsys):
    District(seed=11)
    client.force_login(luo)
    cards = client.get("/board/?from=2023-01-01&to=2023-06-30&unit=SWJ").context["cards"]
    words = ("--from", "2023-01-01", "--to", "2023-06-30", "--unit", "SWJ")
    found = json.loads(printed(capsys, *words, "--json"))
    shown = {card["figure"].measure.key: card["figure"].measure.as_json(card["figure"]) for card in cards}
    numbers = {
        key: {n: v for n, v in one.items() if n not in ("label", "definition")}
        for key, one in found["measures"].items()
    }
    assert {key: numbers[key] for key in shown} == shown
    table = printed(capsys, *words)
    assert [key for key, card in zip(shown, cards, strict=True) if card["figure"].value not in table] == []
    assert (found["from"], found["to"], found["cuts"]) == ("2023-01-01", "2023-06-30", {"unit": "SWJ"})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2023-02-30", "--to", "2023-03-01"), "2023-01-31 的形式"),
        (("--from", "1890-01-01", "--to", "2023-03-01"), "日期须在"),
        (("--from", "2023-03-02", "--to", "2023-03-01"), "截止日期早于起始日期"),
        (("--from", "2023-03-01", "--to", "2023-03-02", "--unit", "XXX"), "没有这个单位代码"),
        (("--from", "2023-03-01", "--to", "2023-03-02", "--group", "没有"), "没有这个诉求大类"),
    ],
)
def test_a_wrong_question_is_refused_with_a_reason(db, words, said):
    with pytest.raises(CommandError, match=said):
        call_command("measures", *words)
