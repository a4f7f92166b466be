"""The secretariat's admin site, put in the place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class SecretariatAdminConfig(AdminConfig):
    """Make every `admin.site` the secretariat's, without what nobody should see or need there."""

    default_site = "cwg.admin.SecretariatSite"

    def ready(self) -> None:
        """Register every app's pages, then take out those that others brought."""
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from auditlog.models import LogEntry
        from django.contrib.admin import site
        from django.contrib.auth.models import Group

        from cwg.changes import ChangeAdmin

        # Roles are terms here, not Django's groups; addresses stand with the account; what a second
        # factor is made of is secret, and removed where the account is.
        site.unregister([Group, EmailAddress, Authenticator])
        site.unregister(LogEntry)
        site.register(LogEntry, ChangeAdmin)
