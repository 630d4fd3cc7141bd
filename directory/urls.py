from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.SignOut.as_view(), name="logout"),
    path("choose/", views.choose, name="choose"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/password/", views.ChangePassword.as_view(), name="password"),
]
