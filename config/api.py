"""Where the REST doors stand: /api/v1/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from directory.api import EnterpriseViewSet, TokenView
from petitions.api import LogVisitDoors, PetitionDoors
from petitions.bulk_api import BulkDoors
from petitions.joint_api import ConferenceDoors

router = SimpleRouter()
router.register("petitions/bulk", BulkDoors, basename="bulk")
router.register("petitions", PetitionDoors, basename="petition")
router.register("conferences", ConferenceDoors, basename="conference")
router.register("visits", LogVisitDoors, basename="visit")
router.register("enterprises", EnterpriseViewSet, basename="enterprise")
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("token/", TokenView.as_view(), name="token"),
    *router.urls,
]
