"""Open consultations: their rounds and questions."""

from consultations.models.consultation import (
    Consultation,
    ConsultationTopic,
    Extension,
    Question,
)

__all__ = ["Consultation", "ConsultationTopic", "Extension", "Question"]
