"""Until now whoever wrote a certificate or a clearance down had seen it: they go on to count."""

from django.db import migrations

VERIFIED = "UPDATE workers_workercertificate SET verified_on = CURRENT_DATE WHERE verified_on IS NULL"
CLEARED = """
    INSERT INTO workers_backgroundcheck (worker_id, level, status, source, note, valid_until, imported,
        requested_at, decided_at, file, small, width, height, reason)
    SELECT id, clearance, 'passed', '', '', clearance_until, true, joined_on, joined_on, '', '', 0, 0, ''
    FROM workers_worker WHERE clearance > 0
"""
NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):
    dependencies = [("workers", "0019_circle")]

    operations = [
        migrations.RunSQL(VERIFIED, NOTHING),
        migrations.RunSQL(CLEARED, "DELETE FROM workers_backgroundcheck WHERE imported"),
    ]
