"""The addresses of the desk, below /desk/."""

from django.urls import path

from meetings.models import Document
from meetings.views.desk import (
    co_sponsors,
    delegation,
    documents,
    home,
    meetings,
    outcomes,
    participants,
    writing,
)

app_name = "desk"

STEPS = {"about": "about", "text": "text", "sources": "co-sponsors", "topic": "topic"}
LATER = {
    "revise": Document.Relation.REVISION, "add": Document.Relation.ADDENDUM,
    "correct": Document.Relation.CORRIGENDUM,
}  # fmt: skip
ONE = "<slug:slug>/documents/<int:pk>/"
MEETING = "<slug:slug>/meetings/<slug:meeting>/"
NUMBERED = f"{MEETING}documents/<slug:name>/"
NUMBERED_AFTER = f"{NUMBERED}<slug:later>/"
FILE = "<slug:language>.<slug:form>"

urlpatterns = [
    path("", home.home, name="home"),
    path("<slug:slug>/meetings/", meetings.meeting_list, name="meetings"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}documents.zip", meetings.archive, name="archive"),
    path(NUMBERED, meetings.document, name="meeting_document"),
    path(NUMBERED_AFTER, meetings.document, name="meeting_document_later"),
    path(f"{NUMBERED}{FILE}", meetings.document_file, name="meeting_document_file"),
    path(f"{NUMBERED_AFTER}{FILE}", meetings.document_file, name="meeting_document_later_file"),
    path(
        "<slug:slug>/meetings/<slug:number>/outcomes/",
        outcomes.draft_outcomes,
        name="draft_outcomes",
    ),
    path(
        "<slug:slug>/meetings/<str:number>/participants/",
        participants.participants,
        name="participants",
    ),
    path("co-sponsor/<str:token>/", co_sponsors.link, name="cosponsor_link"),
    path(
        "co-sponsor/<str:token>/files/<int:file>/",
        co_sponsors.link_file,
        name="cosponsor_link_file",
    ),
    path("<slug:slug>/documents/", documents.document_list, name="documents"),
    path("<slug:slug>/documents/begin/", writing.begin, name="document_begin"),
    path(ONE, documents.document, name="document"),
    path(f"{ONE}files/<int:file>/", documents.document_file, name="document_file"),
    *(
        path(f"{ONE}{name}/", writing.step, {"part": part}, name=f"document_{part}")
        for part, name in STEPS.items()
    ),
    path(f"{ONE}preview/", writing.preview, name="document_preview"),
    path(f"{ONE}check/", writing.check, name="document_check"),
    path(f"{ONE}delete/", writing.delete, name="document_delete"),
    path(f"{ONE}answer/", co_sponsors.answer, name="document_answer"),
    *(
        path(
            f"{ONE}{name}/", documents.later, {"relation": relation.value}, name=f"document_{name}"
        )
        for name, relation in LATER.items()
    ),
    path(f"{ONE}withdraw/", documents.withdraw, name="document_withdraw"),
    path("<slug:slug>/delegation/", delegation.delegation, name="delegation"),
    path("<slug:slug>/delegation/<int:pk>/remove/", delegation.remove, name="delegation_remove"),
]
