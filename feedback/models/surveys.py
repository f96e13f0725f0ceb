"""Surveys after a service, and what clients answer."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Client, Order

STARS = [MinValueValidator(1), MaxValueValidator(5)]


class Survey(models.Model):
    """The question to the client after a service; its link is signed and needs no login."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="survey")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="surveys")
    nonce = models.CharField(max_length=43, unique=True)
    sent_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("满意度调查")
        verbose_name_plural = _("满意度调查")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.order_id}"


class Review(models.Model):
    """The client's answer, 1 (very bad) to 5 (very good)."""

    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="review")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="review")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="reviews")
    overall = models.PositiveSmallIntegerField(_("总体满意度"), validators=STARS)
    attendance = models.PositiveSmallIntegerField(_("到岗"), validators=STARS)
    skill_match = models.PositiveSmallIntegerField(_("技能匹配"), validators=STARS)
    attitude = models.PositiveSmallIntegerField(_("服务态度"), validators=STARS)
    solved = models.BooleanField(_("问题已解决"), default=True)
    order_again = models.BooleanField(_("愿意再次下单"), null=True)
    comment = models.TextField(_("评价"), blank=True)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return f"{self.order_id} {self.overall}"


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
