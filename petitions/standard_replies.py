"""The standard replies a step's form offers, put into its text. What is put in is a draft: a person sends it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate

from directory.fields import WordsField
from directory.models import User
from directory.parties import seats_of
from petitions.forms import FORMS, StepForm
from petitions.models import Petition, StandardReply
from petitions.parties import REPRESENTATIVE
from petitions.process import STEPS
from petitions.variables import day_words, filled


def text_of(step: str) -> str:
    """The field of the step's form that a standard reply goes into: its first text."""
    return next((name for name, field in FORMS[step].base_fields.items() if isinstance(field, WordsField)), "")


# Steps of the offices, with a text. A reply is worded alike whether or not the unit's head signs it first.
STEPS_WITH_REPLIES = tuple(
    step for step in FORMS if text_of(step) and REPRESENTATIVE not in STEPS[step].by and step != "submit"
)


@dataclass(frozen=True)
class Offer:
    """texts: the texts on offer by title, filled in for one petition; field: where they go."""

    field: str
    texts: dict[str, str]

    def put_in(self, title: str, typed: str = "") -> str:
        """The chosen text below what was typed, or in place of another standard reply that nobody changed."""
        chosen, typed = self.texts.get(title, ""), typed.strip()
        if not chosen or typed in self.texts.values():
            return chosen or typed
        return f"{typed}\n\n{chosen}" if typed else chosen


def offer(petition: Petition, step: str, by: User, now: datetime, promised: str = "") -> Offer | None:
    """What this person may choose from at this step today; None where there is nothing. promised: a day just typed."""
    kept = "reply" if step == "submit" else step
    if kept not in STEPS_WITH_REPLIES:
        return None
    units = frozenset().union(*seats_of(by, localdate(now)).units.values())
    rows = StandardReply.objects.valid_on(localdate(now)).filter(
        Q(category=None) | Q(category=petition.category_id), Q(unit=None) | Q(unit__in=units), step=kept
    )
    # The most particular first; of two with one title, that one is meant.
    rows = rows.order_by(F("unit").asc(nulls_last=True), F("category").asc(nulls_last=True), "title", "id")
    values = values_of(petition, by, now, promised)
    texts: dict[str, str] = {}
    for row in rows:
        texts.setdefault(row.title, filled(row.body, values))
    return Offer(text_of(step), texts) if texts else None


def values_of(petition: Petition, by: User, now: datetime, promised: str = "") -> dict[str, str]:
    """What stands for the variables in this petition."""
    return {
        "企业": petition.enterprise.name,
        "编号": petition.number,
        "标题": petition.title,
        "牵头单位": petition.lead.name if petition.lead else "",
        "经办人": (petition.handler or by).name,
        "承诺日期": day_words(day_in(promised) or petition.promised_on),
        "今天": day_words(localdate(now)),
    }


def day_in(text: str):
    """The day a field holds; None where it holds none yet."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def typed_in(form: StepForm, sent: QueryDict) -> dict[str, object]:
    """What a form was sent with, to be shown again unchecked."""
    return {name: field.widget.value_from_datadict(sent, {}, name) for name, field in form.fields.items()}
