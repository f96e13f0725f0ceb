from django.db import migrations, models

from staffing.core.fields import CREATE_SEARCH_WORDS


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_SEARCH_WORDS, "DROP FUNCTION search_words"),
        migrations.AddField(
            model_name="user",
            name="pinyin",
            field=models.TextField(blank=True, db_default="", default="", editable=False, verbose_name="拼音"),
        ),
    ]
