"""What people choose, what it does to what they are told, and that the preview is the very text."""

import re
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices import kinds
from notices.delivery import deliver_batch
from notices.kinds import Group
from notices.models import Address, Delivery, Notice, Preference
from notices.operations import tell
from tests.cast import at, make_user
from tests.notices.conftest import NOW, address, message

PAGE, PREVIEW = reverse("notices:preferences"), reverse("notices:preview")
pytestmark = pytest.mark.django_db


def ways_of(user) -> list[str]:
    rows = Delivery.objects.filter(notice__recipient=user).order_by("channel", "address_id")
    return list(rows.values_list("channel", flat=True))


def wish(user, **wishes) -> Preference:
    return Preference.objects.create(owner=user, email_groups=wishes.pop("email_groups", Group.values), **wishes)


# --- Who chose what ---------------------------------------------------------------------------------------------------


def test_who_has_not_chosen_gets_mail_and_only_enterprises_of_mere_progress(lan, wen):
    for kind, who in (("accept", {lan, wen}), ("overdue", {lan, wen}), ("unheard of", {lan, wen}), ("interim", {lan})):
        tell([(one.pk, message(kind, kind=kind)) for one in (lan, wen)], NOW)
        mailed = Delivery.objects.filter(notice__kind=kind).values_list("notice__recipient", flat=True)
        assert set(mailed) == {one.pk for one in who}, kind


def test_each_channel_gets_the_groups_chosen_for_it(lan, receiver):
    address(lan, receiver, groups=["deadline"])
    address(lan, receiver, "sms", groups=["deadline", "move"])
    address(lan, receiver, "feishu", groups=[])
    wish(lan, email_groups=["progress"])
    for kind, ways in (("accept", ["sms"]), ("overdue", ["sms", "wecom"]), ("interim", ["email"])):
        Delivery.objects.all().delete()
        tell([(lan.pk, message(kind, kind=kind))], NOW)
        assert ways_of(lan) == ways, kind


def test_two_robots_of_one_kind_are_two_ways(lan, receiver):
    for key in ("robot-number-1", "robot-number-2"):
        address(lan, receiver, key=key)
    for _ in range(2):
        tell([(lan.pk, message()), (lan.pk, message())], NOW)
    assert ways_of(lan) == ["email", "wecom", "wecom"]


@pytest.mark.parametrize("state", [{"confirmed_at": None}, {"stopped_at": NOW}])
def test_nothing_goes_where_nobody_proved_to_receive_or_nobody_does(lan, receiver, state):
    robot = address(lan, receiver)
    Address.objects.filter(pk=robot.pk).update(**state)
    tell([(lan.pk, message())], NOW)
    assert ways_of(lan) == ["email"]


@pytest.mark.parametrize("people", [1, 10, 50])
def test_telling_many_through_many_ways_costs_the_same(django_assert_num_queries, receiver, people):
    users = [make_user(f"reader{n}", "读者") for n in range(people)]
    for user in users:
        wish(user)
        address(user, receiver, key="robot-number-1")
        address(user, receiver, "dingtalk")
    with django_assert_num_queries(4):  # savepoint, notices with deliveries, pings, release
        assert tell([(user.pk, message()) for user in users], NOW) == people
    assert Delivery.objects.count() == 3 * people


# --- When it goes -----------------------------------------------------------------------------------------------------


def test_in_quiet_hours_it_waits_and_then_goes_but_urgent_things_break_through(lan, receiver):
    address(lan, receiver)
    wish(lan, quiet_from=time(22), quiet_until=time(7), urgent_at_once=True)
    night, morning = at("2023-06-13", "23:00"), at("2023-06-14", "07:00")
    tell(
        [(lan.pk, message(1)), (lan.pk, message(2, kind="overdue")), (lan.pk, message(3, facts={"urgent": True}))],
        night,
    )
    assert deliver_batch(night, "wecom") == 3  # one is put off
    assert len(receiver.heard) == 2
    row = Delivery.objects.unsent().get(channel="wecom")
    assert (row.next_try_at, row.attempts) == (morning, 0)
    assert deliver_batch(morning - timedelta(seconds=1), "wecom") == 0
    assert deliver_batch(morning, "wecom") == 1
    assert len(receiver.heard) == 3


