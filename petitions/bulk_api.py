"""REST doors for one step on many petitions: the same forms and operations as the pages, with a result for each."""

from collections.abc import Callable

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from directory.rest import described, form_data
from petitions.api import PROBLEMS, perform
from petitions.bulk import BULK, MOST, carry_out
from petitions.models import Petition


class OutcomeSerializer(serializers.Serializer):
    """done: taken, now or by the same `key` before; else `detail` says why not. The other rows are not affected."""

    number = serializers.CharField()
    done = serializers.BooleanField()
    detail = serializers.CharField(source="words")


class OutcomesSerializer(serializers.Serializer):
    results = OutcomeSerializer(many=True)


class BulkDoors(viewsets.GenericViewSet):
    """Up to a hundred petitions at once; each row succeeds or is refused for itself."""

    serializer_class = OutcomesSerializer
    queryset = Petition.objects.none()

    def take(self, request, step: str) -> Response:
        now = timezone.now()
        make = BULK[step].form
        form = make(form_data(request.data, make(by=request.user, now=now).fields), by=request.user, now=now)
        outcomes = perform(form, lambda words: carry_out(step, form))
        return Response({"results": OutcomeSerializer(outcomes, many=True).data})


def bulk_door(step: str) -> Callable:
    """POST /petitions/bulk/{step}/."""

    def take(self, request):
        return self.take(request, step)

    take.__name__ = f"take_{step}"
    take.__doc__ = f"{BULK[step].words}: `numbers` names the petitions; 200 whatever became of each row."
    numbers = serializers.ListField(child=serializers.CharField(max_length=24), min_length=1, max_length=MOST)
    words = described(BULK[step].form, f"Bulk{step.title()}", numbers=numbers)
    take = action(detail=False, methods=["post"], url_path=step, url_name=step)(take)
    return extend_schema(request=words, responses={200: OutcomesSerializer, 400: PROBLEMS[400]})(take)


for name in BULK:
    setattr(BulkDoors, f"take_{name}", bulk_door(name))
