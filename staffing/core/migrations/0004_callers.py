import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers are remembered for callers that are no person, too; the index is made beside running work."""

    atomic = False
    dependencies = [("core", "0003_search_keys")]

    operations = [
        migrations.AddField(
            model_name="idempotencyrecord",
            name="caller",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AlterField(
            model_name="idempotencyrecord",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY idempotency_once_a_caller ON core_idempotencyrecord (caller, key) "
            "WHERE NOT (caller = '')",
            "DROP INDEX CONCURRENTLY idempotency_once_a_caller",
            state_operations=[
                migrations.AddConstraint(
                    model_name="idempotencyrecord",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("caller", ""), _negated=True),
                        fields=("caller", "key"),
                        name="idempotency_once_a_caller",
                    ),
                ),
            ],
        ),
    ]
