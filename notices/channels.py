"""The ways out beside mail: what people enter for each, and how a message is handed to it through apprise.

Nobody can make this server call a host its operator has not named: robots go to the addresses in settings.ROBOTS, of
which people give only the key; messages to phones through the gateway in settings.NOTICE_SMS, to which people give
only the number; other addresses must be on a host of settings.NOTICE_HOSTS.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from apprise import NotifyBase
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from notices.outbound import Refused
from notices.wording import Wording

EMAIL = "email"
KEY, PHONE, SECRET = re.compile(r"[A-Za-z0-9_-]{8,128}"), re.compile(r"1[3-9]\d{9}"), re.compile(r"[A-Za-z0-9]{8,128}")


class Way(TextChoices):
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    SMS = "sms", _("短信")
    WEBHOOK = "webhook", _("其他接收地址（HTTP）")


WAYS = {EMAIL: _("电子邮件"), **{way.value: way.label for way in Way}}


@dataclass(frozen=True)
class Entry:
    """What a person entered, checked. secret: to be sealed; hint: shown for it; channel: which server may be dead."""

    secret: str
    hint: str
    channel: str


def offered() -> list[Way]:
    """The ways this place has: phones need a gateway, other addresses a host that is allowed."""
    has = {Way.SMS: bool(settings.NOTICE_SMS), Way.WEBHOOK: bool(settings.NOTICE_HOSTS)}
    return [way for way in Way if has.get(way, True)]


def entry(way: str, words: str, secret: str = "") -> Entry:
    """Read what a person entered. ValidationError, in words, where it cannot be used."""
    if way == Way.SMS:
        if not PHONE.fullmatch(words):
            raise ValidationError(_("请填写 11 位手机号码。"))
        return Entry(words, f"{words[:3]}****{words[-4:]}", Way.SMS)
    if way == Way.WEBHOOK:
        check_host(words)
        where = urlsplit(words)
        return Entry(words, f"{where.netloc}/…{words[-4:]}", f"{Way.WEBHOOK} {where.netloc}"[:120])
    return robot(way, words, secret if way == Way.DINGTALK else "")


def robot(way: str, words: str, secret: str) -> Entry:
    start = settings.ROBOTS[way]
    key = words.removeprefix(start).rstrip("/")
    if secret and not SECRET.fullmatch(secret):
        raise ValidationError(_("加签密钥只含字母和数字。"))
    try:
        whole = words.startswith(start) and KEY.fullmatch(key) and MAKERS[way](f"{key} {secret}".strip())
    except AppriseImproperlyConfigured:
        whole = False
    if not whole:
        raise ValidationError(_("请完整粘贴机器人的地址，以 %(start)s 开头。"), params={"start": start})
    return Entry(f"{key} {secret}".strip(), f"…{key[-4:]}", way)


def check_host(address: str) -> None:
    """ValidationError unless the address is a plain one on a host the operator has allowed."""
    try:
        where = urlsplit(address)
        plain = where.scheme in ("http", "https") and not where.query and not where.fragment and where.port != 0
    except ValueError:
        plain = False
    if not plain or not re.fullmatch(r"[!-~]{10,500}", address):
        raise ValidationError(_("请填写完整的地址，以 https:// 开头，不带参数。"))
    if where.netloc.lower() not in {host.lower() for host in settings.NOTICE_HOSTS}:
        raise ValidationError(_("这个主机不在允许的名单上，请与系统管理员联系。"))


def send(way: str, secret: str, words: Wording, key: str) -> None:
    """Hand one message over. Raises Unreachable or Refused; `key` is the same each time the message is sent."""
    plugin = plugin_for(way, secret)
    if way == Way.WEBHOOK:
        plugin.headers["Idempotency-Key"] = key
        taken = plugin.notify(title=words.subject, body=words.body)
    else:
        taken = plugin.notify(body=words.body)
    if not taken:
        raise Refused("not taken")


def plugin_for(way: str, secret: str) -> NotifyBase:
    """The plugin that speaks to that address. Refused where there is none (any more)."""
    plugin = MAKERS[way](secret)
    if plugin is None:
        raise Refused("not configured")
    return plugin


class WeCom(NotifyWeComBot):
    """To where this place's robots live: a district may run its own WeCom."""

    notify_url = property(lambda self: settings.ROBOTS[Way.WECOM] + "{key}")


class DingTalk(NotifyDingTalk):
    notify_url = property(lambda self: settings.ROBOTS[Way.DINGTALK] + "{token}")


class Feishu(NotifyFeishu):
    notify_url = property(lambda self: settings.ROBOTS[Way.FEISHU] + "{token}")


def _dingtalk(secret: str) -> DingTalk:
    token, _, signed = secret.partition(" ")
    return DingTalk(token=token, secret=signed or None)


def _sms(phone: str) -> NotifyBase | None:
    """From its own class: asked in general, apprise loads every plugin, and one changes how Python writes mail."""
    address = settings.NOTICE_SMS.replace("{phone}", quote(phone))
    gateway = {"json": NotifyJSON, "form": NotifyForm}.get(address.partition(":")[0].removesuffix("s"))
    parsed = gateway and gateway.parse_url(address)
    return gateway(**parsed) if parsed else None


def _webhook(address: str) -> NotifyJSON:
    try:
        check_host(address)
    except ValidationError as wrong:
        raise Refused("host not allowed") from wrong
    where = urlsplit(address)
    return NotifyJSON(host=where.hostname, port=where.port, fullpath=where.path, secure=where.scheme == "https")


MAKERS = {
    Way.WECOM: lambda key: WeCom(key=key),
    Way.DINGTALK: _dingtalk,
    Way.FEISHU: lambda key: Feishu(token=key),
    Way.SMS: _sms,
    Way.WEBHOOK: _webhook,
}
