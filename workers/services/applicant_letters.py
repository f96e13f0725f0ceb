"""What applicants are told by e-mail: they have no inbox here, so each letter carries the link to their own page."""

from datetime import datetime
from typing import Any

from staffing.core import channels, invitations, notices
from workers.models import Application
from workers.services import application_links as links
from workers.services import interviews


def send(application_id: int, kind: str, while_status: str = "") -> bool:
    """Write to the applicant in their language; nothing once the stage has moved on. False if nobody is written to.

    Raises what the mail server raises.
    """
    found = Application.objects.select_related("interview", "worker__user").get(pk=application_id)
    if not found.email or found.erased_at or (while_status and found.status != while_status):
        return False
    text = notices.words_in(found.language, kind, about(found), links.address_of(found))
    channels.letter(found.email, text)
    return True


def invite(application_id: int) -> bool:
    """Send the link that sets the first password, unless one is set already."""
    found = Application.objects.select_related("worker__user").get(pk=application_id)
    user = found.worker.user if found.worker else None
    if user is None or not user.email or not user.is_active or user.has_usable_password():
        return False
    channels.email(
        user, notices.words_in(user.language, "applicant.active", about(found), invitations.invitation(user))
    )
    return True


def appointment(application_id: int, start: datetime, kind: str = "applicant.appointment") -> bool:
    """Tell of an interview, unless another time has been set since."""
    found = Application.objects.get(pk=application_id)
    return interviews.is_at(found, start) and send(application_id, kind, "interview")


def about(found: Application) -> dict[str, Any]:
    """What the words may say."""
    talk = getattr(found, "interview", None)
    said: dict[str, Any] = {"name": found.name, "phone": found.phone}
    return said | ({"start_at": talk.start_at.isoformat(), "place": talk.place} if talk else {})
