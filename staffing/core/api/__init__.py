"""What every API of the product stands on: pages, problems, roles, idempotency, schema."""
