"""The dashboard's numbers: targets, windows, and what is counted beforehand day by day."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

PERCENT = [MaxValueValidator(100)]
DAYS = [MinValueValidator(1), MaxValueValidator(366)]


class FigureNumbers(models.Model):
    """The part of `LoopPolicy` about figures: what is aimed at, and over how long one looks back."""

    target_response_percent = models.PositiveSmallIntegerField(
        _("目标：响应达标率（%）"), default=95, db_default=95, validators=PERCENT
    )
    target_fill_percent = models.PositiveSmallIntegerField(
        _("目标：满足率（%）"), default=95, db_default=95, validators=PERCENT
    )
    target_arrived_percent = models.PositiveSmallIntegerField(
        _("目标：承诺到岗率（%）"), default=97, db_default=97, validators=PERCENT
    )
    target_no_show_percent = models.PositiveSmallIntegerField(
        _("目标：未到岗率不高于（%）"), default=2, db_default=2, validators=PERCENT
    )
    target_stars = models.DecimalField(
        _("目标：满意度（1–5 分）"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("4.5"),
        db_default=Decimal("4.5"),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
    )
    target_answered_percent = models.PositiveSmallIntegerField(
        _("目标：评价答复率（%）"), default=60, db_default=60, validators=PERCENT
    )
    target_compliance_percent = models.PositiveSmallIntegerField(
        _("目标：48 小时闭环率（%）"), default=95, db_default=95, validators=PERCENT
    )
    target_confirmed_percent = models.PositiveSmallIntegerField(
        _("目标：客户确认率（%）"), default=80, db_default=80, validators=PERCENT
    )
    target_reopened_percent = models.PositiveSmallIntegerField(
        _("目标：重开率不高于（%）"), default=10, db_default=10, validators=PERCENT
    )
    target_repeat_percent = models.PositiveSmallIntegerField(
        _("目标：复购率（%）"), default=60, db_default=60, validators=PERCENT
    )
    target_renewal_percent = models.PositiveSmallIntegerField(
        _("目标：续约率（%）"), default=75, db_default=75, validators=PERCENT
    )
    repeat_days = models.PositiveSmallIntegerField(
        _("服务结束后多少天内再次下单算复购"), default=30, db_default=30, validators=DAYS
    )
    renewal_days = models.PositiveSmallIntegerField(
        _("自签约起每多少天算一个合作周期"), default=30, db_default=30, validators=DAYS
    )
    experienced_services = models.PositiveSmallIntegerField(
        _("完成多少次服务后不再算新人"), default=3, db_default=3, validators=[MinValueValidator(1)]
    )
    value_days = models.PositiveSmallIntegerField(
        _("高价值客户看最近多少天"), default=90, db_default=90, validators=DAYS
    )
    team_orders = models.PositiveSmallIntegerField(
        _("期内多少单起建议固定团队"), default=6, db_default=6, validators=[MinValueValidator(1)]
    )
    team_weeks_percent = models.PositiveSmallIntegerField(
        _("有下单的周至少占多少（%）才建议固定团队"), default=50, db_default=50, validators=PERCENT
    )
    special_orders_percent = models.PositiveSmallIntegerField(
        _("特殊要求的订单至少占多少（%）才建议特选人才池"), default=50, db_default=50, validators=PERCENT
    )
    repair_stars = models.DecimalField(
        _("满意度低于多少分先修复关系"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("4.0"),
        db_default=Decimal("4.0"),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
    )

    class Meta:
        abstract = True


class CountedDay(models.Model):
    """A day whose rows are in `DailyFigure`, counted at `at` by the rules with this digest."""

    day = models.DateField(_("日期"), primary_key=True)
    rules = models.CharField(max_length=64)
    at = models.DateTimeField(_("统计时间"))

    class Meta:
        verbose_name = _("已汇总的日期")
        verbose_name_plural = _("已汇总的日期")

    def __str__(self) -> str:
        return f"{self.day}"


class DailyFigure(models.Model):
    """What one day brought for one client in one city and service type: exact counts and sums.

    The arrays have a place for each of `feedback.selectors.sources.COUNTED`, in its order: rows, sum of their values,
    sum of the squares.
    """

    day = models.DateField(_("日期"))
    client_id = models.BigIntegerField(_("客户"), null=True)
    city_id = models.BigIntegerField(_("城市"), null=True)
    service = models.CharField(_("服务类型"), max_length=20, null=True)  # noqa: DJ001
    n = ArrayField(models.BigIntegerField())
    total = ArrayField(models.BigIntegerField())
    squares = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("每日汇总")
        verbose_name_plural = _("每日汇总")
        indexes = [models.Index(fields=["day"], name="daily_figure_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.client_id}"


class DailySum(models.Model):
    """The same numbers added up for one day: of everything (`by` empty), or of one city, service type or client.

    `member`: the id or the service type as text. The arrays are those of `DailyFigure`.
    """

    day = models.DateField(_("日期"))
    by = models.CharField(_("划分"), max_length=7, blank=True)
    member = models.CharField(_("对象"), max_length=20, blank=True)
    n = ArrayField(models.BigIntegerField())
    total = ArrayField(models.BigIntegerField())
    squares = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("每日合计")
        verbose_name_plural = _("每日合计")
        constraints = [models.UniqueConstraint(fields=["day", "by", "member"], name="daily_sum_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.by} {self.member}"


class StaleDay(models.Model):
    """A day of which a row has changed: written by triggers in the changing transaction, deleted by counting again."""

    day = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("待重算的日期")
        verbose_name_plural = _("待重算的日期")
        indexes = [models.Index(fields=["day"], name="stale_day")]

    def __str__(self) -> str:
        return f"{self.day}"
