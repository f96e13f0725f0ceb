from django.db import migrations

TEAMS = "UPDATE orders_order SET package = 'fixed_team' WHERE client_id IN (SELECT client_id FROM orders_teammember)"
# Whoever held the company's login before rights were apart could do everything.
OWNERS = "UPDATE orders_clientmember SET may_manage = true"


class Migration(migrations.Migration):
    """Orders of clients with a team were served by it first already; the logins there are keep all rights."""

    dependencies = [("orders", "0005_terms_of_orders")]

    operations = [
        migrations.RunSQL(TEAMS, migrations.RunSQL.noop),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
    ]
