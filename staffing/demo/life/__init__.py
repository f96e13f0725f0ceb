"""The invented people of a running demo behave, so that nothing rots when time passes or is moved."""

from .run import QUEUES, advance, catch_up, drain, live

__all__ = ["QUEUES", "advance", "catch_up", "drain", "live"]
