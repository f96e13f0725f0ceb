"""Measures speed and quality of the matching engine: `python -m bench`."""
