"""Starts, watches and stops the product's processes on one machine. Knows nothing of Django.

`guard` makes sure that nothing is left behind, `processes` runs services, `servers` brings up the embedded PostgreSQL
and Valkey, `demo` puts the whole product together, `ephemeral` gives tests and checks servers that vanish afterwards.
"""
