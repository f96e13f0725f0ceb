"""Surveys after a service, and what clients answer."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Client, Order

STARS = [MinValueValidator(1), MaxValueValidator(5)]


class SurveyNumbers(models.Model):
    """The part of `LoopPolicy` about how often a contact is asked, and for how long an answer may be changed."""

    survey_gap_days = models.PositiveSmallIntegerField(
        _("同一联系人两次调查至少间隔（天），0 为不限"), default=7, db_default=7
    )
    survey_edit_hours = models.PositiveSmallIntegerField(_("评价提交后可修改（小时）"), default=24, db_default=24)
    survey_photos = models.PositiveSmallIntegerField(_("每份评价最多照片数"), default=3, db_default=3)
    survey_guesses_an_hour = models.PositiveSmallIntegerField(
        _("同一地址每小时可打开的无效调查链接数"), default=30, db_default=30
    )
    long_order_days = models.PositiveSmallIntegerField(_("订单超过多少天改为每周调查"), default=10, db_default=10)

    class Meta:
        abstract = True


class Asking(models.Model):
    """What is asked about, and whom: the whole order, or the days of one week of a long one (both included)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="%(class)ss", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="%(class)ss")
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # looked for with the client
        verbose_name=_("联系人"),
    )
    period_start = models.DateField(_("评价期从"), null=True, blank=True)
    period_end = models.DateField(_("评价期至"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.order_id} {self.period_start or ''}".rstrip()

    @property
    def period(self) -> tuple[date, date] | None:
        """First and last day, or None for the whole order."""
        return None if self.period_start is None or self.period_end is None else (self.period_start, self.period_end)


class Survey(Asking):
    """The question to the client after a service; its link is signed and needs no login."""

    nonce = models.CharField(max_length=43, unique=True)
    sent_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("满意度调查")
        verbose_name_plural = _("满意度调查")
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["order", "period_start"], name="one_survey_a_period", nulls_distinct=False)
        ]


class HeldSurvey(Asking):
    """A question that was due while its contact had been asked only days before: it goes along with a later one."""

    held_at = models.DateTimeField(_("暂缓时间"))
    asked_with = models.ForeignKey(
        Survey, on_delete=models.PROTECT, null=True, blank=True, related_name="held", verbose_name=_("并入的调查")
    )

    class Meta:
        verbose_name = _("暂缓的调查")
        verbose_name_plural = _("暂缓的调查")
        ordering = ["held_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "period_start"], name="held_once_a_period", nulls_distinct=False)
        ]


class Review(models.Model):
    """The client's answer, 1 (very bad) to 5 (very good)."""

    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="review")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="reviews")
    overall = models.PositiveSmallIntegerField(_("总体满意度"), validators=STARS)
    attendance = models.PositiveSmallIntegerField(_("到岗"), validators=STARS)
    skill_match = models.PositiveSmallIntegerField(_("技能匹配"), validators=STARS)
    attitude = models.PositiveSmallIntegerField(_("服务态度"), validators=STARS)
    solved = models.BooleanField(_("问题已解决"), default=True)
    order_again = models.BooleanField(_("愿意再次下单"), null=True)
    comment = models.TextField(_("评价"), blank=True)
    created_at = models.DateTimeField(_("时间"))
    edited_at = models.DateTimeField(_("修改时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"]), models.Index(fields=["order"], name="review_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.overall}"


class ReviewPhoto(models.Model):
    """A picture that came with an answer, drawn anew; `file` and `small` are random names in the private store."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="photos")
    file = models.CharField(_("文件"), max_length=60)
    small = models.CharField(_("缩略图"), max_length=60)
    width = models.PositiveSmallIntegerField(_("宽"))
    height = models.PositiveSmallIntegerField(_("高"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("评价照片")
        verbose_name_plural = _("评价照片")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.review_id} {self.at:%Y-%m-%d %H:%M}"


class WorkerRating(models.Model):
    """Stars for one person of the service."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="ratings")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("评分"), validators=STARS)

    class Meta:
        verbose_name = _("人员评分")
        verbose_name_plural = _("人员评分")

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.stars}"


class SurveyChannel(models.Model):
    """How a client wants to be asked: its own address for machines, signed, and the logo above the questions."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="survey_channel")
    url = models.URLField(_("接收地址"), blank=True, max_length=500)
    secret = models.CharField(_("签名密钥"), max_length=64)
    logo = models.CharField(_("标志"), max_length=60, blank=True)
    logo_small = models.CharField(_("标志缩略图"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("客户调查设置")
        verbose_name_plural = _("客户调查设置")

    def __str__(self) -> str:
        return f"{self.client_id}"
