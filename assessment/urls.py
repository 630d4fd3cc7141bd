from django.urls import path

from assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views.board, name="board"),
    path("board/<slug:key>/", views.drill, name="drill"),
]
