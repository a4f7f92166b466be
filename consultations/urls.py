"""The addresses of open consultations by which people write; those to read are the roof's."""

from django.urls import path

from consultations.views import feeds, following

app_name = "consultations"

FOLLOW = "<slug:slug>/follow/"

urlpatterns = [
    path("<slug:slug>/consultations/feed.atom", feeds.rounds, name="feed"),
    path(
        "<slug:slug>/consultations/<slug:round_slug>/feed.atom",
        feeds.contributions,
        name="round_feed",
    ),
    path("<slug:slug>/calendar.ics", feeds.calendar, name="calendar"),
    path(FOLLOW, following.follow, name="follow"),
    path(f"{FOLLOW}asked/", following.asked, name="follow_asked"),
    path(f"{FOLLOW}confirm/<str:token>/", following.confirm, name="follow_confirm"),
    path(f"{FOLLOW}end/<str:token>/", following.end, name="follow_end"),
]
