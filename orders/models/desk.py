"""What people say about an order, and how a dispatcher likes the lists."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .orders import Order


class OrderMessage(models.Model):
    """A word between client and agency about one order."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_client = models.BooleanField(_("来自客户"))
    body = models.CharField(_("内容"), max_length=1000)
    form_key = models.UUIDField(_("表单键"), unique=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("对方已读"), null=True, blank=True)

    class Meta:
        verbose_name = _("订单留言")
        verbose_name_plural = _("订单留言")
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["order", "created_at"])]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.body[:20]}"

    @property
    def audit_order_id(self) -> int:
        """Groups audit events by order."""
        return self.order_id


class SavedView(models.Model):
    """A list's filters under a name, for one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(_("页面"), max_length=40)
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(_("筛选条件"), max_length=500)
    created_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = _("常用筛选")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
