"""The pool over HTTP: reads restricted by role, writes through the services alone."""
