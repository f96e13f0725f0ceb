"""The description of the API and the page that shows it. Both are public: they hold no data, and partners read them."""

from functools import cache
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from staffing.core.access import PUBLIC


@cache
def described(language: str) -> dict[str, Any]:
    """The whole description in a language; made once a process, for anybody may ask for it as often as they like."""
    with override(language):
        return dict(SchemaGenerator().get_schema(request=None, public=True))


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, as YAML or JSON."""

    access_roles = PUBLIC
    authentication_classes = []

    def _get_schema_response(self, request: Request) -> Response:
        asked = get_language() or settings.LANGUAGE_CODE
        return Response(described(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE))


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
