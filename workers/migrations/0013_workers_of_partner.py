"""Who came through a partner; the index is built beside running work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workers", "0012_applications")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY workers_of_partner ON workers_worker (partner_id) WHERE partner_id IS NOT NULL",
            "DROP INDEX CONCURRENTLY workers_of_partner",
            state_operations=[
                migrations.AddIndex(
                    model_name="worker",
                    index=models.Index(
                        condition=models.Q(("partner__isnull", False)), fields=["partner"], name="workers_of_partner"
                    ),
                ),
            ],
        ),
    ]
