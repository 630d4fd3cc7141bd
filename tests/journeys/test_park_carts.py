"""The second true case, in English: a maker of electric mobility aids wants its carts tried in a public park. City
management leads, the street helps; a plan first, the carts in service six weeks later. Two pages refresh themselves.
"""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Role, assign, make_cadre, make_enterprise, make_user, represent, seat
from tests.journeys.walking import answer_signed, begin, figures, fill, hears, press, reads, send, take, ticked

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Try our mobility carts in Lingzhi Park"
BODY = "Our carts for people who walk badly have nowhere to show what they can do. We ask for a trial in a park."
LIVE = 2000  # milliseconds within which an open page shows what others did


@pytest.fixture
def people(catalogue, mei, luo) -> SimpleNamespace:
    firm = make_enterprise("Goldfinch Mobility Ltd", serial=202, street="XA", contact="Ms Jin")
    jin, fang = make_user("jin", "Jin Yan"), make_cadre("C202", "fang", "Fang Lin", "KCJ")
    represent(jin, firm)
    assign(fang, firm)
    return SimpleNamespace(
        firm=firm, jin=jin, fang=fang.user, mei=mei, luo=luo,
        guan=seat(make_user("guan", "Guan Bo"), "CGJ", Role.MEMBER),
        cheng=seat(make_user("cheng", "程局长"), "CGJ", Role.HEAD),
        xin=seat(make_user("xin", "Xin Mei"), "XA", Role.HEAD),
    )  # fmt: skip


def test_carts_are_tried_in_a_park(people, story):
    story.habits["language"] = "en"
    story.reaches("2024-04-15", "14:30")
    queue = watched(story.desktop(people.mei, "/petitions/"), story)
    visited(people, story)
    dispatched(queue)
    story.reaches("2024-04-16", "10:00")
    accepted(people, story)
    story.reaches("2024-04-19", "15:00")
    planned(people, story)
    story.reaches("2024-05-20", "11:00")
    visited_again(people, story)
    warned_and_replied(people, story)
    counted(people, story)


def watched(page: Page, story) -> Page:
    """Somebody leaves this page open; it must never be loaded anew."""
    expect(page.locator("html")).to_have_attribute("data-stream", "open", timeout=10_000)
    page.evaluate("document.documentElement.dataset.loaded = 'once'")
    return story.stays(page)


def never_loaded_anew(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-loaded", "once")


def visited(people, story) -> None:
    page = story.phone(people.fang, "/visits/enterprises/")
    press(page, "Log a visit", people.firm.name)
    fill(page, {"Person met": "Jin Yan", "Difficulty of the enterprise": "Becomes a petition"})
    fill(page, {"Title": TITLE, "Details": BODY, "Consent of the enterprise": "Agreed on the spot by Jin Yan"})
    page.get_by_role("button", name="Save the visit").click()
    reads(page, "Petitions from this visit", TITLE)


def dispatched(page: Page) -> None:
    """The open queue offers what has come in. Another category suggests other units; the desk decides otherwise."""
    page.get_by_role("button", name="New changes: 1. Click to refresh").click()
    page.get_by_role("link", name=TITLE).click()
    form = begin(page, "Dispatch")
    with page.expect_response("**/dispatch/?*"):
        fill(form, {"Petition category": "Product trials and scenarios"})
    expect(form.get_by_label("Lead unit")).to_contain_text("By category: Industry and Information Technology Bureau")
    helpers = form.get_by_role("group", name="Co-organiser")
    assert ticked(helpers) == ["City Management and Law Enforcement Bureau", "Xin'an Street"]
    fill(form, {"Lead unit": "City Management and Law Enforcement Bureau", "Co-organiser": ["Xin'an Street"]})
    fill(form, {"Service standard": "Hard"})
    send(page, "Dispatch")
    reads(page, "Waiting for acceptance", "City Management and Law Enforcement Bureau", "P4 Hard")
    page.context.close()


def accepted(people, story) -> None:
    page = story.desktop(people.guan)
    hears(page, f"Petition dispatched: {TITLE}")
    take(page, "Accept")
    page = story.desktop(people.xin)
    hears(page, f"Petition accepted: {TITLE}")
    take(page, "Submit advice", {"Advice of the co-organiser": "The east gate has room for two carts."})
    page = story.phone(people.jin, "/petitions/all/")
    page.get_by_role("link", name=TITLE).click()
    reads(page, "Guan Bo", "will reply by 2024-04-22 18:00")
    assert page.get_by_text("The east gate").count() == 0


def planned(people, story) -> None:
    """The enterprise has its page open on the phone; the plan appears there at once."""
    phone = story.phone(people.jin, "/petitions/all/")
    phone.get_by_role("link", name=TITLE).click()
    watched(phone, story)
    page = story.desktop(people.guan)
    hears(page, f"Co-organiser has answered: {TITLE}")
    plan = {"State of work and plan": "Insurance and routes in April, trial in May.", "Promised date": "2024-05-28"}
    take(page, "Interim reply", plan)
    expect(phone.get_by_role("main")).to_contain_text("Insurance and routes in April", timeout=LIVE)
    never_loaded_anew(phone)
    phone.context.close()


def visited_again(people, story) -> None:
    page = story.phone(people.fang, f"/enterprises/{people.firm.code}/")
    reads(page, "35 days ago", TITLE)
    press(page, "Log a visit")
    fill(page, {"Person met": "Jin Yan", "Purpose of the visit": "Follow-up"})
    page.get_by_role("button", name="Save the visit").click()
    reads(page, "Follow-up")


def warned_and_replied(people, story) -> None:
    """Thirty working days end on 28 May; the evening before, the unit is told. Two of it prefer Chinese."""
    assert story.reaches("2024-05-27", "18:30").told == 1
    page = story.desktop(people.guan)
    hears(page, f"Due soon: {TITLE}")
    story.reaches("2024-05-28", "10:00")
    story.habits["language"] = "zh-hans"
    reply = {"结论": "已解决", "答复内容": "Two carts are in service at the east gate.", "依据": "Park rules, art. 9"}
    answer_signed(story, TITLE, people.guan, people.cheng, reply)
    story.habits["language"] = "en"
    page = story.phone(people.jin)
    hears(page, f"Petition answered: {TITLE}")
    rating = {"Is the problem solved?": "Solved", "Did the lead unit contact you?": "Yes"}
    take(page, "Rate the reply", rating | {"Satisfaction": "Very satisfied"})
    reads(page, "The petition is closed.", "Two carts are in service")


def counted(people, story) -> None:
    page = story.desktop(people.luo, "/board/?from=2024-04-01&to=2024-05-31")
    labels = ("Petitions received", "Closed", "Completion rate", "On-time feedback rate", "Satisfaction rate", "Visits")
    assert list(figures(page, *labels).values()) == ["1", "1", "100.0 %", "100.0 %", "100.0 %", "2"]
