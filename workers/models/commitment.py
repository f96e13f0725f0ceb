"""What a worker has promised elsewhere: a lecture every Tuesday of the term, a doctor's visit once."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Commitment(models.Model):
    """Busy from `start_minute` to `end_minute` (local; past 1440 is the next day) of each of `weekdays` (0 = Monday)
    from `first_day` through `last_day`; without weekdays once, on `first_day`.

    Each time of it is an `AvailabilityException` of its own, so whatever reads when somebody is free reads it there.
    """

    worker = models.ForeignKey("workers.Worker", on_delete=models.CASCADE, related_name="commitments")
    name = models.CharField(_("名称"), max_length=60)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("星期"), default=list, blank=True)
    start_minute = models.PositiveSmallIntegerField(_("开始"), validators=[MaxValueValidator(1439)])
    end_minute = models.PositiveSmallIntegerField(_("结束"), validators=[MaxValueValidator(2880)])
    first_day = models.DateField(_("从哪天"))
    last_day = models.DateField(_("到哪天"))

    class Meta:
        verbose_name = _("个人安排")
        verbose_name_plural = _("个人安排")
        ordering = ["first_day", "start_minute", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_minute__gt=F("start_minute"), last_day__gte=F("first_day")), name="commitment_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.name
