"""The petitions of today in every other situation there is, told through the very operations that people use: what
`current.BEGUN` began goes on here, once it is stored."""

from datetime import datetime, time

from django.utils.timezone import localdate

from assessment.demonstration.current import Current
from directory.models import Unit, User
from petitions import operations as steps
from petitions.models import Petition, Reply

NOT_OURS = {"F1": "JTJ", "F4": "JTJ"}  # whose it is in the eyes of the unit that turns it away; the others: CGJ


class Situations:
    """One method for each group; hours are working hours before now."""

    def __init__(self, current: Current) -> None:
        self.current, self.ago = current, current.ago
        self.now, self.district = current.petitions.now, current.district
        self.calendar, self.rng, self.texts = current.calendar, current.rng, current.petitions.texts
        roles = self.district.by_role
        self.desk, self.second, self.supervisor = roles["desk"][0], roles["desk"][1], roles["supervision"][0]
        self.leader, self.panel = roles["leader"][0], roles["panel"][0]

    def tell(self) -> None:
        for part in (
            self.unclear, self.declined, self.contested, self.ruled, self.suspended, self.extended, self.signing,
            self.pressed, self.helped, self.parked, self.conference, self.ended,
        ):  # fmt: skip
            part()

    # --- Who and what -----------------------------------------------------------------------------------------------

    def begun(self, name: str) -> Petition:
        return Petition.objects.for_page().get(pk=self.current.begun[name].petition.pk)

    def say(self, kind: str, **slots) -> str:
        return self.texts.say(self.rng, kind, **slots)

    def unit(self, code: str) -> Unit:
        return self.district.units[code]

    def head(self, petition: Petition) -> User:
        return self.district.heads[petition.lead.code][0]

    def firm(self, petition: Petition) -> User:
        return self.district.speaker[petition.enterprise_id]

    def classed(self, name: str, standard: str, hours: float) -> Petition:
        """With another standard, as the desk decided then."""
        petition = self.begun(name)
        return steps.reclassify(
            petition, self.desk, self.ago(hours), category=petition.category, standard=standard, note="涉及多个单位"
        )

    def working_day(self, n: int):
        return self.calendar.add_working_days(localdate(self.now), n)

    # --- At the desk ------------------------------------------------------------------------------------------------

    def unclear(self) -> None:
        for name, hours in (("unclear", 2), ("vague", 8)):
            steps.clarify(self.begun(name), self.desk, self.ago(hours), note=self.say("clarify"))

    def declined(self) -> None:
        for name, asked, agreed in (("in court", 18, 15), ("objected", 11, 8)):
            words = {"reason": "in court", "guidance": self.say("decline")}
            petition = steps.propose_decline(self.begun(name), self.desk, self.ago(asked), **words)
            petition = steps.decline(petition, self.second, self.ago(agreed))
        steps.object(petition, self.firm(petition), self.ago(3), note=self.say("objection"))

    def contested(self) -> None:
        """Turned away once: the desk decides. A second time: the panel does. One found its unit so."""
        for name, asked in (("not ours", 2), ("not theirs", 3)):
            self.contest(name, asked)
        for name in ("still not ours", "still not theirs"):
            petition = steps.uphold(self.contest(name, 5.5), self.desk, self.ago(4.5), note=self.say("uphold"))
            self.appeal(petition, 2)
        petition = self.contest("handed on", 5)
        steps.redispatch(petition, self.desk, self.ago(4), lead=self.unit("SWJ"), note=self.say("redispatched"))

    def contest(self, name: str, hours: float) -> Petition:
        petition = self.begun(name)
        words = {"note": self.say("contest", place=petition.enterprise.park), "proposed": self.proposed(petition)}
        return steps.contest(petition, self.head(petition), self.ago(hours), **words)

    def appeal(self, petition: Petition, hours: float) -> Petition:
        words = {"note": self.say("appeal"), "proposed": self.proposed(petition)}
        return steps.appeal(petition, self.head(petition), self.ago(hours), **words)

    def proposed(self, petition: Petition) -> Unit:
        return self.unit(NOT_OURS.get(petition.category.code, "CGJ"))

    def ruled(self) -> None:
        petition = steps.uphold(self.contest("ruled", 13), self.desk, self.ago(12), note=self.say("uphold"))
        petition = self.appeal(petition, 11)
        steps.rule(petition, self.panel, self.ago(6), lead=self.unit("JTJ"), note=self.say("ruled"))

    # --- More time --------------------------------------------------------------------------------------------------

    def suspended(self) -> None:
        for name, asked, granted in (("halted", 8, 6), ("testing", 13, 11), ("may halt", 2, None)):
            petition, note = self.begun(name), self.say("suspended")
            reason, until_on = "waiting for an expert opinion", self.working_day(5)
            petition = steps.ask_suspend(
                petition, petition.handler, self.ago(asked), reason=reason, until_on=until_on, note=note
            )
            if granted:
                steps.suspend(petition, self.desk, self.ago(granted))
        petition = self.begun("halted")
        steps.protest(petition, self.firm(petition), self.ago(3), note=self.say("protest"))

    def extended(self) -> None:
        for name, hours in (("may extend", 2), ("extended", 12)):
            petition, words = self.begun(name), {"clock": "close", "days": 3, "note": self.say("extend")}
            petition = steps.ask_extend(petition, petition.handler, self.ago(hours), **words)
        steps.extend(petition, self.supervisor, self.ago(9))

    # --- With the unit ----------------------------------------------------------------------------------------------

    def signing(self) -> None:
        """Two wait for the head's signature; one of them says what was said to somebody else before."""
        petition = self.classed("drafted", "P3", 12)
        said = Reply.objects.filter(unit__code="SWJ", final=True, shown_at__isnull=False).exclude(petition=petition)
        body = said.latest("id").body
        words = {"conclusion": "explained", "basis": "《城镇排水与污水处理条例》", "waiver": self.say("waived")}
        steps.submit(petition, petition.handler, self.ago(3), body=body, **words)
        petition = self.begun("redrafted")
        steps.submit(petition, petition.handler, self.ago(1), body=self.say("drafted"), **words)

    def pressed(self) -> None:
        petition = self.begun("urged")
        steps.urge(petition, self.firm(petition), self.ago(2), note=self.say("urged"))
        steps.supervise(self.begun("ordered"), self.supervisor, self.ago(3), level=1, note=self.say("ordered"))

    def helped(self) -> None:
        """A co-organiser is late by its own clock while the lead unit is in time; in the second it is the Water
        bureau itself."""
        self.classed("slow helper", "P3", 39)
        for name, unit in (("slow helper", "CGJ"), ("slow ourselves", "SWJ")):
            petition = self.begun(name)
            plan = {"body": self.texts.plan(self.rng, petition.category.code), "promised_on": self.working_day(6)}
            petition = steps.interim(petition, petition.handler, self.ago(35), **plan)
            asked = {"units": [self.unit(unit)], "question": self.say("question")}
            steps.consult(petition, petition.handler, self.ago(33), **asked)

    # --- Over the units ---------------------------------------------------------------------------------------------

    def parked(self) -> None:
        """Asked for, decided in conference, published, and its first milestone reached."""
        petition = self.classed("parked", "P4", 58)
        plan = {"body": self.texts.plan(self.rng, "E2"), "promised_on": self.working_day(20)}
        petition = steps.interim(petition, petition.handler, self.ago(50), **plan)
        petition = self.ask_park(petition, 40)
        conference = self.convene("排水管网疑难诉求联席会议", self.ago(38), self.ago(20), [petition])
        item = {"decision": self.say("decided"), "verdict": "approved", "owner": self.unit("SWJ"), "due_on": None}
        words = {"remarks": "听取区水务局汇报，街道补充现场情况。", "items": {petition.number: item}}
        conference = steps.minute(conference, self.supervisor, self.ago(19), **words)
        steps.publish(conference, self.supervisor, self.ago(17))
        petition = self.begun("parked")
        steps.achieve(petition, petition.handler, self.ago(4), note=self.texts.progress(self.rng, "E2"))

    def ask_park(self, petition: Petition, hours: float) -> Petition:
        at = self.ago(hours)
        days = [self.calendar.add_working_days(localdate(at), n) for n in (12, 30, 48)]
        goals = [self.say(f"goal {which}") for which in ("first", "second", "last")]
        words = {
            "note": self.say("parked"),
            "responsible": self.leader,
            "milestones": list(zip(days, goals, strict=True)),
        }
        return steps.ask_park(petition, self.head(petition), at, **words)

    def convene(self, title: str, at: datetime, held_at: datetime, petitions: list[Petition]):
        words = {"chair": self.leader.name, "place": "区企业服务中心 201 会议室", "units": [self.unit("SY")]}
        return steps.convene(by=self.supervisor, now=at, title=title, held_at=held_at, petitions=petitions, **words)

    def conference(self) -> None:
        """The next one: a ticket to be parked, and a hard one that needs more time."""
        waiting = [self.ask_park(self.classed("may park", "P4", 15), 7)]
        hard = self.classed("hard", "P4", 11)
        words = {"clock": "close", "days": 10, "note": self.say("extend")}
        waiting.append(steps.ask_extend(hard, hard.handler, self.ago(8), **words))
        held_at = datetime.combine(self.working_day(2), time(15), self.calendar.zone)
        self.convene("本周疑难诉求联席会议", self.ago(6), held_at, waiting)

    # --- Elsewhere --------------------------------------------------------------------------------------------------

    def ended(self) -> None:
        master = self.begun("urged")
        steps.merge(self.begun("twice"), self.desk, self.ago(5), master=master, note=self.say("merged"))
        words = {"transferred_to": "国家税务总局深圳市税务局", "receipt_number": f"SZSW-{self.now.year}-00417"}
        steps.transfer(self.begun("elsewhere"), self.desk, self.ago(6), note=self.say("transferred"), **words)
