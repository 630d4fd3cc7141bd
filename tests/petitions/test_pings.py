"""Which pages a step wakes: heard on PostgreSQL itself, as the live process hears it."""

import select
from contextlib import closing
from datetime import timedelta

from django.utils import timezone

from directory.models import Unit
from notices.hub import connect
from notices.live import ping
from petitions import operations
from petitions.sweep import sweep
from tests.petitions.stories import dispatched, filed

END = "petition:END"


class Heard:
    """What was notified since it was last asked, people's own topics left out: one set of topics for each change."""

    def __init__(self, connection):
        self.connection = connection

    def changes(self) -> list[set[str]]:
        said: list[set[str]] = []
        ping(END)
        while {END} not in said:
            select.select([self.connection], [], [])
            self.connection.poll()
            said += [set(one.payload.split()) for one in self.connection.notifies]
            self.connection.notifies.clear()
        return [topics for topics in said[:-1] if not any(topic.startswith("me:") for topic in topics)]


def test_a_step_is_one_change_for_all_who_watch_it(transactional_db, catalogue, lan, lantern, mei, zhao):
    now = timezone.now() - timedelta(hours=1)
    with closing(connect()) as connection:
        heard = Heard(connection)
        petition = filed(lan, lantern, now)
        own = petition.live_topic
        assert heard.changes() == [{own, "desk"}]
        dispatched(petition, mei, now, helpers=("JTJ",))
        assert heard.changes() == [{own, "desk", "unit:SWJ", "unit:JTJ"}]
        operations.contest(petition, zhao, now, note="三定方案", proposed=Unit.objects.get(code="GXJ"))
        heard.changes()
        operations.redispatch(petition, mei, now, lead=Unit.objects.get(code="GXJ"), note="归工信")
        assert heard.changes() == [{own, "desk", "unit:SWJ", "unit:JTJ", "unit:GXJ"}]


def test_each_warned_clock_is_a_change_of_its_own(transactional_db, catalogue, lan, lantern, mei):
    now = timezone.now() - timedelta(days=30)
    first, second = (dispatched(filed(lan, lantern, now, title=title), mei, now) for title in ("路灯", "积水"))
    with closing(connect()) as connection:
        heard = Heard(connection)
        sweep(now + timedelta(days=29))
        told = heard.changes()
    assert {first.live_topic, "unit:SWJ"} in told
    assert {second.live_topic, "unit:SWJ"} in told
