"""Which objects of the loop a person may see."""

from django.db.models import QuerySet

from feedback.models import Complaint, ReviewCase
from staffing.core.models import User


def cases_of_client(user: User | None) -> QuerySet[ReviewCase]:
    """The cases of the client that the person belongs to; what a worker complained about is not for the client."""
    own = ReviewCase.objects.filter(client__members__user=user)
    return own.exclude(complaint__raised_by_role=Complaint.Source.WORKER)
