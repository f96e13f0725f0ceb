"""Pages that every role has: login, home, inbox, language, health."""
