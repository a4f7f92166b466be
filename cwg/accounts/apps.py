from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who signs in."""

    name = "cwg.accounts"
    label = "accounts"
    verbose_name = "Accounts"
