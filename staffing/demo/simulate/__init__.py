"""A month of the agency lived by the real services against a passed clock, and what came of its promises."""
