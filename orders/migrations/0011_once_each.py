from django.db import migrations, models


class Migration(migrations.Migration):
    """A repeating order is placed once a week, an industry has one profile; indexes are made beside running work."""

    atomic = False
    dependencies = [("orders", "0010_pending_offers")]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY one_order_a_recurring_week ON orders_order (recurring_id, recurring_week) "
            "WHERE recurring_id IS NOT NULL",
            "DROP INDEX CONCURRENTLY one_order_a_recurring_week",
            state_operations=[
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("recurring__isnull", False)),
                        fields=("recurring", "recurring_week"),
                        name="one_order_a_recurring_week",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY industry_profile_once ON orders_gateprofile (industry) "
            "WHERE NOT (industry = '')",
            "DROP INDEX CONCURRENTLY industry_profile_once",
            state_operations=[
                migrations.AddConstraint(
                    model_name="gateprofile",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("industry", ""), _negated=True),
                        fields=("industry",),
                        name="industry_profile_once",
                    ),
                ),
            ],
        ),
    ]
