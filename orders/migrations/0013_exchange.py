import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Shifts that workers claim and swap, strikes that they appeal."""

    dependencies = [
        ("orders", "0012_numbers_of_policy"),
        ("workers", "0005_position_consent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="orderpolicy",
            name="appeal_days",
            field=models.PositiveSmallIntegerField(db_default=14, default=14, verbose_name="违约后多少天内可申诉"),
        ),
        migrations.AddField(
            model_name="orderpolicy",
            name="claim_undo_minutes",
            field=models.PositiveSmallIntegerField(db_default=5, default=5, verbose_name="自选班次可撤回（分钟）"),
        ),
        migrations.AddField(
            model_name="orderpolicy",
            name="open_shift_hours",
            field=models.PositiveSmallIntegerField(
                db_default=72, default=72, verbose_name="开始前多少小时起公开空缺班次（0 为立即）"
            ),
        ),
        migrations.AddField(
            model_name="orderpolicy",
            name="strike_hours",
            field=models.PositiveSmallIntegerField(
                db_default=24, default=24, verbose_name="开始前多少小时以内取消记一次违约"
            ),
        ),
        migrations.AddField(
            model_name="orderpolicy",
            name="swap_asked",
            field=models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name="换班时通知多少人"),
        ),
        migrations.AddField(
            model_name="orderpolicy",
            name="swap_rule",
            field=models.CharField(
                choices=[("auto", "有人接手即生效"), ("dispatcher", "由调度批准")],
                db_default="dispatcher",
                default="dispatcher",
                max_length=12,
                verbose_name="换班规则",
            ),
        ),
        migrations.AddField(
            model_name="orderpolicy",
            name="swap_until_hours",
            field=models.PositiveSmallIntegerField(db_default=6, default=6, verbose_name="换班须在开始前多少小时完成"),
        ),
        migrations.AlterField(
            model_name="replacement",
            name="cause",
            field=models.CharField(
                choices=[
                    ("no_show", "未到岗"),
                    ("cancelled", "员工取消"),
                    ("released", "调度释放"),
                    ("swapped", "员工换班"),
                ],
                max_length=10,
                verbose_name="起因",
            ),
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField(default=1, verbose_name="级别")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "处理中"), ("accepted", "已撤销记录"), ("refused", "维持记录")],
                        default="open",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="申诉内容")),
                ("filed_at", models.DateTimeField(verbose_name="提交时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                ("decision", models.CharField(blank=True, max_length=300, verbose_name="处理理由")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="orders.assignment"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "申诉",
                "verbose_name_plural": "申诉",
                "ordering": ["filed_at", "id"],
                "indexes": [models.Index(fields=["status", "filed_at"], name="orders_appe_status_57b644_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "level"), name="one_appeal_a_level"),
                    models.CheckConstraint(condition=models.Q(("level__in", (1, 2))), name="appeal_level"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claimed_at", models.DateTimeField(verbose_name="抢班时间")),
                ("undo_until", models.DateTimeField(verbose_name="可撤回至")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claim", to="orders.assignment"
                    ),
                ),
            ],
            options={
                "verbose_name": "自选班次",
                "verbose_name_plural": "自选班次",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("undo_until__gte", models.F("claimed_at"))), name="claim_forward"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SwapRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "等人接手"),
                            ("taken", "待调度批准"),
                            ("done", "已换班"),
                            ("refused", "未批准"),
                            ("withdrawn", "已撤回"),
                            ("expired", "已过期"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("asked_at", models.DateTimeField(verbose_name="发起时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效至")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="接手时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="orders.assignment"
                    ),
                ),
                (
                    "found",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swapped_from",
                        to="orders.assignment",
                    ),
                ),
                (
                    "only",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workers.worker",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workers.worker",
                    ),
                ),
            ],
            options={
                "verbose_name": "换班",
                "verbose_name_plural": "换班",
                "ordering": ["expires_at", "id"],
                "indexes": [models.Index(fields=["status", "expires_at"], name="orders_swap_status_ba42c7_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("open", "taken"))),
                        fields=("assignment",),
                        name="one_live_swap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("taken", "done")), _negated=True),
                            ("taker__isnull", False),
                            _connector="OR",
                        ),
                        name="taken_by_somebody",
                    ),
                ],
            },
        ),
    ]
