"""The Member States and both systems of regions, from the files in meetings/data."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parents[1] / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def add(apps, schema_editor):
    region_model = apps.get_model("meetings", "Region")
    state_model = apps.get_model("meetings", "MemberState")
    regions = {}
    for row in rows("regions.csv"):
        region, _ = region_model.objects.get_or_create(
            system=row["system"],
            code=row["code"].lower(),
            defaults={
                "name": {"en": row["name"]},
                "seats": int(row["seats"]) if row["seats"] else None,
                "position": int(row["position"]),
            },
        )
        regions[row["system"], row["code"].lower()] = region
    for row in rows("member_states.csv"):
        state_model.objects.get_or_create(
            iso=row["iso"],
            defaults={
                "name": {"en": row["name"]},
                "long_name": {"en": row["long_name"]} if row["long_name"] else None,
                "administrative_region": regions[
                    "administrative", row["administrative_region"].lower()
                ],
                "region": regions["office", row["region"].lower()],
            },
        )


def remove(apps, schema_editor):
    apps.get_model("meetings", "MemberState").objects.all().delete()
    apps.get_model("meetings", "Region").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
