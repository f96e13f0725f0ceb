"""Applications on pages: `{% load application_ui %}`."""

from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from staffing.core.templatetags.formats import day_text
from staffing.core.templatetags.ui import pill
from workers.application_text import KINDS
from workers.models import Application
from workers.states import OPEN

register = template.Library()


@register.simple_tag
def stage_pill(found: Application) -> SafeString:
    """How far it is."""
    return pill(KINDS[found.status], found.get_status_display())


@register.simple_tag
def due_pill(found: Application, now: datetime) -> SafeString:
    """By when something must happen; marked once that is over."""
    if found.status not in OPEN or found.due_at is None:
        return pill("neutral", "—")
    words = _("%(day)s 前") % {"day": day_text(found.due_at)}
    return pill("danger", _("超期 · %(words)s") % {"words": words}) if found.due_at < now else pill("neutral", words)
