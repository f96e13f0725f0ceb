"""How forms look: the renderer named by `FORM_RENDERER`, its field class, and the product's own widgets."""

import json
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import DateTimeBaseInput
from django.http import HttpResponse

TICKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)
# Browsers offer their own pickers for these; they send ISO values, which every input format list accepts.
NATIVE_INPUTS: tuple[tuple[type[DateTimeBaseInput], str, str], ...] = (
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
)


class SegmentedRadio(forms.RadioSelect):
    """A few short choices side by side in one row."""

    template_name = "components/widgets/segmented.html"
    input_class = "segment-input"


class StarRating(forms.RadioSelect):
    """One to five stars, as radio buttons that a keyboard and a screen reader know."""

    template_name = "components/widgets/star_rating.html"
    input_class = "rating-input"


class UiBoundField(BoundField):
    """A bound field that dresses its widget for the page."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        use_native_input(field.widget)

    @property
    def is_checkbox(self) -> bool:
        """Whether the label belongs behind the box."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    def css_classes(self, extra_classes: Any = None) -> str:
        """Classes of the element around label, input, help and errors."""
        classes = super().css_classes(extra_classes)
        return f"field {classes}".strip()

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The widget's attributes with its classes; those given by the form itself come first."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        own = str(built.get("class") or widget.attrs.get("class") or "")
        invalid = "is-invalid" if self.errors else ""
        built["class"] = " ".join(filter(None, [own, widget_class(widget), invalid]))
        return built


class FormRenderer(TemplatesSetting):
    """Renders forms from the project's templates, with labels, help and errors tied to their inputs."""

    bound_field_class = UiBoundField


def widget_class(widget: forms.Widget) -> str:
    """The look of one widget; nothing for hidden inputs."""
    if widget.is_hidden:
        return ""
    if isinstance(widget, SegmentedRadio | StarRating):
        return widget.input_class
    if isinstance(widget, TICKS):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def use_native_input(widget: forms.Widget) -> None:
    """Give plain date and time widgets the browser's picker; a form's widgets are its own copies."""
    for kind, input_type, value_format in NATIVE_INPUTS:
        if isinstance(widget, kind) and widget.input_type == "text":
            widget.input_type, widget.format = input_type, value_format


def add_toast(response: HttpResponse, text: str, kind: str = "success") -> HttpResponse:
    """Let an answer to htmx show a short message as well. `kind`: success, info, warning or danger."""
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    triggers["toast"] = {"kind": kind, "text": text}
    response.headers["HX-Trigger"] = json.dumps(triggers)
    return response
