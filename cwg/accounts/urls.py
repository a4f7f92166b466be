"""The addresses at which people sign in. There is none at which they sign up by themselves."""

from allauth.account import views
from django.urls import include, path, re_path

from cwg.accounts.views import invitation, view_as, view_as_stop

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    # allauth's pages name this address; its page says that accounts are made by the secretariat
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("invitation/<str:token>/", invitation, name="account_invitation"),
    path("view-as/", view_as, name="view_as"),
    path("view-as/stop/", view_as_stop, name="view_as_stop"),
    path("2fa/", include("allauth.mfa.urls")),
]
