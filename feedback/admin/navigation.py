"""The admin's sidebar: what staff come for, first, each with what waits there."""

from typing import Any

from django.http import HttpRequest


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    return []
