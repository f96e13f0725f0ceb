"""Which objects of the loop a person may see."""

from django.db.models import QuerySet

from feedback.models import Complaint, DailyReport, InsightReport, ReviewCase, ReviewPhoto, Survey, SurveyChannel
from staffing.core.actors import AGENCY_ROLES
from staffing.core.models import Role, User


def cases_of_client(user: User | None) -> QuerySet[ReviewCase]:
    """The cases of the client that the person belongs to; what a worker complained about is not for the client."""
    own = ReviewCase.objects.filter(client__members__user=user)
    return own.exclude(complaint__raised_by_role=Complaint.Source.WORKER)


def cases_of_worker(user: User | None) -> QuerySet[ReviewCase]:
    """The cases of what this worker complained about."""
    return ReviewCase.objects.filter(complaint__raised_by_role=Complaint.Source.WORKER, complaint__reporter=user)


def daily_reports_of_client(user: User | None) -> QuerySet[DailyReport]:
    """The daily reports of the client that the person belongs to."""
    return DailyReport.objects.filter(client__members__user=user)


def insight_reports_of_client(user: User | None) -> QuerySet[InsightReport]:
    """What the product team of the person's company was sent."""
    return InsightReport.objects.filter(client__members__user=user)


def surveys_of_client(user: User | None) -> QuerySet[Survey]:
    """What the client that the person belongs to was asked."""
    return Survey.objects.filter(client__members__user=user)


def channels_of_client(user: User | None) -> QuerySet[SurveyChannel]:
    """How the client that the person belongs to wants to be asked."""
    return SurveyChannel.objects.filter(client__members__user=user)


def review_photos_for(user: User | None) -> QuerySet[ReviewPhoto]:
    """Pictures with a client's own answers, or all for the agency."""
    rows = ReviewPhoto.objects.all()
    everything = user is not None and user.role in AGENCY_ROLES
    return rows if everything else rows.filter(review__client__members__user=user)


def complaints_of_client(user: User | None) -> QuerySet[Complaint]:
    """What the client that the person belongs to complained about, itself or on the phone."""
    own = Complaint.objects.filter(client__members__user=user)
    return own.exclude(raised_by_role=Complaint.Source.WORKER)


def complaints_of_worker(user: User | None) -> QuerySet[Complaint]:
    """What this worker complained about."""
    return Complaint.objects.filter(raised_by_role=Complaint.Source.WORKER, reporter=user)


def may_be_away(user: User | None) -> QuerySet[User]:
    """Whose absences the person may enter: a manager everybody's of the agency, others their own."""
    everybody = User.objects.filter(role__in=AGENCY_ROLES, is_active=True).order_by("name")
    if user is None:
        return everybody.none()
    return everybody if user.role == Role.MANAGER else everybody.filter(pk=user.pk)
