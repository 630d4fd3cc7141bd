"""The list that is shown, as a file."""

import logging
from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from petitions.export import Reader, csv_parts, lines, xlsx_file
from petitions.lists import FilterForm
from petitions.models import Petition

log = logging.getLogger("petitions.export")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What `FilterForm` finds for this person, in the order of its list. format: xlsx, or csv."""
    now = timezone.now()
    form = FilterForm(request.GET, now=now, user=request.user)
    reader = Reader(request.user, now)
    rows = logged(lines(*form.listed(Petition.objects.visible_to(request.user, now)), reader), request, form.query)
    name = _("诉求-%(moment)s") % {"moment": f"{localtime(now):%Y%m%d-%H%M}"}
    if request.GET.get("format") == "csv":
        answer = StreamingHttpResponse(csv_parts(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
        return answer
    return FileResponse(xlsx_file(rows, reader), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def logged(rows: Iterator[list], request: HttpRequest, query: str) -> Iterator[list]:
    """The same rows; who took how many of which list is written down, also where the reader went away half way."""
    count = -1  # the heads
    try:
        for row in rows:
            count += 1
            yield row
    finally:
        log.info("export by %s: %d rows of “%s”", request.user.username, max(count, 0), query)
