"""Service standards in the back office: what a new version would mean is shown before it is saved."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from petitions import clocks, operations
from petitions.models import Deadline, Petition, ServiceStandard
from petitions.standards import effect_of
from tests.cast import at, make_user, seat
from tests.petitions.dates import MONDAY, accepted, extended, running
from tests.petitions.stories import dispatched, filed, promised
from workdays.queries import current_calendar

pytestmark = pytest.mark.usefixtures("catalogue")
MANY = 1000
ADD = "/admin/petitions/servicestandard/add/"


@pytest.fixture
def office(client):
    client.force_login(seat(make_user("admin", "管理员"), "GXJ", "system administrator"))
    return client


def sent(code: str = "P2", first: date | None = None, **limits) -> dict:
    """The form as the page of that code's present version would send it."""
    now = ServiceStandard.objects.filter(code=code).latest("valid_from")
    first = first or timezone.localdate() + timedelta(days=7)
    row = {name: getattr(now, name) for name in ServiceStandard.LIMITS}
    row |= {name: "on" for name in ServiceStandard.RULES if getattr(now, name)}
    return row | {"code": code, "valid_from": first.isoformat(), "name": now.name, "name_en": now.name_en} | limits


def version(code: str = "P2", **limits) -> ServiceStandard:
    """The next version of that code, not saved."""
    row = ServiceStandard.objects.filter(code=code).latest("valid_from")
    row.pk, row.valid_from = None, date(2026, 7, 1)
    for name, text in limits.items():
        setattr(row, name, text)
    return row


class TestTheTwoPresses:
    def test_the_first_shows_the_second_saves(self, office):
        row = sent(feedback="2wd")
        page = office.post(ADD, row)
        assert page.status_code == 200
        assert ("反馈时限", "3 个工作日", "2 个工作日") in page.context["effect"].changes
        assert ServiceStandard.objects.filter(code="P2").count() == 1
        saved = office.post(ADD, row | {"confirm": "", "previewed": page.context["form"].digest()})
        assert saved.status_code == 302
        assert ServiceStandard.objects.filter(code="P2").latest("valid_from").feedback == "2wd"

    def test_what_was_changed_since_is_shown_again(self, office):
        page = office.post(ADD, sent(feedback="2wd"))
        again = sent(feedback="1wd") | {"confirm": "", "previewed": page.context["form"].digest()}
        assert office.post(ADD, again).status_code == 200
        assert ServiceStandard.objects.filter(code="P2").count() == 1

    def test_the_page_says_it_in_words(self, office, lan, lantern, mei, wen):
        accepted(lan, lantern, mei, wen, timezone.now())
        words = office.post(ADD, sent(close="9wd")).content.decode()
        for text in ("现有 1 件未办结诉求使用该代码", "办理中", "区水务局", "推后", "确认保存"):
            assert text in words
        assert "style=" not in words

    @pytest.mark.parametrize(
        ("limits", "wrong"),
        [
            ({"feedback": "three days"}, "feedback"),
            ({"close": "0wd"}, "close"),
            ({"extend": "5d"}, "extend"),
            ({"milestone": "1mo"}, "milestone"),
        ],
    )
    def test_a_limit_that_cannot_be_is_refused_at_its_field(self, office, limits, wrong):
        answer = office.post(ADD, sent(**limits))
        assert list(answer.context["adminform"].form.errors) == [wrong]
        assert ServiceStandard.objects.filter(code="P2").count() == 1

    def test_history_is_not_rewritten(self, office, lan, lantern):
        yesterday = timezone.localdate() - timedelta(days=1)
        assert office.post(ADD, sent(first=yesterday, feedback="2wd")).context.get("effect")  # no ticket rests on it
        filed(lan, lantern, timezone.now())
        answer = office.post(ADD, sent(first=yesterday, feedback="2wd"))
        assert "不能早于今天" in answer.context["adminform"].form.errors["valid_from"][0]
        assert office.post(ADD, sent(first=timezone.localdate(), feedback="2wd")).context.get("effect")

    def test_a_stranger_sees_no_preview(self, client, lan):
        client.force_login(lan)
        assert client.post(ADD, sent(feedback="2wd")).status_code in (302, 403)


