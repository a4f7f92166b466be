"""The public addresses of reports."""

from django.urls import path, re_path

from cwg.report import views

app_name = "report"

urlpatterns = [
    path("<slug:group>/reports/", views.report_list, name="list"),
    re_path(
        r"^(?P<group>[-\w]+)/reports/(?P<slug>[-\w]+)\.(?P<ending>docx|pdf|txt)$",
        views.report_file,
        name="file",
    ),
    path("<slug:group>/reports/<slug:slug>/", views.report_read, name="report"),
]
