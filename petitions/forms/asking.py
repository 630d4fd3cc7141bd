"""What the enterprise is asked, after it has filed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.fields import LineField, WordsField
from petitions.forms.base import SEGMENTED, StepForm, attachments, short, yes_no
from petitions.models import Evaluation

SATISFACTION = [(1, _("很不满意")), (2, _("不满意")), (3, _("一般")), (4, _("满意")), (5, _("很满意"))]


class CorrectForm(StepForm):
    title = LineField(label=_("标题"), max_length=80)
    body = WordsField(label=_("内容"), max_length=5000, rows=8)

    def prepare(self) -> None:
        self.initial = {"title": self.petition.title, "body": self.petition.body} | self.initial


class SupplementForm(StepForm):
    body = WordsField(label=_("补正内容"), max_length=5000, rows=6)
    files = attachments()


class ObjectForm(StepForm):
    note = short(_("异议理由"), _("写明为什么应当受理；每件诉求可以提出一次。"), most=2000, rows=5)
    files = attachments()


class ProtestForm(StepForm):
    note = short(_("异议理由"), _("写明为什么不应挂起；分拨台和承办单位会看到。"), most=2000, rows=5)


class WithdrawForm(StepForm):
    note = short(_("撤回原因"))
    pressed = yes_no(_("是否有人要求您撤回？"), help_text=_("如有人要求撤回，督查人员会收到提醒。"))


class EvaluateForm(StepForm):
    solved = forms.ChoiceField(label=_("问题是否解决"), choices=Evaluation.Solved, widget=forms.RadioSelect(SEGMENTED))
    contacted = yes_no(_("承办单位是否联系过您"))
    satisfaction = forms.TypedChoiceField(
        label=_("满意度"), choices=SATISFACTION, coerce=int, widget=forms.RadioSelect({"data-look": "rating"})
    )
    comment = short(_("意见"), _("未解决或不满意的，请写明还差什么。"), required=False, most=2000)


class ReopenForm(StepForm):
    note = short(_("重启原因"), _("写明哪些问题仍未解决。"))


class UrgeForm(StepForm):
    note = short(_("催办内容"), _("承办单位须在一个工作日内答复。"), required=False)
