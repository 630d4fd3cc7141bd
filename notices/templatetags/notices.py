"""What templates ask of notices: how many wait, and the quiet note that a page about something has been opened."""

from django import template

from notices.models import Notice

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context) -> int:
    """How many notices wait for the reader of this page, counted up to a hundred."""
    user = context["request"].user
    return Notice.objects.of(user).unread().counted() if user.is_authenticated else 0


@register.inclusion_tag("notices/_seen.html", takes_context=True)
def seen(context, about: str) -> dict:
    """On the page of that public number: its notices are read once the page is shown. `{% seen petition.number %}`"""
    return {"about": about, "request": context["request"], "csrf_token": context.get("csrf_token", "")}
