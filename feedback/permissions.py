"""Which objects of the loop a person may see."""

from django.db.models import QuerySet

from feedback.models import ReviewCase
from staffing.core.models import User


def cases_of_client(user: User | None) -> QuerySet[ReviewCase]:
    """The cases of the client that the person belongs to."""
    return ReviewCase.objects.filter(client__members__user=user)
