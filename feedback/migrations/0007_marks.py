"""Triggers on the tables that figures are counted from; they mark the days to be counted again."""

from django.conf import settings
from django.db import migrations

from feedback.marks import statements


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0006_figures"),
        ("orders", "0018_ready_and_bench"),
    ]

    operations = [migrations.RunSQL(forward, backward) for forward, backward in statements(settings.TIME_ZONE)]
