"""The addresses of this room."""

from django.urls import path

from meetings.views import instruments

app_name = "meetings"

urlpatterns = [
    path("instruments/", instruments.instrument_list, name="instruments"),
    path("instruments/<slug:key>/", instruments.instrument, name="instrument"),
]
