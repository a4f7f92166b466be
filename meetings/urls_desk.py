"""The addresses of the desk, below /desk/."""

from django.urls import path

from meetings.views.desk import home, outcomes, participants

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path(
        "<slug:slug>/meetings/<slug:number>/outcomes/",
        outcomes.draft_outcomes,
        name="draft_outcomes",
    ),
    path(
        "<slug:slug>/meetings/<str:number>/participants/",
        participants.participants,
        name="participants",
    ),
]
