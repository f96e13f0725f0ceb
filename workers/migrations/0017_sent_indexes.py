"""The indexes for finding people by SQL cover those on watch, too; built beside running work."""

from django.db import migrations

SENT = "status IN ('active', 'watch')"


def instead(new: str, old: str, column: str) -> list[migrations.RunSQL]:
    made, drop = "CREATE INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY"
    before = f"{made} {old} ON workers_worker ({column}) WHERE status = 'active'"
    return [
        migrations.RunSQL(f"{made} {new} ON workers_worker ({column}) WHERE {SENT}", f"{drop} {new}"),
        migrations.RunSQL(f"{drop} {old}", before),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("workers", "0016_standing"),
    ]

    operations = [
        *instead("sent_places", "active_places", "latitude, longitude"),
        *instead("sent_reach", "active_reach", "max_km"),
    ]
