"""Compute for the rounds there are when they open and close, as saving one does from now on."""

import zoneinfo
from datetime import UTC, datetime, time, timedelta

from django.db import migrations


def _midnight(day, zone):
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def compute(apps, schema_editor):
    for row in apps.get_model("consultations", "Consultation").objects.select_related("group"):
        zone = zoneinfo.ZoneInfo(row.group.zone)
        first = row.opens_day or row.opens_month
        row.opens_from = row.opens_at or (_midnight(first, zone) if first else None)
        last = row.extensions.order_by("now").last()
        if last is not None:
            row.closed_from = last.now
        elif row.closes_at is not None:
            row.closed_from = row.closes_at
        elif row.closes_day is not None:
            row.closed_from = _midnight(row.closes_day + timedelta(days=1), zone)
        elif row.closes_month is not None:
            after = (row.closes_month + timedelta(days=32)).replace(day=1)
            row.closed_from = _midnight(after, zone)
        row.save(update_fields=["opens_from", "closed_from"])


class Migration(migrations.Migration):
    dependencies = [("consultations", "0003_contributions")]
    operations = [migrations.RunPython(compute, migrations.RunPython.noop, elidable=True)]