def test_without_that_wish_even_urgent_things_wait(lan, mail_box):
    wish(lan, quiet_from=time(22), quiet_until=time(7))
    night = at("2023-06-13", "23:00")
    tell([(lan.pk, message(2, kind="overdue"))], night)
    assert deliver_batch(night) == 1
    assert mail_box.mails == []


def test_on_a_holiday_it_waits_for_the_next_working_day(lan, mail_box):
    wish(lan, quiet_days=True)
    tell([(lan.pk, message())], at("2023-09-29"))
    deliver_batch(at("2023-09-29"))
    assert Delivery.objects.get().next_try_at == at("2023-10-07", "09:00")
    assert (deliver_batch(at("2023-10-07", "09:00")), len(mail_box.mails)) == (1, 1)


def test_a_failure_in_the_evening_is_not_tried_again_at_night(lan, mail_box):
    wish(lan, quiet_from=time(22), quiet_until=time(7))
    mail_box.refuses = {"lan@example.org"}
    evening = at("2023-06-13", "21:59")
    tell([(lan.pk, message())], evening)
    deliver_batch(evening)
    deliver_batch(evening + timedelta(minutes=1))
    row = Delivery.objects.get()
    assert (row.attempts, row.next_try_at) == (1, at("2023-06-14", "07:00"))


def test_who_wants_a_digest_gets_one_message_a_day_in_each_channel_that_has_it(lan, receiver, mail_box):
    address(lan, receiver, in_digest=True)
    wish(lan, email_in_digest=False, digest_at=time(17))
    for serial in range(3):
        tell([(lan.pk, message(serial, title=f"诉求{serial}"))], NOW + timedelta(hours=serial))
        deliver_batch(NOW + timedelta(hours=serial), "wecom")
        deliver_batch(NOW + timedelta(hours=serial))
    assert (len(mail_box.mails), receiver.texts) == (3, [])
    deliver_batch(at("2023-06-13", "17:00"), "wecom")
    (text,) = receiver.texts
    assert text.splitlines()[:2] == ["【企业诉求直达】您有 3 条通知", "· 诉求已受理：诉求0"]
    assert Delivery.objects.unsent().count() == 0


def test_a_robot_with_much_to_say_says_it_at_once_in_one_message_that_wecom_takes(lan, receiver):
    address(lan, receiver)
    for serial in range(60):
        tell([(lan.pk, message(serial, title=f"第{serial:02}件{'长' * 190}"))], NOW - timedelta(minutes=60 - serial))
    assert deliver_batch(NOW, "wecom") == 60
    (text,) = receiver.texts
    assert re.findall(r"第(\d\d)件", text) == [str(serial) for serial in range(50, 60)]
    assert "另有更早的 50 条" in text
    assert len(text.encode()) < 2048


def test_a_group_and_a_phone_never_read_what_was_written_in_a_note(lan, receiver):
    address(lan, receiver)
    address(lan, receiver, "sms")
    tell([(lan.pk, message(facts={"handler": "文经办", "note": "内部说明"}))], NOW)
    for way in ("wecom", "sms"):
        deliver_batch(NOW, way)
    assert receiver.texts == [
        "【企业诉求直达】诉求已受理：门前路灯不亮\n编号：QS20230613-LAMP00\n查看：http://127.0.0.1:8000/petitions/x/",
        "【企业诉求直达】诉求已受理：门前路灯不亮。编号 QS20230613-LAMP00，请登录查看。",
    ]


# --- The preview ------------------------------------------------------------------------------------------------------


