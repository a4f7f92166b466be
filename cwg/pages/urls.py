"""The public addresses of groups and their meetings."""

from django.urls import path, re_path

from cwg.pages import (
    consultations,
    contributors,
    data,
    repository,
    search,
    summaries,
    taken_along,
    views,
    years,
)

app_name = "pages"
ROUND = "<slug:slug>/consultations/<slug:round_slug>/"
SUMMARY = r"^(?P<slug>[-\w]+)/consultations/(?P<round_slug>[-\w]+)/summary"
EDITION = r"(?P<edition>original|rev-[0-9]+|corr-[0-9]+)"
ENDING = r"\.(?P<ending>docx|html|pdf|txt)$"

urlpatterns = [
    path("", views.start, name="start"),
    path("search/", search.search, name="search"),
    path("contributions/", repository.repository, name="all_repository"),
    path("contributions/feed.atom", taken_along.repository_feed, name="all_repository_feed"),
    path("contributions/data.<str:form>", taken_along.repository_data, name="all_repository_data"),
    path("contributions/dictionary/", data.dictionary, name="dictionary"),
    path("contributions/dictionary.json", data.dictionary_file, name="dictionary_file"),
    path("<slug:slug>/", views.group, name="group"),
    path("<slug:slug>/consultations/", consultations.consultation_list, name="consultations"),
    path(
        "<slug:slug>/consultations/<slug:round_slug>/",
        consultations.consultation,
        name="consultation",
    ),
    path("<slug:slug>/contributions/", repository.repository, name="repository"),
    path(
        "<slug:slug>/contributions/feed.atom", taken_along.repository_feed, name="repository_feed"
    ),
    path(
        "<slug:slug>/contributions/data.<str:form>",
        taken_along.repository_data,
        name="repository_data",
    ),
    path(f"{ROUND}data.<str:form>", data.of_round, name="round_data"),
    path(f"{ROUND}package.zip", data.round_package, name="round_package"),
    re_path(rf"{SUMMARY}/$", summaries.summary, name="summary"),
    re_path(rf"{SUMMARY}{ENDING}", summaries.summary_file, name="summary_file"),
    re_path(rf"{SUMMARY}/{EDITION}/$", summaries.summary, name="summary_edition"),
    re_path(rf"{SUMMARY}/{EDITION}{ENDING}", summaries.summary_file, name="summary_edition_file"),
    path(
        "<slug:slug>/contributions/<slug:key>/<int:number>/",
        consultations.contribution,
        name="contribution",
    ),
    path("<slug:slug>/contributors/", contributors.contributor_list, name="contributors"),
    path("<slug:slug>/contributors/<slug:key>/", contributors.contributor, name="contributor"),
    path("<slug:slug>/over-the-years/", years.over_the_years, name="over_the_years"),
    path("<slug:slug>/meetings/", views.meeting_list, name="meetings"),
    path("<slug:slug>/meetings/<slug:number>/", views.meeting, name="meeting"),
]
