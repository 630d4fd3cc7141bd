"""One step for several rows of a list: first what will happen, then what came of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from petitions.bulk import BULK, carry_out, plans
from petitions.wording import ACTIONS


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """`step` names what to do, `numbers` the petitions. Done only once `confirmed` is sent, from the page that shows
    what will happen; a page that is sent twice does it once and answers the same."""
    now = timezone.now()
    step = request.POST.get("step", "")
    if step not in BULK:
        raise Http404
    context = {"step": step, "bulk": BULK[step], "action": ACTIONS[step], "now": now}
    confirmed = "confirmed" in request.POST
    form = BULK[step].form(request.POST, by=request.user, now=now)
    if form.is_valid() and confirmed:
        outcomes = carry_out(step, form)
        done = sum(one.done for one in outcomes)
        context |= {"outcomes": outcomes, "done": done, "refused": len(outcomes) - done}
        return render(request, "petitions/bulk_done.html", context)
    ticked = form.cleaned_data.get("numbers", [])
    context["faults"] = form.errors.pop("numbers", [])
    context["plans"] = list(plans(step, request.user, now, ticked))
    context["ready"] = sum(plan.may for plan in context["plans"])
    if not confirmed:
        form = BULK[step].form(by=request.user, now=now, initial={"numbers": ticked})
    return render(request, "petitions/bulk.html", context | {"form": form}, status=422 if confirmed else 200)
