"""Files that the engine reads besides the product's own rows."""
