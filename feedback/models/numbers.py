"""The part of `LoopPolicy` about cases."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

STARS = [MinValueValidator(1), MaxValueValidator(5)]


class CaseNumbers(models.Model):
    """Reminders, when evidence speaks for a cause, what one may give back alone, how long an effect is watched."""

    first_reminder_days = models.PositiveSmallIntegerField(_("客户未答复几天后首次提醒"), default=2, db_default=2)
    second_reminder_days = models.PositiveSmallIntegerField(_("客户未答复几天后再次提醒"), default=5, db_default=5)
    low_stars = models.PositiveSmallIntegerField(_("查因：评分不高于此算低"), default=2, db_default=2, validators=STARS)
    low_score = models.PositiveSmallIntegerField(
        _("查因：匹配得分低于此算低"), default=60, db_default=60, validators=[MaxValueValidator(100)]
    )
    many_refusals = models.PositiveSmallIntegerField(_("查因：几次派单未被接受算多"), default=3, db_default=3)
    slow_minutes = models.PositiveSmallIntegerField(_("查因：替补超过几分钟算慢"), default=60, db_default=60)
    slow_reply_minutes = models.PositiveSmallIntegerField(
        _("查因：留言超过几分钟未回算慢"), default=120, db_default=120
    )
    credit_alone = models.DecimalField(
        _("每个案件补偿合计超过多少元须另一人复核"),
        max_digits=10,
        decimal_places=2,
        default=Decimal(500),
        db_default=Decimal(500),
    )
    effect_days = models.PositiveSmallIntegerField(
        _("整改效果观察期（天）"), default=90, db_default=90, validators=[MinValueValidator(1)]
    )

    class Meta:
        abstract = True
