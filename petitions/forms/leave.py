"""What is filled in to ask for more time, to grant it, and to answer pressure."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.fields import DayField, LineField, PickField
from directory.parties import LEADER
from petitions.forms.base import DecidingForm, StepForm, attachments, short
from petitions.process import CLOCKS
from petitions.wording import SuspendReason
from workdays.queries import current_calendar

MILESTONES, AT_ONCE = 8, 3  # milestones of a plan; so many are shown before more are asked for


class NothingToFillIn(DecidingForm):
    """What was asked for is granted as it stands; it is shown above."""


class RefuseForm(DecidingForm):
    note = short(_("不同意的理由"))


class AskSuspendForm(StepForm):
    reason = forms.ChoiceField(label=_("挂起理由"), choices=SuspendReason, widget=forms.RadioSelect)
    until_on = DayField(label=_("挂起至"))
    note = short(_("说明"), _("同意后企业会看到。"))
    files = attachments()

    def prepare(self) -> None:
        most = self.petition.standard.limit("suspension")
        self.fields["until_on"].widget.attrs["min"] = self.day.isoformat()
        if most is None:
            self.fields["until_on"].help_text = _now("到期自动恢复。")
            return
        latest = current_calendar().add_working_days(self.day, most.n)
        self.fields["until_on"].help_text = _now("最迟 %(day)s（%(n)d 个工作日），到期自动恢复。") % {
            "day": latest.isoformat(), "n": most.n,
        }  # fmt: skip
        self.fields["until_on"].widget.attrs["max"] = latest.isoformat()


class ResumeForm(StepForm):
    note = short(_("说明"), _("企业会看到。"), required=False)


class AskExtendForm(StepForm):
    clock = forms.ChoiceField(label=_("延长哪个时限"), widget=forms.RadioSelect)
    days = forms.IntegerField(label=_("延长的工作日"), min_value=1, max_value=99)
    note = short(_("延期理由"), _("同意后企业会看到。"))

    def prepare(self) -> None:
        most = self.petition.standard.limit("extend")
        self.fields["clock"].choices = [
            (one.clock, CLOCKS[one.clock].label) for one in self.petition.extendable(self.now)
        ]
        if most:
            self.fields["days"].help_text = _now("最多 %(n)d 个工作日。") % {"n": most.n}
            self.fields["days"].widget.attrs |= {"max": most.n}


class AskParkForm(StepForm):
    """The plan of a matter that takes long: who answers for it, and by when which part of it is done."""

    note = short(_("推进计划"), _("同意后企业会看到。"), most=2000, rows=5)
    responsible = PickField(label=_("责任领导"))
    made = frozenset({"milestones"})
    asides = frozenset(f"{part}_{n}" for n in range(1, MILESTONES + 1) for part in ("goal", "due_on"))

    layout = "petitions/_plan_fields.html"

    def prepare(self) -> None:
        self.fields["responsible"].offer(LEADER.people_at(None, self.day).order_by("name"), code="username")
        tomorrow = current_calendar().add_working_days(self.day, 1)
        for n in range(1, MILESTONES + 1):
            due_on = DayField(label=_now("里程碑 %(n)d 完成日期") % {"n": n}, required=n == 1)
            due_on.widget.attrs |= {"min": tomorrow.isoformat()}
            goal = LineField(label=_now("里程碑 %(n)d 目标") % {"n": n}, required=n == 1, max_length=200)
            self.fields |= {f"due_on_{n}": due_on, f"goal_{n}": goal}

    @property
    def plan_hint(self) -> str:
        most = self.petition.standard.limit("milestone")
        apart = _now("各节点相隔不超过 %(n)d 个工作日，") % {"n": most.n} if most else ""
        return apart + _now("最长 6 个月；最后一个里程碑以正式答复完成。")

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The first milestones, shown at once."""
        return [self.pair(n) for n in range(1, AT_ONCE + 1)]

    @property
    def more_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [self.pair(n) for n in range(AT_ONCE + 1, MILESTONES + 1)]

    @property
    def has_more(self) -> bool:
        """Is something written, or wrong, in those that are folded away?"""
        return any(bound.data or bound.errors for pair in self.more_pairs for bound in pair)

    def pair(self, n: int) -> tuple[forms.BoundField, forms.BoundField]:
        return self[f"due_on_{n}"], self[f"goal_{n}"]

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        plan: list[tuple[date, str]] = []
        for n in range(1, MILESTONES + 1):
            day, goal = fields.get(f"due_on_{n}"), fields.get(f"goal_{n}")
            if day and goal:
                plan.append((day, goal))
            elif (day or goal) and n > 1:
                missing = f"due_on_{n}" if goal else f"goal_{n}"
                self.add_error(missing, _now("日期和目标须同时填写。"))
        return fields | {"milestones": plan}

    def refuse(self, wrong) -> None:
        """What is wrong with the plan stands at its first line."""
        if hasattr(wrong, "error_dict") and "milestones" in wrong.error_dict:
            self.add_error("due_on_1", wrong.error_dict.pop("milestones"))
        if not hasattr(wrong, "error_dict") or wrong.error_dict:
            super().refuse(wrong)


class AchieveForm(StepForm):
    note = short(_("完成情况"), _("企业会看到。"), most=2000, rows=5)
    files = attachments()


class SuperviseForm(StepForm):
    level = forms.TypedChoiceField(label=_("督办等级"), coerce=int, widget=forms.RadioSelect)
    note = short(_("督办要求"), _("承办单位须在一个工作日内答复。"), most=2000, rows=5)

    def prepare(self) -> None:
        above = self.petition.supervision_level
        self.fields["level"].choices = [(n, words) for n, words in LEVELS.items() if n > above]


LEVELS = {
    1: _("一级：督办单，责成负责人答复"),
    2: _("二级：黄牌警示"),
    3: _("三级：联席会议研究，红牌"),
    4: _("四级：移交系统外处理"),
}
