"""The public addresses of groups and their meetings."""

from django.urls import path

from cwg.pages import consultations, data, views

app_name = "pages"
ROUND = "<slug:slug>/consultations/<slug:round_slug>/"

urlpatterns = [
    path("", views.start, name="start"),
    path("contributions/dictionary/", data.dictionary, name="dictionary"),
    path("contributions/dictionary.json", data.dictionary_file, name="dictionary_file"),
    path("<slug:slug>/", views.group, name="group"),
    path("<slug:slug>/consultations/", consultations.consultation_list, name="consultations"),
    path(
        "<slug:slug>/consultations/<slug:round_slug>/",
        consultations.consultation,
        name="consultation",
    ),
    path(f"{ROUND}data.<str:form>", data.of_round, name="round_data"),
    path(f"{ROUND}package.zip", data.round_package, name="round_package"),
    path(
        "<slug:slug>/contributions/<slug:key>/<int:number>/",
        consultations.contribution,
        name="contribution",
    ),
    path("<slug:slug>/meetings/", views.meeting_list, name="meetings"),
    path("<slug:slug>/meetings/<slug:number>/", views.meeting, name="meeting"),
]
