"""The log of everything that matching reads and that changed; written by triggers, read by `orders.snapshot`."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class TransactionId(models.BigIntegerField):  # type: ignore[type-arg]
    """A transaction's number that never wraps; PostgreSQL's `xid8`, which drivers hand over as text."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The type of the column."""
        return "xid8"

    def from_db_value(self, value: Any, *args: Any) -> int | None:
        """The number."""
        return None if value is None else int(value)


class PoolChange(models.Model):
    """Something changed: a row `row_id` of a table of this `kind`; with ALL everything, without an id.

    People who stand behind a user, shift, order or site are looked up by who reads the log: looking them up when it
    is written would miss those that a transaction still open adds.
    """

    class Kind(models.TextChoices):
        WORKER = "worker"
        USER = "user"
        SHIFT = "shift"
        ORDER = "order"
        SITE = "site"
        ALL = "all"

    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    row_id = models.BigIntegerField(_("编号"), null=True)
    xid = TransactionId(_("事务"), db_default=Func(function="pg_current_xact_id"), editable=False, db_index=True)
    at = models.DateTimeField(_("时间"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("人员变动")
        verbose_name_plural = _("人员变动")

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id or ''}"
