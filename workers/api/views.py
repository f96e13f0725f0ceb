"""Workers: the agency sees everybody, a worker themselves; clients meet them in their assignments only."""

from django.db.models import QuerySet

from staffing.core.actors import AGENCY_ROLES
from staffing.core.api.views import RoleViewSet
from staffing.core.models import Role, User
from workers.api.filters import WorkerFilters
from workers.api.serializers import WorkerSerializer
from workers.models import Worker


class WorkerViewSet(RoleViewSet[Worker]):
    """People of the pool: all for the agency, oneself for a worker."""

    access_roles = AGENCY_ROLES | {Role.WORKER.value}
    queryset = Worker.objects.none()
    serializer_class = WorkerSerializer
    filterset_class = WorkerFilters
    ordering_fields = ("id", "stars", "reliability", "services_done", "joined_on")
    ordering = ("id",)

    def visible(self, user: User) -> QuerySet[Worker]:
        """Everybody, or oneself."""
        return Worker.objects.all() if user.role in AGENCY_ROLES else Worker.objects.filter(user=user)

    def detailed(self, found: QuerySet[Worker]) -> QuerySet[Worker]:
        """With skills and papers, in a fixed number of queries."""
        return found.select_related("user", "city").prefetch_related(
            "skills__skill", "certificates__type", "courses__course", "languages__language"
        )
