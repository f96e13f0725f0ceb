"""The story: the main line of the product, driven through the running demo as its users would drive it."""
