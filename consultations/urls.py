"""The addresses of open consultations by which people write; those to read are the roof's."""

from django.urls import path

from consultations.views import contributor

app_name = "consultations"

ROUND, OWN = "<slug:slug>/consultations/<slug:round_slug>/", "<slug:slug>/contribute/<str:token>/"

urlpatterns = [
    path(f"{ROUND}contribute/", contributor.begin, name="contribute"),
    path(OWN, contributor.own, name="own"),
    path(f"{OWN}about-you/", contributor.about_you, name="about_you"),
    path(f"{OWN}answers/", contributor.answers, name="answers"),
    path(f"{OWN}send/", contributor.send, name="send"),
    path(f"{OWN}withdraw/", contributor.withdraw, name="withdraw"),
    path(f"{OWN}confirm/", contributor.confirm, name="confirm"),
]
