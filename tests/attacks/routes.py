"""Every address of the site, found in the resolver and never typed by hand."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each route with its pattern, e.g. `posts/<int:post_id>/vote/`."""
    for found in (resolver or get_resolver()).url_patterns:
        route = prefix + str(found.pattern).replace("\\Z", "$")
        if isinstance(found, URLResolver):
            yield from patterns(found, route)
        else:
            yield route, found


def routes() -> list[str]:
    return sorted({route for route, _pattern in patterns()})
