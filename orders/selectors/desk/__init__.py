"""What dispatchers and managers read."""
