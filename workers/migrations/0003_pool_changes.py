"""The log of what matching reads, and the triggers on the pool's own tables that write it."""

import django.db.models.functions.datetime
from django.db import migrations, models

import workers.models.changes
from workers.pool_changes import watch

WATCHED = [
    watch(
        "workers_worker",
        "worker",
        "id",
        [
            "user_id",
            "city_id",
            "latitude",
            "longitude",
            "max_km",
            "remote_ok",
            "stars",
            "reliability",
            "services_done",
            "clearance",
            "contract",
            "weekly_cap_minutes",
            "min_rest_minutes",
            "status",
        ],
    ),
    watch("workers_workerskill", "worker", "worker_id", ["skill_id", "level"]),
    watch("workers_workerlanguage", "worker", "worker_id", ["language_id", "level"]),
    watch("workers_workercertificate", "worker", "worker_id", ["type_id", "expires_on"]),
    watch("workers_workercourse", "worker", "worker_id", ["course_id", "valid_until"]),
    watch("workers_availabilitywindow", "worker", "worker_id", ["weekday", "start_minute", "end_minute"]),
    watch("workers_availabilityexception", "worker", "worker_id", ["kind", "start_at", "end_at"]),
    watch("core_user", "user", "id", ["is_active", "name"], ["UPDATE"]),
    watch("core_city", "all", None, ["code"]),
    watch("workers_skill", "all", None, ["code"]),
    watch("workers_language", "all", None, ["code"]),
    watch("workers_certificatetype", "all", None, ["code"]),
    watch("workers_course", "all", None, ["code"]),
    watch("workers_poolpolicy", "all", None, ["part_time_week_minutes", "fairness_days"]),
]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("workers", "0002_courses"),
    ]

    operations = [
        migrations.CreateModel(
            name="PoolChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("worker", "Worker"),
                            ("user", "User"),
                            ("shift", "Shift"),
                            ("order", "Order"),
                            ("site", "Site"),
                            ("all", "All"),
                        ],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("row_id", models.BigIntegerField(null=True, verbose_name="编号")),
                (
                    "xid",
                    workers.models.changes.TransactionId(
                        db_default=models.Func(function="pg_current_xact_id"),
                        db_index=True,
                        editable=False,
                        verbose_name="事务",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "人员变动",
                "verbose_name_plural": "人员变动",
            },
        ),
        *(migrations.RunSQL(forward, backward) for forward, backward in WATCHED),
    ]
