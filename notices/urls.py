from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("events/", views.events, name="events"),
    path("notices/", views.inbox, name="inbox"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.read, name="read"),
]
