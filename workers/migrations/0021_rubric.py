"""What each grade of a soft skill looks like, to begin with."""

from django.db import migrations

from workers import rubric


def fill(apps, schema_editor):
    RubricGrade = apps.get_model("workers", "RubricGrade")
    RubricGrade.objects.bulk_create((RubricGrade(**row) for row in rubric.rows()), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("workers", "0020_papers_seen")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
