"""What the enterprise is shown of its petition: the dates it was promised, whoever owes what else behind them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from petitions import operations
from petitions.models import Petition
from petitions.process import CLOCKS
from petitions.progress import as_promised
from tests.cast import at
from tests.petitions.stories import dispatched, filed, promised, rated, replied

pytestmark = pytest.mark.usefixtures("catalogue")
MONDAY, HOUR, DAY = at("2026-06-15", "09:10"), timedelta(hours=1), timedelta(days=1)
FEEDBACK, CLOSE = "2026-06-23 18:00", "2026-07-07 18:00"  # of P3, over the Dragon Boat Festival


@pytest.fixture
def clock(monkeypatch):
    """The time of the product: clock.now."""

    class Clock:
        now = MONDAY

    monkeypatch.setattr(timezone, "now", lambda: Clock.now)
    return Clock


@pytest.fixture
def accepted(clock, lan, lantern, mei, wen) -> Petition:
    return operations.accept(
        dispatched(filed(lan, lantern, MONDAY), mei, MONDAY + HOUR, standard="P3"), wen, MONDAY + HOUR
    )


@pytest.fixture
def signing(clock, accepted, wen) -> Petition:
    """Its most urgent clock, the head's to sign, is the offices' own."""
    words = {"conclusion": "solved", "body": "已清淤。", "basis": "条例"}
    clock.now = MONDAY + DAY
    petition = operations.submit(accepted, wen, clock.now, **words)
    assert (petition.due_clock, CLOCKS[petition.due_clock].public) == ("sign", False)
    return petition


def html(user, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def api(user, petition: Petition) -> dict:
    client = Client()
    client.force_login(user)
    one = client.get(f"/api/v1/petitions/{petition.number}/").json()
    row = client.get("/api/v1/petitions/").json()["results"][0]
    assert (row["due_clock"], row["due_at"]) == (one["due_clock"], one["due_at"])
    return one


def moment(row) -> str:
    return f"{timezone.localtime(row.due_at):%Y-%m-%d %H:%M}"


class TestPromisedDates:
    def test_are_told_instead_of_internal_ones(self, signing, lan, wen):
        clocks = {row.clock: row for row in signing.deadlines.running()}
        assert moment(clocks["feedback"]) == FEEDBACK
        inner = moment(clocks["sign"])
        page = html(lan, signing.get_absolute_url())
        assert ("反馈时限" in page, FEEDBACK in page, inner in page, "审签时限" in page) == (True, True, False, False)
        staff = html(wen, signing.get_absolute_url())
        assert ("审签时限" in staff, inner in staff) == (True, True)

    def test_are_those_of_the_api(self, signing, lan, wen):
        assert (api(lan, signing)["due_clock"], api(wen, signing)["due_clock"]) == ("feedback", "sign")

    @pytest.mark.parametrize("path", ["/", "/petitions/", "/petitions/?show=all", "/petitions/all/"])
    def test_are_those_of_every_list(self, signing, lan, path):
        inner = timezone.localtime(signing.due_at)
        assert f"{inner:%Y-%m-%d %H:%M}" not in html(lan, path)

    def test_decide_alone_what_is_late(self, clock, signing, lan, zhao):
        """Overdue to the head who should have signed, and not to the enterprise."""
        clock.now = at("2026-06-18")
        for path in ("/petitions/?show=overdue", "/petitions/all/?late=on", "/petitions/all/?missed=sign"):
            assert [signing.get_absolute_url() in html(user, path) for user in (lan, zhao)] == [False, True], path
        clock.now = at("2026-06-24")
        for path in ("/petitions/?show=overdue", "/petitions/all/?late=on", "/petitions/all/?missed=feedback"):
            assert [signing.get_absolute_url() in html(user, path) for user in (lan, zhao)] == [True, True], path

    def test_are_what_the_sentence_names_to_the_staff_too(self, signing, wen):
        assert f"正在审签，{FEEDBACK} 前给您反馈" in html(wen, signing.get_absolute_url())

    def test_cost_a_list_one_query_and_none_where_nothing_is_internal(
        self, signing, lan, lantern, django_assert_num_queries
    ):
        client = Client()
        client.force_login(lan)
        rows = Petition.objects.filter(pk=signing.pk)
        with django_assert_num_queries(3):  # the rows, the seats of that day, the clocks
            (one,) = as_promised(rows, lan, timezone.now())
        assert (one.due_clock, moment(one)) == ("feedback", FEEDBACK)
        open_ones = [filed(lan, lantern, MONDAY) for _n in range(3)]
        with django_assert_num_queries(2):  # without the clocks
            as_promised(Petition.objects.filter(pk__in=[one.pk for one in open_ones]), lan, timezone.now())


class TestSentence:
    def sentence(self, user, petition: Petition) -> str:
        return html(user, petition.get_absolute_url()).split('class="promise')[1].split("<span>")[1].split("</span>")[0]

    def test_promises_feedback_until_it_was_given_and_then_the_result(self, accepted, lan, wen):
        assert self.sentence(lan, accepted) == f"区水务局的文经办正在办理，{FEEDBACK} 前给您反馈。"
        promised(accepted, wen, MONDAY + 2 * HOUR, (MONDAY + 9 * DAY).date())
        assert self.sentence(lan, accepted) == f"区水务局的文经办正在办理，已给您阶段反馈，{CLOSE} 前答复办理结果。"

    def test_names_the_promised_day_where_no_clock_runs(self, clock, lan, lantern, mei, wen):
        letter = filed(mei, lantern, MONDAY, channel="letter", outside_number="XF-7")
        letter = operations.accept(dispatched(letter, mei, MONDAY, standard="X1"), wen, MONDAY + HOUR)
        promised(letter, wen, MONDAY + 2 * HOUR, at("2026-06-30").date())
        assert "已给您阶段反馈，承诺 2026-06-30 前答复办理结果。" in self.sentence(lan, letter)

    def test_says_what_was_not_kept(self, clock, accepted, lan):
        clock.now = at("2026-06-24")
        assert self.sentence(lan, accepted) == f"区水务局本应在 {FEEDBACK} 前给出反馈，现已逾期，系统正在催办。"

    def test_comes_with_what_is_missing(self, clock, lan, lantern, mei):
        petition = operations.clarify(filed(lan, lantern, MONDAY), mei, MONDAY + HOUR, note="请补充现场照片。")
        page = html(lan, petition.get_absolute_url())
        assert "请补充现场照片。" in page.split('class="said')[1].split("</blockquote>")[0]


class TestWhatIsOver:
    def test_leads_from_a_merged_petition_to_the_course_of_its_master(self, accepted, lan, lantern, mei):
        merged = operations.merge(filed(lan, lantern, MONDAY), mei, MONDAY + HOUR, master=accepted, note="同一事项")
        page = html(lan, merged.get_absolute_url())
        assert f'<a href="{accepted.get_absolute_url()}">{accepted.number}</a>，以下是该件的进度' in page
        assert f"区水务局的文经办正在办理，{FEEDBACK} 前给您反馈" in page

    def test_says_where_a_transferred_one_went_and_under_what_number(self, clock, lan, lantern, mei):
        words = {"transferred_to": "市水务局", "receipt_number": "SZ-88", "note": "属市级事权。"}
        gone = operations.transfer(filed(lan, lantern, MONDAY), mei, MONDAY + HOUR, **words)
        page = html(lan, gone.get_absolute_url())
        assert "诉求已转往市水务局，回执编号 SZ-88，请凭编号向其查询。" in page

    def test_leads_from_one_closed_long_ago_to_a_new_one_that_follows_it(self, clock, lan, lantern, mei, wen):
        petition = operations.accept(dispatched(filed(lan, lantern, MONDAY), mei, MONDAY), wen, MONDAY)
        closed = rated(replied(petition, wen, MONDAY + HOUR), lan, MONDAY + 2 * HOUR)
        anew = f"/petitions/new/?follows={closed.number}"
        assert (anew in html(lan, closed.get_absolute_url()), closed.closed_at) == (False, MONDAY + 2 * HOUR)
        clock.now = MONDAY + 31 * DAY
        page = html(lan, closed.get_absolute_url())
        assert (anew in page, "不能再重启" in page, "/reopen/" in page) == (True, True, False)
        html(lan, anew)
        assert closed.number in html(lan, anew)

    def test_leads_from_a_withdrawn_one_to_a_new_one(self, clock, lan, chen, lantern):
        petition = operations.withdraw(filed(lan, lantern, MONDAY), lan, MONDAY + HOUR, note="不办了", pressed=False)
        anew = f"/petitions/new/?follows={petition.number}"
        assert [anew in html(user, petition.get_absolute_url()) for user in (lan, chen)] == [True, False]
