"""More roles: who was the secretariat is its lead."""

from django.db import migrations, models

LATER = {"secretariat": "lead"}
# The earlier table knows two roles: whoever changed the record, and whoever read it.
EARLIER = {"lead": "secretariat", "editor": "secretariat", "chair": "reader", "vice_chair": "reader"}


def rename(apps, roles):
    terms = apps.get_model("meetings", "RoleTerm").objects
    for old, new in roles.items():
        for term in terms.filter(role=old):
            known = {name: getattr(term, name) for name in ("person_id", "group_id", "from_day")}
            if terms.filter(role=new, **known).exists():
                term.delete()
            else:
                term.role = new
                term.save()


def forwards(apps, schema_editor):
    rename(apps, LATER)


def backwards(apps, schema_editor):
    rename(apps, EARLIER)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_revision_without_label")]

    operations = [
        migrations.AlterField(
            model_name="roleterm",
            name="role",
            field=models.CharField(
                choices=[
                    ("lead", "Secretariat lead"),
                    ("editor", "Editor"),
                    ("chair", "Chair"),
                    ("vice_chair", "Vice-Chair"),
                    ("reader", "Reader"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
