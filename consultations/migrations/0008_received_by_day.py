"""How many contributions were received on each day, counted once for those that are there."""

from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import TruncDate


def count(apps, schema_editor):
    """Count the received contributions of each round by the day in its group's zone."""
    contributions = apps.get_model("consultations", "Contribution")
    counts = apps.get_model("consultations", "ContributionCount")
    for each in apps.get_model("consultations", "Consultation").objects.select_related("group"):
        received = contributions.objects.filter(consultation=each, received_at__isnull=False)
        day = TruncDate("received_at", tzinfo=ZoneInfo(each.group.zone))
        days = received.order_by().annotate(day=day).values_list("day").annotate(Count("pk"))
        counts.objects.bulk_create(
            counts(
                consultation=each, standing="", facet="day", value=on.isoformat(), number=number
            )
            for on, number in days
        )


def forget(apps, schema_editor):
    """Forget these counts."""
    apps.get_model("consultations", "ContributionCount").objects.filter(facet="day").delete()


class Migration(migrations.Migration):
    dependencies = [("consultations", "0007_form_that_began")]

    operations = [
        migrations.AlterField(
            model_name="contributioncount",
            name="standing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("draft", "Draft"),
                    ("sent", "Sent, address not confirmed"),
                    ("awaiting", "Awaiting the secretariat"),
                    ("published", "Published"),
                    ("passed", "Passed to the Group only"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                    ("merged", "Merged into another"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(count, forget),
    ]
