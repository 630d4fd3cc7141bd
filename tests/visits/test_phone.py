"""The pages in a real browser: on a phone, by keyboard, in light and dark, and with JavaScript off."""

import pytest
from django.utils.timezone import localdate

from tests.browser import PHONE, axe_violations
from tests.cast import assign, make_enterprise
from tests.visits.making import visited
from visits.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)

UNDER_THE_BAR = """async () => {
    await new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled)));
    const bar = document.querySelector(".form-actions-sticky"), at = document.activeElement;
    const box = at.getBoundingClientRect(), line = Math.min(box.height, 40);  // at least the line one types in
    const elsewhere = bar.contains(at) || !at.closest("main");
    return elsewhere || box.top + line <= bar.getBoundingClientRect().top ? "" : at.name || at.outerHTML;
}"""


@pytest.fixture
def firms(chen):
    """Enough enterprises for the small filter to show itself."""
    made = [
        make_enterprise(f"石岩{name}有限公司", n) for n, name in enumerate(("塑胶", "五金", "电子", "模具", "光电"), 20)
    ]
    for firm in made:
        assign(chen.cadre, firm)
    return made


def test_a_visit_is_logged_on_a_phone_with_a_few_letters_and_two_taps(open_page, chen, lantern, firms):
    page = open_page("/visits/new/", user=chen, width=PHONE)
    page.get_by_label("查找企业").fill("dlzz")
    page.get_by_label("会见人员", exact=True).fill("兰经理")
    page.get_by_role("button", name="提交走访记录").click()
    page.wait_for_url("**/visits/V*/")
    visit = Visit.objects.get()
    assert (visit.enterprise, visit.host, visit.visited_on) == (lantern, chen.cadre, localdate())
    assert (visit.mode, visit.difficulty) == ("on site", "none")


def test_without_javascript_the_form_works_as_well_and_errors_stand_at_their_fields(open_page, chen, lantern):
    page = open_page("/visits/new/", user=chen, width=PHONE, javascript=False)
    page.get_by_role("button", name="提交走访记录").click()
    assert page.get_by_text("请选择走访企业。").count() == 2  # in the summary and at the field
    page.get_by_label("走访企业").select_option(lantern.code)
    page.get_by_label("会见人员", exact=True).fill("兰经理")
    page.get_by_role("button", name="提交走访记录").click()
    assert page.url.endswith(Visit.objects.get().get_absolute_url())


def test_what_is_to_be_petitioned_is_asked_only_when_there_is_something(open_page, chen, lantern):
    page = open_page("/visits/new/", user=chen, width=PHONE)
    concern, answer = page.locator(".when-petition"), page.get_by_label("当场答复内容")
    assert (concern.is_visible(), answer.is_visible()) == (False, False)
    page.get_by_label("转为诉求").check()
    assert (concern.is_visible(), answer.is_visible()) == (True, False)
    page.get_by_label("当场答复", exact=True).check()
    assert (concern.is_visible(), answer.is_visible()) == (False, True)


def test_the_bar_at_the_bottom_never_covers_where_one_types(open_page, chen, lantern, firms):
    page = open_page("/visits/new/", user=chen, width=PHONE)
    page.get_by_label("转为诉求").check()
    page.emulate_media(reduced_motion="reduce")  # scroll at once
    page.locator("summary").last.evaluate("element => element.click()")
    covered = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        covered.add(page.evaluate(UNDER_THE_BAR))
    assert covered == {""}


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_break_no_rule_of_accessibility(open_page, chen, lantern, firms, dark):
    visit = visited(
        chen.cadre, lantern, "2026-11-16", lateness="late", mode="phone", started_at="10:00", ended_at="10:30",
        risk="欠薪", orders="up", staff="down", difficulty="answered", answer="贴息", promise="带银行来",
        promised_on="2026-12-01",
    )  # fmt: skip
    paths = [
        "/visits/",
        "/visits/enterprises/",
        f"/enterprises/{lantern.code}/",
        visit.get_absolute_url(),
        "/visits/new/",
    ]
    for path in paths:
        page = open_page(path, user=chen, width=PHONE, dark=dark)
        if path == "/visits/new/":
            page.get_by_role("button", name="提交走访记录").click()
            page.get_by_label("转为诉求").check()
        assert axe_violations(page) == [], path
        page.context.close()
