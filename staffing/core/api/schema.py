"""What OpenAPI cannot read from the code: the problems each request may end in, and the headers of writing ones."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from staffing.core.access import PUBLIC
from staffing.core.api.idempotency import HEADER
from staffing.core.api.problems import MEDIA_TYPE, ProblemSerializer

MEANINGS = {
    400: "The request makes no sense as given; `errors` or `code` says why.",
    401: "No valid token, or no valid signature.",
    403: "Not for this role, or not for this key.",
    404: "There is no such thing for this person.",
    406: "Only JSON is served.",
    409: "The state has moved on: somebody was quicker, or it is too late.",
    413: "The body is larger than any honest request.",
    415: "Only JSON is read.",
    422: "The idempotency key came before with another request.",
    429: "Too many wrong passwords; `Retry-After` says when to try again.",
}
KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="1–100 visible ASCII characters, new for each thing to be done and the same for its retries.",
)
LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="Language of the words: zh-Hans (default) or en."
)


class Schema(AutoSchema):
    """Adds problems, the idempotency key and the language to every operation."""

    @property
    def _is_public(self) -> bool:
        roles: Any = self.view.access_roles  # type: ignore[attr-defined]
        return roles is PUBLIC

    def get_override_parameters(self) -> list[Any]:
        """The headers beside what the operation declares."""
        return [*super().get_override_parameters(), LANGUAGE, *([self._key()] if self._takes_key() else [])]

    def _takes_key(self) -> bool:
        return self.method == "POST" and not self._is_public

    def _key(self) -> OpenApiParameter:
        required = getattr(self.view, "action", "") == "create" or getattr(self.view, "key_required", False)
        return OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, required=required, description=KEY.description)

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in self._problems():
            told = OpenApiResponse(ProblemSerializer, MEANINGS[status])
            bodies.setdefault(str(status), self._get_response_for_code(told, str(status), [MEDIA_TYPE], direction))
        return bodies

    def _problems(self) -> list[int]:
        """The statuses this operation may end in."""
        found = {401, 403, 404, 406}
        if self.method == "POST":
            found |= {400, 409, 413, 415, 422}
        if self._is_list_view():
            found |= {400}
        if self._is_public:
            found = {400, 401, 406, 413, 415, 429} if self.method == "POST" else {401, 406}
        return sorted(found)
