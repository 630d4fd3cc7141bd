"""How the tests tell a petition's story: each function takes it to the stage of its name."""

from datetime import date, datetime
from uuid import uuid4

from directory.models import Enterprise, Unit, User
from petitions import operations
from petitions.models import Category, Petition


def filed(lan: User, lantern: Enterprise, now: datetime, title: str = "厂区门口积水", **words) -> Petition:
    words = {"body": "每逢暴雨厂门口积水半米，货车进不来。"} | words
    return operations.file(by=lan, now=now, key=uuid4(), enterprise=lantern, title=title, **words)[0]


def dispatched(
    petition: Petition, mei: User, now: datetime, lead="SWJ", standard="P2", helpers=(), category="E2"
) -> Petition:
    return operations.dispatch(
        petition, mei, now, lead=Unit.objects.get(code=lead), category=Category.objects.get(code=category),
        standard=standard, co_organisers=Unit.objects.filter(code__in=helpers),
    )  # fmt: skip


def replied(petition: Petition, wen: User, now: datetime, conclusion: str = "solved", **words) -> Petition:
    words = {"body": "已疏通雨水管并加装泵站。", "basis": "《深圳市排水条例》"} | words
    return operations.reply(petition, wen, now, conclusion=conclusion, **words)


def signed(petition: Petition, wen: User, zhao: User, now: datetime, conclusion: str = "solved", **words) -> Petition:
    """The reply of a key matter or a rework: drafted by one, signed by the head."""
    return operations.sign(drafted(petition, wen, now, conclusion, **words), zhao, now)


def drafted(petition: Petition, wen: User, now: datetime, conclusion: str = "solved", **words) -> Petition:
    words = {"body": "已疏通雨水管并加装泵站。", "basis": "《深圳市排水条例》"} | words
    return operations.submit(petition, wen, now, conclusion=conclusion, **words)


def parked(
    petition: Petition, shen: User, now: datetime, decision: str = "同意挂账，由区水务局按计划推进。"
) -> Petition:
    """What was asked for is granted by a conference, held and published by supervision."""
    held = operations.convene(by=shen, now=now, title="排涝专题会", held_at=now, chair="罗区长", petitions=[petition])
    held.agenda.update(decision=decision, verdict="approved")
    operations.publish(held, shen, now)
    return Petition.objects.get(pk=petition.pk)


def promised(petition: Petition, wen: User, now: datetime, on: date) -> Petition:
    return operations.interim(petition, wen, now, body="先清淤，再改造管网。", promised_on=on)


def rated(petition: Petition, lan: User, now: datetime, solved: str = "yes", satisfaction: int = 5) -> Petition:
    return operations.evaluate(petition, lan, now, solved=solved, contacted=True, satisfaction=satisfaction)
