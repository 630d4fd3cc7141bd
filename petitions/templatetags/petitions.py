"""What pages of other apps show of petitions."""

from django import template
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from petitions.models import Petition
from petitions.progress import as_promised
from petitions.tabs import clock_name

register = template.Library()
register.filter(clock_name)
LATEST = 10


@register.simple_tag(takes_context=True)
def petitions_of(context, **of) -> list[Petition]:
    """The latest petitions of a record, as this reader may know: `{% petitions_of enterprise=enterprise as rows %}`."""
    now = context.get("now") or localtime()
    user = context["request"].user
    found = Petition.objects.visible_to(user, now).filter(**of)
    return as_promised(found.for_rows().newest_first()[:LATEST], user, now)


@register.simple_tag(takes_context=True)
def waited(context, petition: Petition) -> str:
    """The gross clock in few words: how long since it was filed, or how long it took; it never stands still."""
    now = context.get("now") or localtime()
    ended = petition.closed_at or (now if petition.is_open else None)
    if ended is None:
        return ""
    passed = ended - petition.filed_at
    hours = int(passed.total_seconds()) // 3600
    if petition.closed_at:
        return ngettext("历时 %(n)d 天", "历时 %(n)d 天", passed.days) % {"n": passed.days} if passed.days else ""
    if passed.days:
        return ngettext("已 %(n)d 天", "已 %(n)d 天", passed.days) % {"n": passed.days}
    return ngettext("已 %(n)d 小时", "已 %(n)d 小时", hours) % {"n": hours} if hours > 0 else _("刚提交")
