import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0020_lessons"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="order",
            name="status_changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="position",
            name="status_changed_update",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="status_changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "orders_orderstatusevent" ("pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT _pgh_attached_context.value, NOW(), \'status_changed\', new_values."id", new_values."status" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."status" IS DISTINCT FROM (new_values."status")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="65b41a3dd2c7dc742f90d2e897163b07ffcaa95a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_status_changed_update_d925d",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="orders_order",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="position",
            trigger=pgtrigger.compiler.Trigger(
                name="status_changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "orders_positionstatusevent" ("pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "status") SELECT _pgh_attached_context.value, NOW(), \'status_changed\', new_values."id", new_values."status" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."status" IS DISTINCT FROM (new_values."status")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="93c0ea0f31122b4b75c1a6d4e2b65e56e36e9879",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_status_changed_update_beba8",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="orders_position",
                    when="AFTER",
                ),
            ),
        ),
    ]
