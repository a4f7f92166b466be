"""The public addresses of groups and their meetings."""

from django.urls import path

from cwg.pages import consultations, views

app_name = "pages"

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:slug>/", views.group, name="group"),
    path("<slug:slug>/consultations/", consultations.consultation_list, name="consultations"),
    path(
        "<slug:slug>/consultations/<slug:round_slug>/",
        consultations.consultation,
        name="consultation",
    ),
    path(
        "<slug:slug>/contributions/<slug:key>/<int:number>/",
        consultations.contribution,
        name="contribution",
    ),
    path("<slug:slug>/meetings/", views.meeting_list, name="meetings"),
    path("<slug:slug>/meetings/<slug:number>/", views.meeting, name="meeting"),
]
