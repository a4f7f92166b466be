"""The addresses of this room."""

from django.urls import path

from meetings.views import documents, instruments

app_name = "meetings"

DOCUMENT = "<slug:slug>/documents/<slug:meeting>/<slug:name>/"
LATER = f"{DOCUMENT}<slug:later>/"
FILE = "<slug:language>.<slug:form>"

urlpatterns = [
    path("instruments/", instruments.instrument_list, name="instruments"),
    path("instruments/<slug:key>/", instruments.instrument, name="instrument"),
    path(DOCUMENT, documents.document, name="document"),
    path(LATER, documents.document, name="document_later"),
    path(f"{DOCUMENT}{FILE}", documents.document_file, name="document_file"),
    path(f"{LATER}{FILE}", documents.document_file, name="document_later_file"),
    path("<slug:slug>/meetings/<slug:number>/documents.zip", documents.archive, name="archive"),
]
