"""Pages of the order line, by role."""
