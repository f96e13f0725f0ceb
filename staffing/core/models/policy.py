"""A policy is one row of numbers that an administrator edits; code holds no business number."""

from typing import Self

from django.db import models


class Policy(models.Model):
    """Base of the one-row policy tables."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the table at one row."""
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @classmethod
    def current(cls) -> Self:
        """The row in force; its defaults if nobody has saved one yet. One query."""
        return cls._default_manager.filter(pk=1).first() or cls(pk=1)
