"""What each grade of a soft skill looks like, to begin with."""

from django.db import migrations

from workers import rubric


def fill(apps, schema_editor):
    model = apps.get_model("workers", "RubricGrade")
    model.objects.bulk_create((model(**row) for row in rubric.rows()), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("workers", "0020_papers_seen")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
