from django.urls import path

from notices import monitor, preferences, views

app_name = "notices"
urlpatterns = [
    path("events/", views.events, name="events"),
    path("notices/", views.inbox, name="inbox"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.read, name="read"),
    path("notices/preferences/", preferences.preferences, name="preferences"),
    path("notices/preferences/preview/", preferences.show_preview, name="preview"),
    path("notices/addresses/new/", preferences.new_address, name="new_address"),
    path("notices/addresses/<uuid:code>/test/", preferences.test_address, name="test_address"),
    path("notices/addresses/<uuid:code>/confirm/", preferences.confirm_address, name="confirm_address"),
    path("notices/addresses/<uuid:code>/remove/", preferences.remove_address, name="remove_address"),
    path("notices/operations/", monitor.operations, name="operations"),
    path("notices/operations/retry/", monitor.retry, name="retry"),
]
