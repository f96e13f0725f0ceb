"""Indexes for finding people by SQL alone; built beside running work."""

from django.db import migrations


def index(name: str, on: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"CREATE INDEX CONCURRENTLY {name} ON {on}", f"DROP INDEX CONCURRENTLY {name}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("workers", "0003_pool_changes"),
    ]

    operations = [
        # A skill at a level or above gives its people from the index alone.
        index("skill_at_level", "workers_workerskill (skill_id, level, worker_id)"),
        # A site gives the people of the box around it, also where an order asks for no skill.
        index("active_places", "workers_worker (latitude, longitude) WHERE status = 'active'"),
        # How far anybody goes decides how large that box is.
        index("active_reach", "workers_worker (max_km) WHERE status = 'active'"),
    ]
