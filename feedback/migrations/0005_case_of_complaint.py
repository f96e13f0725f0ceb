import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A case stands for a review or for a complaint; its unique key is made beside running work."""

    atomic = False
    dependencies = [("feedback", "0004_complaints")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    model_name="reviewcase",
                    name="complaint",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="feedback.complaint",
                    ),
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="reviewcase",
                    name="complaint",
                    field=models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case",
                        to="feedback.complaint",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY feedback_reviewcase_complaint_once ON feedback_reviewcase (complaint_id)",
            "DROP INDEX CONCURRENTLY feedback_reviewcase_complaint_once",
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("complaint__isnull", False), ("review__isnull", True)),
                    models.Q(("complaint__isnull", True), ("review__isnull", False)),
                    _connector="OR",
                ),
                name="case_one_reason",
            ),
        ),
    ]
