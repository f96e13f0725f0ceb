"""Reads of the loop. Every list costs a constant number of queries."""
