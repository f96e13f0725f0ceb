import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Every change of a place or an order writes all of its indexes; these two say what a longer one begins with."""

    atomic = False
    dependencies = [("orders", "0029_answers_written_fast")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY orders_order_client_id_67117a15",
            "CREATE INDEX CONCURRENTLY orders_order_client_id_67117a15 ON orders_order (client_id)",
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="client",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="orders.client",
                        verbose_name="客户",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY orders_position_shift_id_99e4b01c",
            "CREATE INDEX CONCURRENTLY orders_position_shift_id_99e4b01c ON orders_position (shift_id)",
            state_operations=[
                migrations.AlterField(
                    model_name="position",
                    name="shift",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="orders.shift",
                    ),
                ),
            ],
        ),
    ]
