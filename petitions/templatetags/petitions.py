"""What pages of other apps show of petitions."""

from django import template
from django.utils.timezone import localtime

from petitions.models import Petition

register = template.Library()
LATEST = 10


@register.simple_tag(takes_context=True)
def petitions_of(context, **of) -> list[Petition]:
    """The latest petitions of a record, as this reader may know: `{% petitions_of enterprise=enterprise as rows %}`."""
    now = context.get("now") or localtime()
    found = Petition.objects.visible_to(context["request"].user, now).filter(**of)
    return list(found.for_rows().newest_first()[:LATEST])
