"""The demo agency's data: who there is, what happened in the last weeks, and what is under way."""
