"""The secretariat's admin site, put in the place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class SecretariatAdminConfig(AdminConfig):
    """Make every `admin.site` the secretariat's."""

    default_site = "cwg.admin.SecretariatSite"
