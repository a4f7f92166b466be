"""The public addresses of reports."""

from django.urls import path, re_path

from cwg.report import views

app_name = "report"
EDITION = r"original|rev-[0-9]+|corr-[0-9]+"

urlpatterns = [
    path("<slug:group>/reports/", views.report_list, name="list"),
    re_path(
        r"^(?P<group>[-\w]+)/reports/(?P<slug>[-\w]+)\.(?P<ending>docx|html|pdf|txt)$",
        views.report_file,
        name="file",
    ),
    re_path(
        rf"^(?P<group>[-\w]+)/reports/(?P<slug>[-\w]+)/(?P<edition>{EDITION})/$",
        views.report_read,
        name="edition",
    ),
    re_path(
        rf"^(?P<group>[-\w]+)/reports/(?P<slug>[-\w]+)/(?P<edition>{EDITION})"
        r"\.(?P<ending>docx|html|pdf|txt)$",
        views.report_file,
        name="edition_file",
    ),
    path("<slug:group>/reports/<slug:slug>/", views.report_read, name="report"),
]
