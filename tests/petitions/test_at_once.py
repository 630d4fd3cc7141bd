"""Two people press at the same moment: one wins, the other is told, nothing is done twice."""

import threading

import pytest
from django.db import connection, transaction

from petitions import operations
from petitions.process import WrongStage
from tests.cast import at
from tests.petitions.stories import dispatched, filed

MONDAY = at("2026-06-08")


def meanwhile(act) -> tuple[threading.Thread, list]:
    """Begin `act` on a connection of its own; what it answered or refused with is in the list afterwards."""
    answers: list = []

    def run() -> None:
        try:
            answers.append(act())
        except WrongStage as refused:
            answers.append(refused)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def until_blocked(thread: threading.Thread) -> None:
    """Wait until somebody waits for what this transaction holds."""
    waiting = """SELECT EXISTS (SELECT FROM pg_locks theirs JOIN pg_locks ours USING (transactionid)
                 WHERE NOT theirs.granted AND ours.granted AND ours.pid = pg_backend_pid())"""
    with connection.cursor() as cursor:
        while thread.is_alive():
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            thread.join(0.02)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("catalogue")
class TestAtTheSameMoment:
    @pytest.mark.parametrize("standard", ["P0", "P2"])
    def test_the_second_of_two_dispatchers_is_told(self, lan, lantern, mei, pei, standard):
        petition = filed(lan, lantern, MONDAY)
        with transaction.atomic():
            dispatched(petition, mei, MONDAY, standard=standard)
            other, answers = meanwhile(lambda: dispatched(petition, pei, MONDAY, lead="CGJ"))
            until_blocked(other)
        other.join()
        assert isinstance(answers[0], WrongStage)
        petition.refresh_from_db()
        assert (petition.lead.code, petition.standard.code, petition.events.count()) == ("SWJ", standard, 2)

    def test_who_waited_sees_the_unit_of_now(self, lan, lantern, mei, wen):
        petition = filed(lan, lantern, MONDAY)
        with transaction.atomic():
            dispatched(petition, mei, MONDAY)
            other, answers = meanwhile(lambda: operations.accept(petition, wen, MONDAY, handler=wen))
            until_blocked(other)
        other.join()
        assert (answers[0].stage, answers[0].lead.code, answers[0].category.code) == ("accepted", "SWJ", "E2")
