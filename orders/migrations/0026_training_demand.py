import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0025_barred_once_a_kind")]

    operations = [
        migrations.AddField(
            model_name="orderpolicy",
            name="training_demand_days",
            field=models.PositiveSmallIntegerField(
                db_default=28,
                default=28,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="培训需求看今后多少天的班次",
            ),
        ),
    ]
