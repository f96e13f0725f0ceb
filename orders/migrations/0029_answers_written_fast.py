import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers are written while somebody waits. The index of the run alone says what `match_shift_once` says too; the
    masks are compressed already, and trying to do so once more takes as long as writing them."""

    atomic = False
    dependencies = [("orders", "0028_being_there_soon")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY orders_matchshift_run_id_240c89f1",
            "CREATE INDEX CONCURRENTLY orders_matchshift_run_id_240c89f1 ON orders_matchshift (run_id)",
            state_operations=[
                migrations.AlterField(
                    model_name="matchshift",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shifts",
                        to="orders.matchrun",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE orders_matchshift ALTER COLUMN masks SET STORAGE EXTERNAL",
            "ALTER TABLE orders_matchshift ALTER COLUMN masks SET STORAGE EXTENDED",
        ),
    ]
