from django.urls import path, re_path

from visits import views

app_name = "visits"
NUMBER = r"^visits/(?P<number>V\d{8}-[0-9A-Z]{6})/"  # so that /visits/new/ and the like are nobody's number
urlpatterns = [
    path("visits/", views.visits, name="visits"),
    path("visits/enterprises/", views.enterprises, name="enterprises"),
    re_path(NUMBER + "$", views.visit, name="visit"),
    re_path(NUMBER + r"photos/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/$", views.photo, name="photo"),
    re_path(r"^enterprises/(?P<code>[0-9A-Z-]{1,18})/$", views.enterprise, name="enterprise"),
]
