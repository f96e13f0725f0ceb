"""Through whom somebody came to the agency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workers", "0008_times_of_commitments")]

    operations = [
        migrations.AddField(
            model_name="worker",
            name="source",
            field=models.CharField(
                choices=[
                    ("direct", "自主报名"),
                    ("student", "高校学生"),
                    ("training", "培训机构"),
                    ("career", "转行人员"),
                    ("partner", "合作渠道"),
                ],
                db_default="direct",
                default="direct",
                max_length=8,
                verbose_name="来源",
            ),
        ),
    ]