def shown(client, **asked) -> dict[str, tuple[str, str]]:
    sights = client.get(PREVIEW, asked).context["sights"]
    return {sight.way: (sight.words.subject, sight.words.body) for _, sight in sights}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("form", "count"), [("one", 1), ("digest", 2), ("digest", 14)])
def test_the_preview_is_the_very_text_that_is_sent(client, lan, receiver, mail_box, form, count, language):
    lan.language = language
    lan.save()
    for way in ("wecom", "dingtalk", "feishu", "sms", "webhook"):
        address(lan, receiver, way, in_digest=True)
    wish(lan, email_in_digest=True, digest_at=time(10))
    tell(
        [(lan.pk, message(serial, title=f"诉求{serial}", facts={"note": "<说明> & 更多"})) for serial in range(count)],
        NOW,
    )
    client.force_login(lan)
    seen = shown(client, kind="accept", form=form)
    for channel in ("email", "wecom", "dingtalk", "feishu", "sms", f"webhook {receiver.host}"):
        deliver_batch(NOW, channel)
    (mail,) = mail_box.mails
    assert (mail["Subject"].strip(), mail.get_content().replace("\r\n", "\n").strip()) == seen.pop("email")
    assert receiver.texts == [body for _, body in seen.values()]
    assert receiver.heard[-1][1]["title"] == seen["webhook"][0]


def test_who_was_never_told_anything_sees_an_example_in_every_kind(client, lan):
    client.force_login(lan)
    for kind in [name for name, one in kinds.KINDS.items() if one.group != kinds.SELF]:
        page = client.get(PREVIEW, {"kind": kind})
        assert [sight.real for _, sight in page.context["sights"]] == [False]
        assert "门前积水" in page.content.decode()
    assert Notice.objects.count() == 0


def test_a_preview_shows_own_notices_only(client, lan, wen):
    tell([(wen.pk, message(title="别人的事"))], NOW)
    client.force_login(lan)
    for form in ("one", "digest"):
        assert "别人的事" not in client.get(PREVIEW, {"kind": "accept", "form": form}).content.decode()


# --- The page ---------------------------------------------------------------------------------------------------------


def test_choices_are_kept(client, lan, receiver):
    robot = address(lan, receiver, groups=["move"])
    name = robot.code.hex
    client.force_login(lan)
    said = {
        f"groups_{name}": ["deadline", "other"], f"in_digest_{name}": "on", "groups_email": ["move"],
        "digest_at": "17:00", "quiet_from": "22:00", "quiet_until": "07:30", "quiet_days": "on",
    }  # fmt: skip
    assert client.post(PAGE, said)["Location"] == PAGE
    robot.refresh_from_db()
    kept = Preference.objects.get()
    assert (robot.groups, robot.in_digest) == (["deadline", "other"], True)
    assert (kept.email_groups, kept.email_in_digest, kept.digest_at) == (["move"], False, time(17))
    assert (kept.quiet_from, kept.quiet_until, kept.quiet_days, kept.urgent_at_once) == (
        time(22),
        time(7, 30),
        True,
        False,
    )
    page = client.get(PAGE).context["form"]
    assert (page[f"groups_{name}"].initial, page["groups_email"].initial) == (["deadline", "other"], ["move"])


@pytest.mark.parametrize(
    "wrong", [{"quiet_from": "22:00"}, {"digest_at": ""}, {"groups_email": ["all"]}, {"digest_at": "25:00"}]
)
def test_wrong_choices_change_nothing(client, lan, wrong):
    client.force_login(lan)
    assert client.post(PAGE, {"digest_at": "08:30"} | wrong).status_code == 422
    assert Preference.objects.count() == 0


def test_the_page_costs_the_same_for_one_address_as_for_ten(client, lan, receiver):
    client.force_login(lan)
    costs = []
    for count in (1, 10):
        while Address.objects.count() < count:
            address(lan, receiver, key=f"robot-number-{Address.objects.count()}")
        for path in (PAGE, f"{PREVIEW}?kind=accept&form=digest"):
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            costs.append(len(asked))
    assert costs[:2] == costs[2:]
