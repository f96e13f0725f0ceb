from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

from staffing.core import fields


def fill(apps: Any, schema_editor: Any) -> None:
    fields.fill(apps.get_model("workers", "Application"))


class Migration(migrations.Migration):
    """Keys for the applications of before, then the index, beside running work."""

    atomic = False
    dependencies = [("workers", "0022_least_events"), ("core", "0003_search_keys")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="pinyin",
            field=models.TextField(
                blank=True, db_default="", default="", editable=False, verbose_name="拼音"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY application_search ON workers_application USING gin (search_words(name) gin_trgm_ops, phone gin_trgm_ops, pinyin gin_trgm_ops)",
            "DROP INDEX CONCURRENTLY application_search",
            state_operations=[
                migrations.AddIndex(
                    model_name="application",
                    index=GinIndex(
                        OpClass(fields.SearchWords("name"), name="gin_trgm_ops"),
                        OpClass("phone", name="gin_trgm_ops"),
                        OpClass("pinyin", name="gin_trgm_ops"),
                        name="application_search",
                    ),
                ),
            ],
        ),
    ]
