"""The addresses of open consultations by which people write; those to read are the roof's."""

from django.urls import path

from consultations.views import contributor, files, receipt

app_name = "consultations"

ROUND, OWN = "<slug:slug>/consultations/<slug:round_slug>/", "<slug:slug>/contribute/<str:token>/"

urlpatterns = [
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
