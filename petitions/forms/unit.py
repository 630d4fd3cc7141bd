"""What the lead unit, its head and its co-organisers fill in."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.fields import DayField, LineField, PickField, PicksField, WordsField
from petitions.forms.base import SEGMENTED, DecidingForm, SigningForm, StepForm, attachments, by_kind, short
from petitions.models import Petition
from petitions.operations.unit import waits_for_answer


class ContestForm(StepForm):
    proposed = PickField(label=_("应由哪个单位办理"))
    note = short(_("退单依据"), _("写明职责划分的法规、三定方案或文件条款。"), most=2000, rows=5)
    files = attachments()

    def prepare(self) -> None:
        self.fields["proposed"].offer(self.other_units(), grouped=by_kind)


class AcceptForm(StepForm):
    handler = PickField(label=_("经办人"), required=False)
    note = short(_("给企业的话"), required=False)

    def prepare(self) -> None:
        self.fields["handler"].empty_label = _now("本人")
        self.fields["handler"].offer(self.own_people(), code="username")
        self.initial.setdefault("handler", self.by.username)


class ReassignForm(StepForm):
    handler = PickField(label=_("新的经办人"))
    note = short(_("交接说明"), required=False)

    def prepare(self) -> None:
        people = self.own_people().exclude(pk=self.petition.handler_id)
        self.fields["handler"].offer(people, code="username")


class ConsultForm(StepForm):
    units = PicksField(label=_("协办单位"), widget=forms.CheckboxSelectMultiple)
    question = WordsField(label=_("协办事项"), help_text=_("写明需要对方核实或提供什么。"), max_length=2000, rows=4)

    def prepare(self) -> None:
        self.fields["units"].offer(self.other_units())


class AdviseForm(StepForm):
    answer = WordsField(label=_("协办意见"), max_length=5000, rows=6)
    files = attachments()


class InterimForm(StepForm):
    body = WordsField(label=_("办理情况和计划"), max_length=5000, rows=6)
    promised_on = DayField(label=_("承诺日期"), help_text=_("在这一天之前给出最终答复。"))
    files = attachments()

    def prepare(self) -> None:
        self.fields["promised_on"].widget.attrs["min"] = self.day.isoformat()


class ReplyForm(StepForm):
    conclusion = forms.ChoiceField(
        label=_("结论"), choices=Petition.Conclusion, widget=forms.RadioSelect(SEGMENTED)
    )  # fmt: skip
    body = WordsField(label=_("答复内容"), max_length=5000, rows=8)
    basis = short(_("依据"), _("法规、政策文件的名称和条款。"), rows=2)
    waiver = LineField(label=_("不再等待协办单位的理由"), required=False, max_length=200)
    files = attachments()

    def prepare(self) -> None:
        """The waiver is asked for only where a co-organiser is still awaited."""
        waiting = [one.unit.label for one in self.petition.co_organisations.all() if not one.is_settled]
        if not waiting:
            del self.fields["waiver"]
        else:
            self.fields["waiver"].help_text = _now("%(units)s尚未答复；如不再等待，请写明理由。") % {
                "units": _now("、").join(waiting)
            }


class SubmitForm(ReplyForm):
    """The same reply, seen by the unit's head first."""


class SignForm(SigningForm):
    note = short(_("审签意见"), _("内部可见。"), required=False)


class SendBackForm(SigningForm):
    note = short(_("退回修改的理由"))


class RespondForm(DecidingForm):
    """Says who will read it; where that has changed since, nothing is sent before the writer knows."""

    note = short(_("答复"), most=2000, rows=5)
    read_by_all = _("写明现在办到哪一步、接下来做什么；企业会看到。")
    read_inside = _("写明现在办到哪一步、接下来做什么；督查室和有关单位会看到，企业看不到。")
    changed = _("答复前又有人催办或督办，请看清谁会看到答复后再提交。")

    def prepare(self) -> None:
        super().prepare()
        self.fields["note"].help_text = self.read_by_all if self.stands == "urge" else self.read_inside

    @property
    def stands(self) -> str:
        asked = waits_for_answer(self.petition)
        return "urge" if "urge" in asked else "supervise" if asked else ""
