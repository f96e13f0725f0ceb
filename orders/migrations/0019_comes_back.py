from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a client comes back, and when orders end, is asked for every order of a period; made beside running work."""

    atomic = False
    dependencies = [("orders", "0018_ready_and_bench")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY order_comes_back ON orders_order (client_id, submitted_at)",
            "DROP INDEX CONCURRENTLY order_comes_back",
            state_operations=[
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["client", "submitted_at"], name="order_comes_back"),
                ),
            ],
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY order_ends ON orders_order (ends_at)",
            "DROP INDEX CONCURRENTLY order_ends",
            state_operations=[
                migrations.AddIndex(model_name="order", index=models.Index(fields=["ends_at"], name="order_ends")),
            ],
        ),
    ]
