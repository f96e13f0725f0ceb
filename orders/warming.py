"""What a process that matches, or that answers who suits, has at hand from its start."""

from datetime import datetime

from orders import snapshot


def load(now: datetime) -> None:
    """The pool, and every compiled part run once on a made-up one: what was compiled is read from the disk only when it
    is first called."""
    from orders.matching import cli_warm

    cli_warm.run()
    snapshot.available(now)
