"""What a process that matches has at hand from its start."""

from datetime import datetime

from orders import snapshot


def load(now: datetime) -> None:
    """The compiled engine and the pool."""
    from orders.matching import engine  # noqa: F401  # loading it is the purpose

    snapshot.available(now)
