"""Open consultations: their rounds and questions, what is sent to them, who follows them."""

from consultations.models.consultation import (
    Consultation,
    ConsultationTopic,
    Extension,
    FormerAddress,
    Question,
)
from consultations.models.contribution import (
    OPEN,
    RECEIVED,
    UNCONFIRMED,
    Answer,
    Attachment,
    Contribution,
    ContributionCount,
    ContributionEvent,
    Fingerprint,
    Organisation,
    Redaction,
    Refusal,
    StakeholderGroup,
    Standing,
)
from consultations.models.subscription import Subscription

__all__ = [
    "OPEN",
    "RECEIVED",
    "UNCONFIRMED",
    "Answer",
    "Attachment",
    "Consultation",
    "ConsultationTopic",
    "Contribution",
    "ContributionCount",
    "ContributionEvent",
    "Extension",
    "Fingerprint",
    "FormerAddress",
    "Organisation",
    "Question",
    "Redaction",
    "Refusal",
    "StakeholderGroup",
    "Standing",
    "Subscription",
]
