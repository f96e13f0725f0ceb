"""Somebody may be barred twice: by wish, and by a conflict of interest. The index is made beside running work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0024_circle"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY do_not_send_once_a_kind ON orders_donotsend (client_id, worker_id, kind)",
            "DROP INDEX CONCURRENTLY do_not_send_once_a_kind",
            state_operations=[
                migrations.AddConstraint(
                    model_name="donotsend",
                    constraint=models.UniqueConstraint(
                        fields=["client", "worker", "kind"], name="do_not_send_once_a_kind"
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="donotsend", name="do_not_send_once"),
    ]
