"""REST doors: enterprises, and a token for those who sign in without a browser."""

from django.utils import timezone
from django.utils.timezone import localdate
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authtoken.views import ObtainAuthToken
from rest_framework.response import Response

from directory.models import Enterprise
from directory.parsers import SafeJSONParser
from directory.rest import KeysetViewSet, page_of
from directory.serializers import EnterpriseSerializer

AFTER = OpenApiParameter("after", str, description="the cursor in `next` of the page before")


class EnterpriseViewSet(KeysetViewSet):
    """The enterprises whose card the asker may open."""

    serializer_class = EnterpriseSerializer
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Z-]+"
    queryset = Enterprise.objects.none()

    def get_queryset(self):
        seen = Enterprise.objects.visible_to(self.request.user, localdate(timezone.now()))
        return seen.select_related("street")

    @extend_schema(
        responses=page_of(EnterpriseSerializer),
        parameters=[AFTER, OpenApiParameter("q", str, description="part of the name, pinyin initials, or code")],
    )
    def list(self, request):
        rows = self.get_queryset()
        if words := request.query_params.get("q", "").replace("\0", ""):
            rows = rows.named_like(words)
        return self.keyset(rows, ["pinyin", "id"])

    def retrieve(self, request, code: str):
        return Response(self.get_serializer(self.get_object()).data)


class TokenView(ObtainAuthToken):
    """A token for `Authorization: Token …`, against user name and password."""

    parser_classes = (SafeJSONParser,)
