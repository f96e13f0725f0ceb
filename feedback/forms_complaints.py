"""What somebody fills in who complains, and what the desk makes of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms import words
from feedback.models import Complaint
from feedback.services.complaints import About, Words
from orders.models import Assignment, Client, Order
from staffing.core.rendering import SegmentedRadio
from staffing.core.templatetags.formats import span_text

WHOLE = _("与具体订单无关")
# Orders that a client chooses from.
LATEST = 100


class KindForm(forms.Form):
    """Under which heading, and how bad."""

    category = forms.ChoiceField(label=_("类别"), choices=Complaint.Category.choices, widget=SegmentedRadio)
    severity = forms.TypedChoiceField(
        label=_("严重程度"),
        choices=Complaint.Severity.choices,
        initial=Complaint.Severity.LOW,
        coerce=int,
        widget=SegmentedRadio,
    )


class ComplaintForm(KindForm):
    """What happened; `form_key` makes sending it twice harmless."""

    text = words(_("发生了什么？"), rows=5)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def words(self) -> Words:
        """What is wrong. The form must be valid."""
        given = self.cleaned_data
        return Words(given["category"], given["severity"], given["text"])


class ClientComplaintForm(ComplaintForm):
    """By a client: about one of its orders, or in general."""

    order = forms.ModelChoiceField(label=_("订单"), queryset=Order.objects.none(), required=False, empty_label=WHOLE)
    field_order = ("order", "category", "severity", "text", "form_key")

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.fields["order"].queryset = _latest_of(client, self.initial.get("order"))  # type: ignore[attr-defined]

    def about(self) -> About:
        """What it concerns. The form must be valid."""
        return About(self.client, self.cleaned_data["order"])


class WorkerComplaintForm(ComplaintForm):
    """By a worker: about a shift's client or place; the name is told only if they say so."""

    assignment = forms.ModelChoiceField(
        label=_("哪个班次？"), queryset=Assignment.objects.none(), empty_label=None, widget=forms.Select
    )
    may_name = forms.BooleanField(
        label=_("可以向客户透露我的姓名"),
        required=False,
        help_text=_("不勾选时，客户不会知道是谁反映的。"),
    )
    field_order = ("assignment", "category", "severity", "text", "may_name", "form_key")

    def __init__(self, *args: Any, works: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assignment"]
        field.queryset = works
        field.label_from_instance = _shift_words

    def about(self) -> About:
        """What it concerns. The form must be valid."""
        work = self.cleaned_data["assignment"]
        order = work.position.shift.order
        return About(order.client, order, work)


class PhoneForm(ComplaintForm):
    """A call that a dispatcher writes down."""

    client = forms.ModelChoiceField(label=_("客户"), queryset=Client.objects.none())
    order = forms.CharField(
        label=_("订单号（可不填）"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "D000123"}),
    )
    caller = forms.CharField(label=_("来电人"), max_length=80, required=False)
    field_order = ("client", "order", "caller", "category", "severity", "text", "form_key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = Client.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The order that the number names, if it is one of the client's."""
        given = super().clean() or self.cleaned_data
        number, client = str(given.get("order") or "").strip(), given.get("client")
        given["found"] = _by_number(number, client) if number and client else None
        if number and client and given["found"] is None:
            self.add_error("order", _("这个客户没有这个订单号。"))
        return given

    def about(self) -> About:
        """What it concerns. The form must be valid."""
        return About(self.cleaned_data["client"], self.cleaned_data["found"])


def _latest_of(client: Client, chosen: Any) -> Any:
    """The latest that were handed over, and the one that the page is about."""
    rows = Order.objects.filter(client=client, submitted_at__isnull=False).order_by("-starts_at", "-pk")
    latest = list(rows.values_list("pk", flat=True)[:LATEST])
    about = [int(chosen)] if str(chosen or "").isdecimal() and len(str(chosen)) < 10 else []
    return rows.filter(pk__in=[*latest, *about])


def _by_number(number: str, client: Client) -> Order | None:
    digits = number.upper().removeprefix("D")
    usable = digits.isascii() and digits.isdigit() and len(digits) < 10
    return Order.objects.filter(client=client, pk=int(digits)).first() if usable else None


def _shift_words(work: Assignment) -> str:
    order = work.position.shift.order
    return f"{span_text(work.start_at, work.end_at)} · {order.client.name} · {order.title}"
