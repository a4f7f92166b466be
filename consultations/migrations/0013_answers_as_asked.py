"""The answers of a contribution stand as the round asks: what is below a question follows it."""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("consultations", "0012_public_editions")]

    operations = [
        migrations.AlterModelOptions(
            name="answer",
            options={
                "ordering": (
                    "contribution",
                    Coalesce("question__parent__position", "question__position"),
                    models.OrderBy(models.F("question__parent_id"), nulls_first=True),
                    "question__position",
                    "pk",
                )
            },
        ),
    ]
