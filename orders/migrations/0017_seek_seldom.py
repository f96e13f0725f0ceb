from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0016_proof_of_service")]

    operations = [
        migrations.AddField(
            model_name="orderpolicy",
            name="seek_seldom_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=120, default=120, verbose_name="仍找不到且不急时多久再找（分钟）"
            ),
        ),
    ]
