from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Open consultations."""

    name = "consultations"
    verbose_name = "Open consultations"

    def ready(self) -> None:
        from consultations import models
        from meetings.history import keep_history_of  # models are there only now

        # What a stakeholder writes is nobody's to read before it is sent, and e-mail addresses are
        # removed in time: a contribution has a history of its own (ContributionEvent).
        keep_history_of(
            self,
            apart=(
                models.Contribution, models.Organisation, models.Answer, models.Attachment,
                models.Redaction, models.Refusal, models.ContributionEvent,
                models.ContributionCount, models.Subscription,
            ),
        )  # fmt: skip
