"""The public addresses of groups and their meetings."""

from django.urls import path

from cwg.pages import views

app_name = "pages"

urlpatterns = [
    path("", views.start, name="start"),
    path("<slug:slug>/", views.group, name="group"),
    path("<slug:slug>/meetings/", views.meeting_list, name="meetings"),
    path("<slug:slug>/meetings/<slug:number>/", views.meeting, name="meeting"),
]
