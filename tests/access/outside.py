"""A petition at every stage, on ways that leave a marked word in every field that is the offices' own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from directory.models import Unit
from petitions import operations as ops
from petitions.models import AgendaItem, Conference, Petition
from petitions.process import Stage
from tests.cast import make_unit
from tests.petitions.stories import filed

SECRET = "密语"
DAY = timedelta(days=1)


@dataclass
class Way:
    """Walks one petition along, one hour for each step. planted: the marks its internal fields hold by now."""

    cast: dict
    now: datetime
    planted: set[str] = field(default_factory=set)
    petition: Petition | None = None

    def mark(self, place: str) -> str:
        self.planted.add(f"{SECRET}·{place}")
        return f"{SECRET}·{place}"

    def take(self, step: str, who: str | None, **words) -> "Way":
        self.now += timedelta(minutes=20)
        user = self.cast[who] if who else None
        self.petition = ops.OPERATIONS[step](self.petition, user, self.now, **words)
        return self

    def file(self) -> "Way":
        self.petition = filed(self.cast["lan"], self.cast["lantern"], self.now)
        words = {"reason": "outside powers", "guidance": self.mark("guidance")}
        self.take("propose_decline", "mei", **words)
        return self.take("keep", "pei", note=self.mark("keep"))

    def dispatch(self, standard: str = "P3") -> "Way":
        category, lead = self.cast["category"], Unit.objects.get(code="SWJ")
        words = {"category": category, "lead": lead, "co_organisers": [make_unit("JTJ")], "standard": standard}
        return self.take("dispatch", "mei", note=self.mark("instruction"), **words)

    def contest(self) -> "Way":
        return self.take("contest", "zhao", note=self.mark("contest"), proposed=make_unit("GXJ"))

    def appeal(self) -> "Way":
        self.contest().take("uphold", "mei", note=self.mark("uphold"))
        return self.take("appeal", "zhao", note=self.mark("appeal"), proposed=make_unit("GXJ"))

    def accept(self) -> "Way":
        self.appeal().take("rule", "pan", lead=Unit.objects.get(code="SWJ"), note="按三定方案由水务部门办理。")
        self.take("accept", "wen", note="马上到现场查看。")
        self.take("reassign", "wen", handler=self.cast["xu"], note=self.mark("handover"))
        self.take("consult", "wen", units=[make_unit("JTJ"), make_unit("FGJ")], question=self.mark("question"))
        paper = SimpleUploadedFile(f"{SECRET}.txt", b"x", "text/plain")
        return self.take("advise", "rui", answer=self.mark("advice"), files=[paper])

    def pressed(self) -> "Way":
        self.accept().take("supervise", "shen", level=1, note=self.mark("order"))
        self.take("respond", "wen", note=self.mark("answer to the order"))
        decided = {"conference": "HY-1", "note": self.mark("decision"), "owner": make_unit("FGJ"), "due_on": None}
        self.take("resolve", "shen", **decided)
        until = localdate(self.now) + 5 * DAY
        words = {"reason": "waiting for material", "until_on": until, "note": self.mark("suspension")}
        self.take("ask_suspend", "wen", **words).take("refuse_suspend", "mei", note=self.mark("no suspension"))
        self.take("ask_extend", "wen", clock="close", days=2, note=self.mark("extension"))
        self.take("refuse_extend", "mei", note=self.mark("no extension"))
        self.ask_park(self.mark("plan"), self.mark("goal"))
        return self.take("refuse_park", "shen", note=self.mark("no parking"))

    def ask_park(self, note: str, goal: str) -> "Way":
        plan = [(localdate(self.now) + 9 * DAY, goal), (localdate(self.now) + 18 * DAY, "管网改造完工")]
        return self.take("ask_park", "zhao", note=note, responsible=self.cast["luo"], milestones=plan)

    def park(self) -> "Way":
        self.pressed().ask_park("分两期改造管网。", "完成清淤")
        held = Conference.objects.create(
            number="HY-2", title="会商", held_at=self.now, chair="罗区长", convened_by=self.cast["shen"],
            convened_at=self.now, published_by=self.cast["shen"], published_at=self.now + timedelta(minutes=1),
            remarks=SECRET,
        )  # fmt: skip
        said = {"decision": SECRET, "question": SECRET, "verdict": "approved"}
        AgendaItem.objects.create(conference=held, petition=self.petition, **said)
        return self.take("park", "luo")

    def suspend(self) -> "Way":
        words = {"reason": "waiting for material", "until_on": localdate(self.now) + 5 * DAY, "note": "等检测报告。"}
        return self.pressed().take("ask_suspend", "wen", **words).take("suspend", "mei")

    def submit(self, body: str, basis: str) -> "Way":
        waiver = self.mark("waiver")
        return self.take("submit", "wen", conclusion="solved", body=body, basis=basis, waiver=waiver)

    def draft(self) -> "Way":
        return self.pressed().submit(self.mark("draft"), self.mark("basis"))

    def reply(self) -> "Way":
        self.draft().take("send_back", "zhao", note=self.mark("sent back"))
        self.take("submit", "wen", conclusion="solved", body="已清淤。", basis="《深圳市排水条例》")
        return self.take("sign", "zhao", note=self.mark("remark"))

    def rate(self, solved: str, satisfaction: int) -> "Way":
        return self.reply().take("evaluate", "lan", solved=solved, contacted=True, satisfaction=satisfaction)

    def merge(self) -> "Way":
        other = filed(self.cast["lan"], self.cast["lantern"], self.now, title="同一件事")
        return self.file().take("merge", "mei", master=other, note="同一事项。")


def refused(way: Way) -> Way:
    words = {"reason": "outside powers", "guidance": "请向市水务局反映。"}
    return way.file().take("propose_decline", "mei", **words).take("decline", "pei")


def transferred(way: Way) -> Way:
    return way.file().take("transfer", "mei", transferred_to="市水务局", receipt_number="SZ-88", note="属市级事权。")


WAYS: dict[str, Callable[[Way], Way]] = {
    Stage.FILED: lambda way: way.file(),
    Stage.INCOMPLETE: lambda way: way.file().take("clarify", "mei", note="缺少照片。"),
    Stage.DECLINED: refused,
    Stage.DISPATCHED: lambda way: way.file().dispatch(),
    Stage.CONTESTED: lambda way: way.file().dispatch().appeal(),
    Stage.ACCEPTED: lambda way: way.file().dispatch().pressed(),
    Stage.SUSPENDED: lambda way: way.file().dispatch().suspend(),
    Stage.SIGNING: lambda way: way.file().dispatch().draft(),
    Stage.REPLIED: lambda way: way.file().dispatch().reply(),
    Stage.REWORK: lambda way: way.file().dispatch().rate("no", 1),
    Stage.PARKED: lambda way: way.file().dispatch().park(),
    Stage.CLOSED: lambda way: way.file().dispatch().rate("yes", 5),
    Stage.WITHDRAWN: lambda way: way.file().dispatch().pressed().take("withdraw", "lan", note="不办了"),
    Stage.MERGED: lambda way: way.merge(),
    Stage.TRANSFERRED: transferred,
}
