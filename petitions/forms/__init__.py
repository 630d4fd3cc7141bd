"""What each step asks. A form's fields are the arguments of its operation; page and API fill in the same ones."""

from petitions.forms.asking import (
    CorrectForm,
    EvaluateForm,
    ObjectForm,
    ProtestForm,
    ReopenForm,
    SupplementForm,
    UrgeForm,
    WithdrawForm,
)
from petitions.forms.base import NOT_ANSWERING, KeyedForm, StepForm, attachments, categories, offer_categories, short
from petitions.forms.desk import (
    ClarifyForm,
    DeclineForm,
    DispatchForm,
    KeepForm,
    MergeForm,
    ProposeDeclineForm,
    ReclassifyForm,
    RedispatchForm,
    RuleForm,
    SplitForm,
    TransferForm,
    UpholdForm,
)
from petitions.forms.leave import (
    AchieveForm,
    AskExtendForm,
    AskParkForm,
    AskSuspendForm,
    NothingToFillIn,
    RefuseForm,
    ResumeForm,
    SuperviseForm,
)
from petitions.forms.unit import (
    AcceptForm,
    AdviseForm,
    ConsultForm,
    ContestForm,
    InterimForm,
    ReassignForm,
    ReplyForm,
    RespondForm,
    SendBackForm,
    SignForm,
    SubmitForm,
)

# Parking is granted or refused, and decisions are written back, by a conference (operations.conference), not by a form.
FORMS = {
    "correct": CorrectForm, "supplement": SupplementForm, "object": ObjectForm, "protest": ProtestForm,
    "withdraw": WithdrawForm, "evaluate": EvaluateForm, "reopen": ReopenForm, "urge": UrgeForm,
    "dispatch": DispatchForm, "clarify": ClarifyForm, "propose_decline": ProposeDeclineForm, "decline": DeclineForm,
    "keep": KeepForm, "merge": MergeForm, "split": SplitForm, "transfer": TransferForm, "reclassify": ReclassifyForm,
    "redispatch": RedispatchForm, "uphold": UpholdForm, "rule": RuleForm,
    "contest": ContestForm, "appeal": ContestForm, "accept": AcceptForm, "reassign": ReassignForm,
    "consult": ConsultForm, "advise": AdviseForm, "interim": InterimForm, "reply": ReplyForm, "submit": SubmitForm,
    "sign": SignForm, "send_back": SendBackForm, "respond": RespondForm,
    "ask_suspend": AskSuspendForm, "suspend": NothingToFillIn, "refuse_suspend": RefuseForm, "resume": ResumeForm,
    "ask_extend": AskExtendForm, "extend": NothingToFillIn, "refuse_extend": RefuseForm, "ask_park": AskParkForm,
    "achieve": AchieveForm, "supervise": SuperviseForm,
}  # fmt: skip

__all__ = [
    "FORMS", "NOT_ANSWERING", "AcceptForm", "DispatchForm", "EvaluateForm", "InterimForm", "KeyedForm", "ReplyForm",
    "StepForm", "attachments", "categories", "offer_categories", "short",
]  # fmt: skip
