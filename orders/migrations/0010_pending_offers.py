from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody is asked twice at once for one place; the index is made beside running work."""

    atomic = False
    dependencies = [("orders", "0009_waves")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY one_pending_offer",
            "CREATE UNIQUE INDEX CONCURRENTLY one_pending_offer ON orders_offer (position_id) WHERE status = 'pending'",
            state_operations=[migrations.RemoveConstraint(model_name="offer", name="one_pending_offer")],
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY pending_offer_once ON orders_offer (position_id, worker_id) "
            "WHERE status = 'pending'",
            "DROP INDEX CONCURRENTLY pending_offer_once",
            state_operations=[
                migrations.AddConstraint(
                    model_name="offer",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("position", "worker"),
                        name="pending_offer_once",
                    ),
                ),
            ],
        ),
    ]
