"""The times of a commitment go with it; the index is built beside running work."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("workers", "0007_commitments")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY times_of_commitment ON workers_availabilityexception (commitment_id) "
            "WHERE commitment_id IS NOT NULL",
            "DROP INDEX CONCURRENTLY times_of_commitment",
            state_operations=[
                migrations.AddIndex(
                    model_name="availabilityexception",
                    index=models.Index(
                        condition=models.Q(("commitment__isnull", False)),
                        fields=["commitment"],
                        name="times_of_commitment",
                    ),
                ),
            ],
        ),
    ]
