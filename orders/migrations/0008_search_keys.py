from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from staffing.core import fields


def fill(apps: Any, schema_editor: Any) -> None:
    fields.fill(apps.get_model("orders", "Client"))


class Migration(migrations.Migration):
    """Keys for the clients of before, and the index over the titles of orders, beside running work."""

    atomic = False
    dependencies = [("orders", "0007_search")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY order_search ON orders_order USING gin (search_words(title) gin_trgm_ops)",
            "DROP INDEX CONCURRENTLY order_search",
            state_operations=[
                migrations.AddIndex(
                    model_name="order",
                    index=GinIndex(
                        OpClass(
                            fields.SearchWords("title"), name="gin_trgm_ops"
                        ),
                        name="order_search",
                    ),
                ),
            ],
        ),
    ]
