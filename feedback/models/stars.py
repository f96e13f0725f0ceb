"""Star certification: the levels' thresholds, how somebody stands, and every change with the services behind it."""

from decimal import Decimal
from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from workers.models import Worker

STARS: Final = [MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))]


class StarNumbers(models.Model):
    """The part of `LoopPolicy` about the star score."""

    star_prior = models.DecimalField(
        _("星级：起始分"),
        max_digits=2,
        decimal_places=1,
        default=Decimal("4.0"),
        db_default=Decimal("4.0"),
        validators=STARS,
    )
    star_prior_weight = models.PositiveSmallIntegerField(
        _("星级：起始分相当于几次评分"), default=3, db_default=3, validators=[MinValueValidator(1)]
    )
    star_half_life_days = models.PositiveSmallIntegerField(
        _("星级：多少天前的评分只算一半"), default=120, db_default=120, validators=[MinValueValidator(1)]
    )
    star_least_services = models.PositiveSmallIntegerField(_("星级：完成几次服务后开始认证"), default=3, db_default=3)
    star_margin = models.DecimalField(
        _("星级：低于门槛多少分才降级"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.10"),
        db_default=Decimal("0.10"),
    )

    class Meta:
        abstract = True


class StarLevel(models.Model):
    """What a star level needs at least; a level without a row has its usual threshold."""

    level = models.PositiveSmallIntegerField(
        _("星级"), unique=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    least_score = models.DecimalField(_("最低得分"), max_digits=3, decimal_places=2, validators=STARS)
    least_services = models.PositiveSmallIntegerField(_("最少完成服务数"))

    class Meta:
        verbose_name = _("星级门槛")
        verbose_name_plural = _("星级门槛")
        ordering = ["level"]

    def __str__(self) -> str:
        return f"{self.level}"


class StarStanding(models.Model):
    """How somebody stands, counted as of `counted_on`: score in hundredths (none before certification), level 0–5."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, related_name="star_standing")
    score = models.DecimalField(_("得分"), max_digits=3, decimal_places=2, null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("星级"), default=0)
    counted_on = models.DateField(_("计算日期"))

    class Meta:
        verbose_name = _("星级认证")
        verbose_name_plural = _("星级认证")

    def __str__(self) -> str:
        return f"{self.worker_id} {self.level}"


class StarChange(models.Model):
    """The score or the level changed. `ratings`: what counted how much then, the weightiest first, each with
    assignment, stars, weight (1 is one of today) and the day it was given."""

    class Cause(models.TextChoices):
        RATING = "rating", _("客户评分")
        EDIT = "edit", _("客户修改评分")
        SERVICE = "service", _("完成服务")
        AGEING = "ageing", _("较早的评分权重降低")
        RECOUNT = "recount", _("规则调整后重算")

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="star_changes")
    at = models.DateTimeField(_("时间"))
    cause = models.CharField(_("原因"), max_length=8, choices=Cause.choices)
    score_before = models.DecimalField(_("原得分"), max_digits=3, decimal_places=2, null=True, blank=True)
    score_after = models.DecimalField(_("新得分"), max_digits=3, decimal_places=2, null=True, blank=True)
    level_before = models.PositiveSmallIntegerField(_("原星级"))
    level_after = models.PositiveSmallIntegerField(_("新星级"))
    ratings = models.JSONField(_("所依据的服务"), default=list)

    class Meta:
        verbose_name = _("星级变动")
        verbose_name_plural = _("星级变动")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["worker", "-at"], name="star_changes")]

    def __str__(self) -> str:
        return f"{self.worker_id} {self.level_before} → {self.level_after}"
