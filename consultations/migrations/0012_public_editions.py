"""Which editions of a summary were published: not every one that was made before the latest."""

from typing import Any

from django.db import migrations, models

SHORT = {"original": "", "revision": "rev", "corrigendum": "corr"}


def keep_what_is_public(apps: Any, schema_editor: Any) -> None:
    """Keep as published what everybody reads now."""
    summary, edition = apps.get_model("consultations", "Summary"), apps.get_model("meetings", "Edition")
    for each in summary.objects.exclude(published_at=None).exclude(document=None):
        made = edition.objects.filter(
            document=each.document_id, language=each.language,
            finalised_at__lte=each.published_at,
        )  # fmt: skip
        each.public_editions = [
            f"{SHORT[series]}-{number}" if number else "original"
            for series, number in made.order_by("pk").values_list("series", "number")
        ]
        each.save(update_fields=["public_editions"])


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0011_contributors"),
        ("meetings", "0013_register"),
    ]

    operations = [
        migrations.AddField(
            model_name="summary",
            name="public_editions",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="The editions that were published, as their addresses end: original, rev-1.",
            ),
        ),
        migrations.RunPython(keep_what_is_public, migrations.RunPython.noop),
    ]
