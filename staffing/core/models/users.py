"""People who log in, by their mainland mobile number."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import phones
from staffing.core.fields import PinyinField, SearchWords


class Role(models.TextChoices):
    """What a person comes for; decides the home page and coarse rights."""

    CLIENT = "client", _("客户")
    DISPATCHER = "dispatcher", _("调度")
    WORKER = "worker", _("兼职客服")
    MANAGER = "manager", _("经理")


def validate_phone(value: str) -> None:
    """Raise `ValidationError` unless `value` is an 11-digit mainland mobile number."""
    if not phones.is_valid(value):
        raise ValidationError(_("请输入 11 位大陆手机号。"), code="phone")


def _normalised(typed: str) -> str:
    """The number however it was typed; what is no number stays as it is and finds nobody."""
    try:
        return phones.normalise(typed)
    except phones.InvalidPhoneError:
        return typed


class UserManager(BaseUserManager["User"]):
    """Creates users with a normalised phone number."""

    def create_user(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; `ValueError` for a number that is not a mainland mobile."""
        user = self.model(phone=phones.normalise(phone), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, phone: str, password: str | None = None, **fields: Any) -> "User":
        """Create someone who may use the stock admin."""
        fields = {"role": Role.MANAGER, "name": phone, "is_staff": True, "is_superuser": True} | fields
        return self.create_user(phone, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by phone, however it was typed."""
        return self.get(phone=_normalised(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a login."""

    phone = models.CharField(_("手机号"), max_length=11, unique=True, validators=[validate_phone])
    name = models.CharField(_("姓名"), max_length=60)
    pinyin = PinyinField(_("拼音"), source="name")
    role = models.CharField(_("角色"), max_length=12, choices=Role.choices)
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(
        _("语言"), max_length=10, choices=[("zh-hans", "简体中文"), ("en", "English")], default="zh-hans"
    )
    is_staff = models.BooleanField(_("可进入后台"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    date_joined = models.DateTimeField(_("加入时间"), default=timezone.now)

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        indexes = [
            models.Index(fields=["role", "is_active"]),
            GinIndex(
                OpClass(SearchWords("name"), name="gin_trgm_ops"),
                OpClass("phone", name="gin_trgm_ops"),
                OpClass("pinyin", name="gin_trgm_ops"),
                name="user_search",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as people write it."""
        return self.name

    @property
    def username(self) -> str:
        """What the login guard calls the phone number."""
        return self.phone
