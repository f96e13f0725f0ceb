from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from staffing.core import fields


def fill(apps: Any, schema_editor: Any) -> None:
    fields.fill(apps.get_model("core", "User"))


class Migration(migrations.Migration):
    """Keys for the people of before, then the index, beside running work."""

    atomic = False
    dependencies = [("core", "0002_search")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY user_search ON core_user USING gin (search_words(name) gin_trgm_ops, phone gin_trgm_ops, pinyin gin_trgm_ops)",
            "DROP INDEX CONCURRENTLY user_search",
            state_operations=[
                migrations.AddIndex(
                    model_name="user",
                    index=GinIndex(
                        OpClass(
                            fields.SearchWords("name"), name="gin_trgm_ops"
                        ),
                        OpClass("phone", name="gin_trgm_ops"),
                        OpClass("pinyin", name="gin_trgm_ops"),
                        name="user_search",
                    ),
                ),
            ],
        ),
    ]
