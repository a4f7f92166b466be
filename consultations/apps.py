from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save


class ConsultationsConfig(AppConfig):
    """Open consultations."""

    name = "consultations"
    verbose_name = "Open consultations"

    def ready(self) -> None:
        from consultations import models, naming  # they are there only now
        from consultations.models.consultation import follow_zone
        from meetings.history import keep_history_of
        from meetings.models import WorkingGroup

        # What a stakeholder writes is nobody's to read before it is sent, and e-mail addresses are
        # removed in time: a contribution has a history of its own (ContributionEvent).
        keep_history_of(
            self,
            apart=(
                models.Contribution, models.Organisation, models.Answer, models.Attachment,
                models.Redaction, models.Refusal, models.ContributionEvent,
                models.ContributionCount, models.Fingerprint, models.Subscription, models.Naming,
                models.NameKey,
                # written from a paragraph’s text, which is kept; a guest is an e-mail address
                models.Citation, models.SummaryGuest,
            ),
        )  # fmt: skip
        post_save.connect(follow_zone, sender=WorkingGroup, dispatch_uid="consultations.zone")

        def name_those_before(plan: Any = (), **kwargs: Any) -> None:
            """Name whom contributions name that were published before there were contributors."""
            if any(each.name == "0011_contributors" and not back for each, back in plan):
                naming.keep_missing()

        post_migrate.connect(
            name_those_before, sender=self, weak=False, dispatch_uid="consultations.naming"
        )
