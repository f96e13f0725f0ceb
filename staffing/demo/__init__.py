"""The demo agency: its people, its history, its daily life and its story. Not installed in production."""
