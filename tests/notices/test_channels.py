"""Each way out, from what a person enters to what a real server hears, and what becomes of its answer."""

from email.charset import SHORTEST, Charset

import pytest
from django.core.exceptions import ValidationError

from notices import outbound
from notices.channels import Way, entry, offered, send
from notices.outbound import Refused, Unreachable
from notices.wording import Wording
from tests.browser import free_port
from tests.notices.conftest import entered

WORDS = Wording("诉求已受理", "【企业诉求直达】诉求已受理：门前路灯不亮")


def hand_over(receiver, way: str, secret: str = "") -> None:
    send(way, entry(way, entered(receiver, way), secret).secret, WORDS, "key-1")


@pytest.mark.parametrize("way", Way)
def test_each_way_says_the_very_words(receiver, way):
    hand_over(receiver, way)
    assert receiver.texts == [WORDS.body]


def test_each_robot_is_spoken_to_as_its_maker_wants_it(receiver):
    for way in (Way.WECOM, Way.DINGTALK, Way.FEISHU):
        hand_over(receiver, way)
    (wecom, said), (dingtalk, told), (feishu, heard) = [(path, said) for path, said, _ in receiver.heard]
    assert (wecom, said) == ("/wecom?key=wecom-key-1234", {"msgtype": "text", "text": {"content": WORDS.body}})
    assert (dingtalk, told["msgtype"], told["text"]) == (
        "/dingtalk?key=dingtalktoken1234", "text", {"content": WORDS.body},
    )  # fmt: skip
    assert (feishu, heard) == ("/feishu?key=feishu-hook-1234", {"msg_type": "text", "content": {"text": WORDS.body}})


def test_a_signed_dingtalk_robot_gets_signed_messages(receiver):
    hand_over(receiver, Way.DINGTALK, "SECabcdef0123456789")
    assert "timestamp=" in receiver.heard[0][0]
    assert "sign=" in receiver.heard[0][0]


def test_a_phone_gets_its_message_through_the_gateway_of_this_place(receiver):
    hand_over(receiver, Way.SMS)
    path, said, _ = receiver.heard[0]
    assert (path, said["phone"], said["message"]) == ("/sms/", "13900001234", WORDS.body)


def test_a_gateway_may_want_a_form_and_names_of_its_own(receiver, settings):
    settings.NOTICE_SMS = f"form://{receiver.host}/sms/?:phone={{phone}}&:message=content"
    hand_over(receiver, Way.SMS)
    _path, said, _headers = receiver.heard[0]
    assert (said["phone"], said["content"]) == (["13900001234"], [WORDS.body])


def test_speaking_to_robots_does_not_change_how_mail_is_written(receiver):
    for way in Way:
        hand_over(receiver, way)
    assert Charset("utf-8").header_encoding == SHORTEST


def test_another_receiver_gets_subject_words_and_a_key_that_stays_the_same(receiver):
    hand_over(receiver, Way.WEBHOOK)
    path, said, headers = receiver.heard[0]
    assert (path, said["title"], headers["Idempotency-Key"]) == ("/hook/", WORDS.subject, "key-1")


@pytest.mark.parametrize("way", [Way.WECOM, Way.DINGTALK])
def test_a_robot_that_refuses_with_status_200_has_refused(receiver, way):
    receiver.body = {"errcode": 93000, "errmsg": "invalid webhook url"}
    with pytest.raises(Refused, match="errcode 93000 invalid webhook url"):
        hand_over(receiver, way)


def test_a_feishu_robot_refuses_in_words_of_its_own(receiver):
    receiver.body = {"code": 19024, "msg": "Key Words Not Found"}
    with pytest.raises(Refused, match="code 19024 Key Words Not Found"):
        hand_over(receiver, Way.FEISHU)


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_any_other_status_is_a_refusal_and_nobody_is_led_elsewhere(receiver, way, status):
    receiver.status, receiver.headers = status, {"Location": f"http://{receiver.host}/elsewhere/"}
    with pytest.raises(Refused, match=f"HTTP {status}"):
        hand_over(receiver, way)
    assert len(receiver.heard) == 1


