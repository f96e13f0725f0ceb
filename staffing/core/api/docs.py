"""The description of the API and the page that shows it. Both are public: they hold no data, and partners read them."""

from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from staffing.core.access import PUBLIC


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, as YAML or JSON."""

    access_roles = PUBLIC
    authentication_classes = []


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from the package's own files, without a line of inline script or style."""

    access_roles = PUBLIC
    authentication_classes = []
    template_name = "api/docs.html"
    url_name = "api:schema"


@extend_schema(exclude=True)
class NotFoundView(APIView):
    """Any other address below `/api/`: a problem like all others, not a page."""

    access_roles = PUBLIC
    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        """404, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise NotFound
