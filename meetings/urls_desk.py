"""The addresses of the desk, below /desk/."""

from django.urls import path

from meetings.views.desk import home

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
]
