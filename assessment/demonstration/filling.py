"""Filling an empty database with the invented district, all of it or nothing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from assessment.checks import is_filled
from assessment.demonstration.current import Current
from assessment.demonstration.loading import Loader
from assessment.demonstration.people import People
from assessment.demonstration.petitions import FROM_VISITS, LAST_FILING, YEAR, Petitions
from assessment.demonstration.situations import Situations
from assessment.demonstration.story import Setting
from assessment.demonstration.texts import Texts
from assessment.demonstration.visits import Visits
from assessment.models import Demonstration
from directory.models import User
from petitions.catalogue import load_catalogue
from petitions.models import Petition, ServiceStandard
from petitions.operations.taking import announce
from petitions.process import STEPS
from visits.duties import quarter_of
from workdays.queries import current_calendar

CADRES, ENTERPRISES, VISITS, CLOSED, UNFINISHED = 591, 12_000, 58_000, 5_261, 39  # as the district published
LATELY = timedelta(days=56)
UNREAD = timedelta(days=3)
Told = Callable[[str, float], None]  # which part, and how much of the whole is done


class Refused(Exception):
    """The demonstration does not belong into this place or this database."""


def fill(seed: int, scale: float, now: datetime, told: Told = lambda part, share: None) -> bool:
    """Fill the database as of `now`; answers False where it was filled before. Refused where it holds anything else."""
    if not settings.DEMONSTRATION:
        raise Refused(_("这里不是演示环境：只有设置 DEMONSTRATION=1 才能装载演示数据。"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
                cursor.execute(f"SET LOCAL {limit} = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(20230103)")  # a second loading waits, and finds it done
        if is_filled():
            return False
        if User.objects.exists() or Petition.objects.exists():
            raise Refused(_("数据库中已有人员或诉求，演示数据只能装入空数据库。"))
        District(seed, scale, now, told).make()
        Demonstration.objects.create(seed=seed, scale=scale, as_of=now)
    return True


class District:
    """Everything the demonstration holds, part by part."""

    def __init__(self, seed: int, scale: float, now: datetime, told: Told) -> None:
        load_catalogue()
        self.seed, self.scale, self.now, self.told, self.done = seed, scale, now, told, 0.0
        self.loader, self.texts = Loader(self.step), Texts()
        self.people = People(seed, self.loader, now)
        standards = {one.code: one for one in ServiceStandard.objects.order_by("valid_from")}
        self.setting = Setting(self.people.district, current_calendar(), standards)
        self.part = ""

    def begin(self, part: str, until: float) -> None:
        """Name the part that starts now; `until` is the share of the whole that is done at its end."""
        self.part, self.until = part, until
        self.told(part, self.done)

    def step(self) -> None:
        """A batch was written."""
        self.done += (self.until - self.done) * 0.15
        self.told(self.part, self.done)

    def end(self) -> None:
        self.done = self.until
        self.told(self.part, self.done)

    def times(self, number: int) -> int:
        return max(1, round(number * self.scale))

    def make(self) -> None:
        self.begin(_("人员与企业"), 0.12)
        self.people.make_staff()
        self.people.make_cadres(self.times(CADRES))
        self.people.make_enterprises(self.times(ENTERPRISES))
        self.end()
        petitions = Petitions(self.seed, self.people, self.setting, self.texts, self.now)
        self.begin(_("2023 年走访"), 0.4)
        sources, recent = self.visits()
        self.begin(_("2023 年诉求"), 0.85)
        petitions.tell_year(sources, self.times(CLOSED), self.times(UNFINISHED))
        self.end()
        self.begin(_("近期诉求"), 0.9)
        petitions.tell_recent(recent, self.times(70), localdate(self.now) - LATELY)
        current = Current(petitions, self.seed)
        current.tell(self.scale)
        for enterprise in self.people.district.enterprises:
            self.loader.add(enterprise)
        self.end()
        self.begin(_("整理与通知"), 1)
        self.loader.close()
        tell_people(petitions, self.now)
        Situations(current).tell()
        self.end()

    def visits(self) -> tuple[list, list]:
        """The year's visits and those of the last two quarters; answers which of each led to petitions."""
        visits = Visits(self.seed, self.people.district, self.setting.calendar, self.texts, self.loader)
        year = visits.year(YEAR, self.times(VISITS))
        visits.choose_sources(year, round(self.times(CLOSED) * FROM_VISITS), LAST_FILING - timedelta(days=1))
        sources = visits.make(year, self.now)
        self.end()
        self.begin(_("近期走访"), 0.5)
        today = localdate(self.now)
        before = quarter_of(quarter_of(today).first - timedelta(days=1)).first
        recent = visits.recent(max(before, date(YEAR + 1, 1, 1)), today)
        late = [plan for plan in recent if plan.on >= today - LATELY]
        visits.choose_sources(late, self.times(70), today)
        found = visits.make(recent, self.now)
        self.end()
        return sources, found


def tell_people(petitions: Petitions, now: datetime) -> None:
    """Notices of the last days, so that the bells are not empty."""
    for story in petitions.recent:
        for event in story.events:
            if event.at > now - UNREAD and event.step in STEPS:
                announce(story.petition, event, event.step, STEPS[event.step].tells)