@pytest.mark.parametrize("way", Way)
def test_a_dead_server_is_unreachable_and_the_secret_stays_one(receiver, settings, way):
    dead = f"127.0.0.1:{free_port()}"
    settings.ROBOTS = {name: start.replace(receiver.host, dead) for name, start in settings.ROBOTS.items()}
    settings.NOTICE_SMS = settings.NOTICE_SMS.replace(receiver.host, dead)
    settings.NOTICE_HOSTS, receiver.server_port = [dead], int(dead.rpartition(":")[2])
    with pytest.raises(Unreachable) as gone:
        hand_over(receiver, way)
    assert str(gone.value) == f"ConnectionError: {dead}"
    assert gone.value.__suppress_context__


@pytest.mark.parametrize("way", Way)
def test_a_server_that_never_answers_is_given_up(receiver, monkeypatch, way):
    monkeypatch.setattr(outbound, "READ", 0.3)
    receiver.hangs.set()
    with pytest.raises(Unreachable, match="ReadTimeout"):
        hand_over(receiver, way)


def test_an_answer_without_end_is_not_waited_for(receiver, monkeypatch):
    monkeypatch.setattr(outbound, "WHOLE", -1)
    with pytest.raises(Unreachable):
        hand_over(receiver, Way.WEBHOOK)


def test_only_receivers_on_hosts_that_are_allowed_can_be_named(receiver, settings):
    settings.NOTICE_HOSTS = ["bus.example.org", "bus.example.org:8443"]
    assert entry("webhook", "https://bus.example.org/hook", "").channel == "webhook bus.example.org"
    assert entry("webhook", "https://bus.example.org:8443/hook", "").channel == "webhook bus.example.org:8443"
    for address in (
        "http://127.0.0.1/x", "http://localhost:6380/", "http://169.254.169.254/latest/", "http://[::1]/hook",
        "https://bus.example.org:9/hook", "https://bus.example.org@127.0.0.1/x", "https://127.0.0.1\\@bus.example.org/",
        "https://user:word@bus.example.org/x", "https://bus.example.org.evil.test/", "https://bus.example.org/x?to=y",
        "https://bus.example.org/x#y", "file:///etc/passwd", "gopher://bus.example.org/", "bus.example.org/hook",
        "https://bus.example.org:99999/", "https://bus.example.org/\r\nHost: x", "",
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            entry("webhook", address, "")


def test_a_host_struck_from_the_list_is_not_called_any_more(receiver, settings):
    kept = entry("webhook", entered(receiver, "webhook")).secret
    settings.NOTICE_HOSTS = []
    with pytest.raises(Refused, match="host not allowed"):
        send(Way.WEBHOOK, kept, WORDS, "key-1")
    assert receiver.heard == []


def test_robots_live_where_this_place_says_they_do(receiver, settings):
    for way in (Way.WECOM, Way.DINGTALK, Way.FEISHU):
        for address in (
            "https://evil.test/cgi-bin/webhook/send?key=abcdefgh", f"{settings.ROBOTS[way]}../../x", "wecom-key-1234",
            settings.ROBOTS[way], f"{settings.ROBOTS[way]}abcdefgh&x=1", f"{settings.ROBOTS[way]}@evil.test",
        ):  # fmt: skip
            with pytest.raises(ValidationError):
                entry(way, address, "")


def test_official_robots_are_known_without_any_setting():
    pasted = {
        "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
        "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=f1234567890abcdef",
        "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
    }
    assert [entry(way, address, "").hint for way, address in pasted.items()] == ["…5aaa", "…cdef", "…5aaa"]
    assert offered() == [Way.WECOM, Way.DINGTALK, Way.FEISHU]


@pytest.mark.parametrize(
    "number", ["12345678901", "1390000123", "139000012345", "+8613900001234", "１３９００００１２３４"]
)
def test_a_phone_is_a_mobile_number_of_the_mainland(receiver, number):
    with pytest.raises(ValidationError):
        entry("sms", number, "")
