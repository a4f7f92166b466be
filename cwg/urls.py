"""Every address of the site. A group's addresses come last: they begin with its name."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

handler500 = "cwg.unreachable.failed"
urlpatterns: list[URLPattern | URLResolver] = [
    path("secretariat/", admin.site.urls),
    path("accounts/", include("cwg.accounts.urls")),
    path("desk/", include("meetings.urls_desk")),
    path("", include("meetings.urls")),
    path("", include("cwg.report.urls")),
    path("", include("consultations.urls")),
    path("", include("cwg.pages.urls")),
]
