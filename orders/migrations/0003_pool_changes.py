"""Triggers on the tables that say what people have booked; they write the log of changes of the pool."""

from django.db import migrations

from workers.pool_changes import watch

WATCHED = [
    watch("orders_assignment", "worker", "worker_id", ["position_id", "status", "start_at", "end_at"]),
    watch("orders_position", "worker", "proposed_worker_id", ["shift_id", "status"]),
    watch("orders_shift", "shift", "id", ["order_id", "start_at", "end_at"], ["UPDATE"]),
    watch("orders_order", "order", "id", ["site_id", "remote"], ["UPDATE"]),
    watch("orders_site", "site", "id", ["latitude", "longitude"], ["UPDATE"]),
]


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_courses_and_runs"),
        ("workers", "0003_pool_changes"),
    ]

    operations = [migrations.RunSQL(forward, backward) for forward, backward in WATCHED]
