"""The addresses of open consultations by which people write; those to read are the roof's."""

from django.urls import path

from consultations.views import contributor, feeds, files, following, receipt, summary_draft

app_name = "consultations"

ROUND, OWN = "<slug:slug>/consultations/<slug:round_slug>/", "<slug:slug>/contribute/<str:token>/"

FOLLOW = "<slug:slug>/follow/"

urlpatterns = [
    path("<slug:slug>/consultations/feed.atom", feeds.rounds, name="feed"),
    path(
        "<slug:slug>/consultations/<slug:round_slug>/feed.atom",
        feeds.contributions,
        name="round_feed",
    ),
    path("<slug:slug>/calendar.ics", feeds.calendar, name="calendar"),
    path(
        "<slug:slug>/meetings/<slug:number>/meeting.ics",
        feeds.meeting_calendar,
        name="meeting_calendar",
    ),
    path(FOLLOW, following.follow, name="follow"),
    path(f"{FOLLOW}asked/", following.asked, name="follow_asked"),
    path(f"{FOLLOW}confirm/<str:token>/", following.confirm, name="follow_confirm"),
    path(f"{FOLLOW}end/<str:token>/", following.end, name="follow_end"),
    path(
        "<slug:slug>/draft-summary/<str:token>/", summary_draft.draft_summary, name="draft_summary"
    ),
    path(f"{ROUND}contribute/", contributor.begin, name="contribute"),
    path(f"{ROUND}questions.docx", files.questions_file, name="questions_file"),
    path(OWN, receipt.own, name="own"),
    path(f"{OWN}about-you/", contributor.about_you, name="about_you"),
    path(f"{OWN}answers/", contributor.answers, name="answers"),
    path(f"{OWN}send/", contributor.send, name="send"),
    path(f"{OWN}withdraw/", receipt.withdraw, name="withdraw"),
    path(f"{OWN}confirm/", receipt.confirm, name="confirm"),
    path(f"{OWN}files/<int:file>/", files.own_file, name="own_file"),
    path(
        "<slug:slug>/contributions/<slug:key>/<int:number>/files/<int:file>/",
        files.attachment,
        name="attachment",
    ),
]
