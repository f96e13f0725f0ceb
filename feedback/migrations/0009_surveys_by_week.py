import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A long order is asked about every week: surveys and answers are many to an order; indexes beside running work."""

    atomic = False
    dependencies = [
        ("feedback", "0008_revisits_and_reports"),
        ("orders", "0016_proof_of_service"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="survey",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="联系人",
            ),
        ),
        migrations.AddField(
            model_name="survey",
            name="period_start",
            field=models.DateField(blank=True, null=True, verbose_name="评价期从"),
        ),
        migrations.AddField(
            model_name="survey",
            name="period_end",
            field=models.DateField(blank=True, null=True, verbose_name="评价期至"),
        ),
        migrations.AddField(
            model_name="survey",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提醒时间"),
        ),
        migrations.AddField(
            model_name="survey",
            name="revoked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY one_survey_a_period ON feedback_survey (order_id, period_start) "
            "NULLS NOT DISTINCT",
            "DROP INDEX CONCURRENTLY one_survey_a_period",
            state_operations=[
                migrations.AddConstraint(
                    model_name="survey",
                    constraint=models.UniqueConstraint(
                        fields=("order", "period_start"), name="one_survey_a_period", nulls_distinct=False
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE feedback_survey DROP CONSTRAINT feedback_survey_order_id_key",
            "CREATE UNIQUE INDEX CONCURRENTLY feedback_survey_order_id_key ON feedback_survey (order_id)",
            state_operations=[
                migrations.AlterField(
                    model_name="survey",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="orders.order",
                    ),
                )
            ],
        ),
        migrations.AlterField(
            model_name="survey",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="orders.client"
            ),
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY review_order ON feedback_review (order_id)",
            "DROP INDEX CONCURRENTLY review_order",
            state_operations=[
                migrations.AddIndex(model_name="review", index=models.Index(fields=["order"], name="review_order")),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE feedback_review DROP CONSTRAINT feedback_review_order_id_key",
            "CREATE UNIQUE INDEX CONCURRENTLY feedback_review_order_id_key ON feedback_review (order_id)",
            state_operations=[
                migrations.AlterField(
                    model_name="review",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="orders.order",
                    ),
                )
            ],
        ),
        migrations.AddField(
            model_name="review",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="修改时间"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="form_key",
            field=models.UUIDField(blank=True, null=True, verbose_name="表单编号"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="may_name",
            field=models.BooleanField(db_default=False, default=False, verbose_name="可向客户透露姓名"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="fees",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list, verbose_name="费用明细"
            ),
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY complaint_form_once ON feedback_complaint (form_key)",
            "DROP INDEX CONCURRENTLY complaint_form_once",
            state_operations=[
                migrations.AddConstraint(
                    model_name="complaint",
                    constraint=models.UniqueConstraint(fields=("form_key",), name="complaint_form_once"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HeldSurvey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateField(blank=True, null=True, verbose_name="评价期从")),
                ("period_end", models.DateField(blank=True, null=True, verbose_name="评价期至")),
                ("held_at", models.DateTimeField(verbose_name="暂缓时间")),
                (
                    "asked_with",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="held",
                        to="feedback.survey",
                        verbose_name="并入的调查",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="orders.client"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="联系人",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "verbose_name": "暂缓的调查",
                "verbose_name_plural": "暂缓的调查",
                "ordering": ["held_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "period_start"), name="held_once_a_period", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.CharField(max_length=60, verbose_name="文件")),
                ("small", models.CharField(max_length=60, verbose_name="缩略图")),
                ("width", models.PositiveSmallIntegerField(verbose_name="宽")),
                ("height", models.PositiveSmallIntegerField(verbose_name="高")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="feedback.review"
                    ),
                ),
            ],
            options={"verbose_name": "评价照片", "verbose_name_plural": "评价照片", "ordering": ["at", "id"]},
        ),
        migrations.CreateModel(
            name="SurveyChannel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="接收地址")),
                ("secret", models.CharField(max_length=64, verbose_name="签名密钥")),
                ("logo", models.CharField(blank=True, max_length=60, verbose_name="标志")),
                ("logo_small", models.CharField(blank=True, max_length=60, verbose_name="标志缩略图")),
                (
                    "client",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="survey_channel",
                        to="orders.client",
                    ),
                ),
            ],
            options={"verbose_name": "客户调查设置", "verbose_name_plural": "客户调查设置"},
        ),
        *[
            migrations.AddField(
                model_name="looppolicy",
                name=name,
                field=models.PositiveSmallIntegerField(db_default=value, default=value, verbose_name=words),
            )
            for name, value, words in (
                ("survey_gap_days", 7, "同一联系人两次调查至少间隔（天），0 为不限"),
                ("survey_edit_hours", 24, "评价提交后可修改（小时）"),
                ("survey_photos", 3, "每份评价最多照片数"),
                ("survey_guesses_an_hour", 30, "同一地址每小时可打开的无效调查链接数"),
                ("long_order_days", 10, "订单超过多少天改为每周调查"),
            )
        ],
    ]
