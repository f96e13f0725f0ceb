"""What a process that matches, or that answers who suits, has at hand from its start."""

from datetime import datetime

from orders import snapshot


def load(now: datetime) -> None:
    """The compiled engine and the pool."""
    from orders.matching import engine  # noqa: F401  # loading it is the purpose

    snapshot.available(now)


def answer(now: datetime) -> None:
    """The same, and every compiled part run once on a made-up pool: what was compiled is read from the disk only when
    it is first called."""
    from orders.matching import cli_warm

    load(now)
    cli_warm.run()
