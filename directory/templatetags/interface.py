"""What templates need beyond Django's own tags: icons, badges, clocks, fields, and a title used twice."""

from datetime import datetime
from functools import cache

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workdays.queries import current_calendar
from workdays.wording import left_words

register = template.Library()
EMPTY = SafeString("")

# The colour of a stored value, wherever it is shown; the words beside it come from the enum that owns the value.
TONES = {
    "filed": "azure",
    "dispatched": "azure",
    "accepted": "blue",
    "rework": "orange",
    "replied": "purple",
    "closed": "green",
    "declined": "gray",
    "withdrawn": "gray",
    "solved": "green",
    "approved": "green",
    "refused": "orange",
    "yes": "green",
    "partly": "orange",
    "no": "red",
    "P0": "red",
    "P1": "orange",
}
# How a form control looks: by the `data-look` its widget carries, else by its kind.
LOOKS = {
    "textarea": "textarea",
    "select": "select",
    "selectmultiple": "select",
    "radioselect": "choices",
    "checkboxselectmultiple": "choices",
    "checkbox": "checkbox",
    "clearablefile": "file",
    "file": "file",
}
CONTROL_CLASSES = {
    "select": "form-select",
    "checkbox": "form-check-input",
    "switch": "form-check-input",
    "file": "file-input",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of deploy/icons.txt; without a label it is decoration and silent to screen readers."""
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon" width="20" height="20" {} focusable="false"><use href="{}#{}"></use></svg>',
        voice,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def badge(words: str, tone: str = "gray") -> SafeString:
    """A word on a soft ground; the colour repeats what the word says."""
    return format_html('<span class="badge tone-{}">{}</span>', tone or "gray", words)


@register.simple_tag
def state(record, field: str = "stage") -> SafeString:
    """A badge with the wording and colour of an enumerated field of the record."""
    value = getattr(record, field)
    return badge(wording(type(record), field).get(value, value), TONES.get(str(value), "gray")) if value else EMPTY


@cache
def wording(model: type, field: str) -> dict:
    """What each value of a field is called. Kept, words to be translated when shown: `get_…_display` makes it anew for
    each row, which costs more than drawing the row."""
    return dict(model._meta.get_field(field).flatchoices)


@register.filter
def tone(value) -> str:
    """The colour of a stored value."""
    return TONES.get(str(value), "gray")


@register.inclusion_tag("components/clock.html", takes_context=True)
def clock(context, due_at: datetime | None, warn_at: datetime | None = None, limit=None, *, full: bool = False) -> dict:
    """Working time left until `due_at`, red once late and orange from `warn_at` on. `now` is taken from the page."""
    now = context.get("now") or timezone.now()
    if due_at is None:
        return {"due_at": None}
    urgency = "late" if due_at < now else "soon" if warn_at and warn_at <= now else "calm"
    words = left_words(current_calendar(), now, due_at, limit)
    return {"due_at": due_at, "words": words, "urgency": urgency, "full": full}


@register.inclusion_tag("components/field.html")
def field(bound, **options) -> dict:
    """One form field in full: label, hint, control, error. Options: hide_label, placeholder, autofocus."""
    widget = bound.field.widget
    look = widget.attrs.get("data-look") or LOOKS.get(kind(widget), "input")
    return {"field": bound, "look": look, "control": control(bound, look, options), **options}


def kind(widget) -> str:
    return type(widget).__name__.lower().removesuffix("input")


def control(bound, look: str, options: dict) -> str:
    """The bare control with the classes of its look."""
    classes = [bound.field.widget.attrs.get("class", ""), CONTROL_CLASSES.get(look, "form-control")]
    attrs = {"class": " ".join(filter(None, [*classes, "is-invalid" if bound.errors else ""]))}
    attrs |= {name: options[name] for name in ("placeholder", "autofocus") if name in options}
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("components/errors.html")
def errors(*forms) -> dict:
    """The summary of what to correct in the forms of a page, each line a link to its field."""
    lines = [(bound, text) for form in forms if form for bound in form.visible_fields() for text in bound.errors]
    return {"lines": lines, "general": [text for form in forms if form for text in form.non_field_errors()]}


@register.filter
def anchor(bound) -> str:
    """The id a link to this field must point to: of the first choice where the field is a group."""
    group = getattr(bound.field.widget, "use_fieldset", False) and hasattr(bound.field.widget, "subwidgets")
    return f"{bound.auto_id}_0" if group and len(bound.subwidgets) > 0 else bound.auto_id


@register.filter
def share(value, whole) -> int:
    """`value` as a whole percentage of `whole`, between 0 and 100; 0 where there is nothing to divide."""
    try:
        return max(0, min(100, round(100 * value / whole)))
    except (TypeError, ZeroDivisionError):
        return 0


@register.filter
def from_top(share: str) -> int:
    """Where a column of this height (0–100) begins, counted from the top."""
    return 100 - int(share)


class KeepNode(Node):
    """Renders its content into a variable, so that a block can be shown in two places."""

    def __init__(self, nodelist: NodeList, name: str):
        self.nodelist, self.name = nodelist, name

    def render(self, context) -> str:
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return ""


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """{% keep page_title %}{% block title %}{% endblock %}{% endkeep %}"""
    _, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, name)
