"""The last word before an account is closed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staffing.core.models import User


class CloseForm(forms.Form):
    """The password, and the word that one has understood."""

    password = forms.CharField(
        label=_("登录密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    understood = forms.BooleanField(label=_("我明白：账号不能恢复，未领取的派单会转给别人"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """It is theirs."""
        given: str = self.cleaned_data["password"]
        if not self.user.check_password(given):
            raise forms.ValidationError(_("密码不正确。"), code="password")
        return given
