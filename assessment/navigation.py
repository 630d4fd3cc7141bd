"""The menu at the side of every page: drawn by the seats a person holds today."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from directory.models import Post
from directory.parties import seats_of
from petitions.models import Petition

Role = Post.Role
REPRESENTATIVE, CADRE, ANYBODY = "representative", "cadre", "anybody"  # seats that are not posts
UNITS = {Role.MEMBER, Role.HEAD}
OVERSEERS = {Role.DESK, Role.CALL_BACK, Role.SUPERVISION, Role.LEADER, Role.AUDITOR}
WORKING = {Role.DESK, Role.CALL_BACK, Role.SUPERVISION, Role.PANEL, Role.LEADER}  # have a queue, beside the units
CONFERRING = {Role.DESK, Role.SUPERVISION, Role.LEADER, Role.AUDITOR}  # who sees every conference
MOST_COUNTED = 100  # beyond that the menu says 99+
# Who sees what, in the order of the menu: url name, words, icon, seats.
PLACES = (
    ("assessment:home", _("首页"), "home", {ANYBODY}),
    ("petitions:new", _("我要提诉求"), "edit", {REPRESENTATIVE}),
    ("petitions:petitions", _("我的诉求"), "list-details", {REPRESENTATIVE}),
    ("petitions:queue", _("办件队列"), "inbox", UNITS | WORKING),
    ("petitions:register", _("登记来件"), "file-plus", {Role.DESK}),
    ("visits:enterprises", _("我的企业"), "building", {CADRE}),
    ("petitions:log_visit", _("登记走访"), "map-pin", {CADRE}),
    ("visits:visits", _("走访记录"), "route", OVERSEERS | {CADRE, REPRESENTATIVE, Role.HEAD}),
    ("petitions:petitions", _("全部诉求"), "list-details", UNITS | OVERSEERS | {CADRE}),
    ("petitions:conferences", _("联席会议"), "users-group", CONFERRING),
    ("petitions:standard_replies", _("标准答复"), "notes", {Role.HEAD}),
    ("assessment:board", _("看板"), "chart-bar", OVERSEERS | {Role.HEAD}),
    ("notices:inbox", _("消息"), "bell", {ANYBODY}),
    ("notices:operations", _("通知渠道"), "send", {Role.SYSTEM_ADMINISTRATOR}),
    ("admin:index", _("后台管理"), "settings", {Role.SYSTEM_ADMINISTRATOR}),
)


@dataclass
class Item:
    """One line of the menu."""

    name: str
    label: str
    url: str
    icon: str
    active: bool = False
    count: int = 0
    count_label: str = ""


class Navigation:
    """What base.html draws around a page; nothing is asked of the database unless a page draws it."""

    bell = ("notices/_bell.html", "components/_nothing.html")

    def __init__(self, request: HttpRequest, now: datetime):
        self.request, self.now = request, now

    @cached_property
    def items(self) -> list[Item]:
        """The places this person may go, the one they are in marked."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return []
        seats = held(user, localdate(self.now))
        items = list({item.name: item for place in PLACES if (item := self._item(place, seats))}.values())
        here = max(
            (item for item in items if self.request.path.startswith(item.url)), key=lambda i: len(i.url), default=None
        )
        for item in items:
            item.active = item is here and (item.url != "/" or self.request.path == "/")
        return items

    def _item(self, place: tuple, seats: set[str]) -> Item | None:
        name, label, icon, who = place
        if seats.isdisjoint(who):
            return None
        item = Item(name, label, reverse(name), icon)
        if name == "petitions:queue":
            item.count = Petition.objects.awaiting(self.request.user, self.now)[:MOST_COUNTED].count()
            item.count_label = _("件待我处理")
        return item

    @cached_property
    def seats(self) -> str:
        """The seats of the signed-in person in words: “区水务局 · 经办人”."""
        day = localdate(self.now)
        posts = self.request.user.posts.valid_on(day).select_related("unit")
        words = [f"{post.unit.label} · {post.get_role_display()}" for post in posts]
        seats = seats_of(self.request.user, day)
        words += [str(_("挂点干部"))] if seats.cares_for else []
        words += [str(_("企业代表"))] if seats.represents else []
        return str(_("、")).join(words)


def held(user, day: date) -> set[str]:
    """The seats that open places of the menu."""
    seats = seats_of(user, day)
    found = {ANYBODY, *seats.roles}
    found |= {REPRESENTATIVE} if seats.represents else set()
    found |= {CADRE} if seats.cares_for else set()
    return found | ({Role.SYSTEM_ADMINISTRATOR} if user.is_superuser else set())


def navigation(request: HttpRequest) -> dict:
    """Context processor: `navigation` with items, seats and bell; `now`, the moment the page speaks of."""
    now = timezone.now()
    return {"navigation": SimpleLazyObject(lambda: Navigation(request, now)), "now": now}
