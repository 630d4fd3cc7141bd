"""REST doors of visits. Logging one may file a petition in the same save, so that door stands in `petitions.api`."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from directory.api import AFTER
from directory.rest import KeysetViewSet, page_of
from visits.models import Visit
from visits.serializers import VisitRowSerializer, VisitSerializer


class VisitDoors(KeysetViewSet):
    """The visits the asker may know of, newest first."""

    serializer_class = VisitSerializer
    lookup_field = "number"
    queryset = Visit.objects.none()

    def get_queryset(self):
        return Visit.objects.visible_to(self.request.user, timezone.now()).for_rows()

    @extend_schema(responses=page_of(VisitRowSerializer), parameters=[AFTER])
    def list(self, request):
        self.serializer_class = VisitRowSerializer
        return self.keyset(self.get_queryset(), ["-visited_on", "-id"])

    def retrieve(self, request, number: str):
        return Response(self.get_serializer(self.get_object()).data)
