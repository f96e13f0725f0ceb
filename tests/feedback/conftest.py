"""Words are asserted in the source language, whatever language an earlier request left active."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield
