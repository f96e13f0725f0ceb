"""Reads JSON, and refuses what would only fail later."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLarge(APIException):
    """The body is larger than any honest request."""

    status_code = 413
    default_code = "too_large"
    default_detail = _("请求内容过大。")


class Json(JSONParser):
    """JSON of bounded size and depth, in text that can be written again (no half of a surrogate pair)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Raise `TooLarge`, or `ParseError` for what is no JSON."""
        length = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if length > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or length):
            raise TooLarge
        try:
            found = super().parse(stream, media_type, parser_context)
            json.dumps(found, ensure_ascii=False).encode()
        except (UnicodeEncodeError, RecursionError) as error:
            raise ParseError(_("请求内容不是有效的 JSON 文本。")) from error
        return found
