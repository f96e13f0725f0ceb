"""Reads of the order line, by role."""