class TestTheEffect:
    def test_counts_open_tickets_by_stage_and_those_it_will_reach(self, lan, lantern, mei, wen):
        filed(lan, lantern, MONDAY)
        accepted(lan, lantern, mei, wen)
        operations.withdraw(filed(lan, lantern, MONDAY), lan, MONDAY, note="不办了")
        effect = effect_of(version(feedback="2wd"), MONDAY, current_calendar())
        assert (effect.stages, effect.open, effect.waiting) == ([("待分拨", 1), ("办理中", 1)], 2, 1)

    def test_says_which_clocks_would_be_due_sooner_later_or_at_once(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        now = at("2026-06-10")
        effect = effect_of(version(feedback="1wd", close="6wd"), now, current_calendar())
        assert dict(effect.total) == {"earlier": 1, "later": 1, "overdue": 1}
        assert [(one.number, one.clock, one.unit, one.new, one.overdue) for one in effect.shown] == [
            (petition.number, "反馈", "区水务局", at("2026-06-09", "18:00"), True),
            (petition.number, "办结", "区水务局", at("2026-06-16", "18:00"), False),
        ]
        assert list(effect.units) == ["区水务局"]

    def test_counts_extensions_in_and_met_clocks_out(self, lan, lantern, mei, wen):
        petition = promised(accepted(lan, lantern, mei, wen), wen, MONDAY, on=date(2026, 6, 15))
        extended(petition, wen, mei, at("2026-06-09"), "close", 2)
        effect = effect_of(version(feedback="1wd", close="6wd"), at("2026-06-09"), current_calendar())
        assert [(one.clock, one.old, one.new) for one in effect.moved] == [
            ("办结", at("2026-06-17", "18:00"), at("2026-06-18", "18:00"))
        ]

    def test_rework_is_counted_by_its_own_limits(self, lan, lantern, mei, wen):
        Deadline.objects.filter(petition=accepted(lan, lantern, mei, wen)).update(cycle=1)
        assert effect_of(version(feedback="1wd", close="6wd"), MONDAY, current_calendar()).moved != []
        assert effect_of(version(rework_feedback="3wd", rework_close="5wd"), MONDAY, current_calendar()).moved == []

    def test_running_clocks_keep_the_row_they_began_under(self, lan, lantern, mei, wen):
        waiting, running_one = filed(lan, lantern, MONDAY), accepted(lan, lantern, mei, wen)
        before = running(running_one)
        row = version(feedback="1wd", close="2wd")
        row.valid_from = date(2026, 6, 9)
        row.save()
        assert running(running_one) == before
        dispatched(waiting, mei, at("2026-06-09"))
        assert running(waiting) == {"accept": "06-10 18:00", "close": "06-11 18:00", "feedback": "06-10 18:00"}

    def test_counts_them_all_and_shows_fifty(self, lan, lantern, mei, wen):
        petition = accepted(lan, lantern, mei, wen)
        words = {field.attname: getattr(petition, field.attname) for field in Petition._meta.concrete_fields}
        many = [Petition(**words | {"id": None, "number": f"QS-{n}", "key": uuid4()}) for n in range(MANY)]
        Petition.objects.bulk_create(many)
        calendar = current_calendar()
        begun = [MONDAY + timedelta(minutes=n % 480) for n in range(len(many))]
        Deadline.objects.bulk_create(
            clocks.started(one, name, start, calendar)
            for one, start in zip(many, begun, strict=True)
            for name in ("feedback", "close")
        )
        effect = effect_of(version(feedback="2wd", close="9wd"), at("2026-06-10"), calendar)
        assert (effect.open, len(effect.moved), len(effect.shown)) == (MANY + 1, 2 * MANY + 2, 50)
