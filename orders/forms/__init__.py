"""Forms of the order line, by role."""
