from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_search"), ("orders", "0006_packages")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="pinyin",
            field=models.TextField(blank=True, db_default="", default="", editable=False, verbose_name="拼音"),
        ),
    ]
