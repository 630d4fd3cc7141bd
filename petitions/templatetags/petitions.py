"""What pages of other apps show of petitions."""

from django import template
from django.utils.timezone import localtime

from petitions.models import Petition
from petitions.progress import as_promised

register = template.Library()
LATEST = 10


@register.simple_tag(takes_context=True)
def petitions_of(context, **of) -> list[Petition]:
    """The latest petitions of a record, as this reader may know: `{% petitions_of enterprise=enterprise as rows %}`."""
    now = context.get("now") or localtime()
    user = context["request"].user
    found = Petition.objects.visible_to(user, now).filter(**of)
    return as_promised(found.for_rows().newest_first()[:LATEST], user, now)
