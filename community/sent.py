"""What was sent is told to the browser, so that it forgets its own copy of it."""

from typing import TypeVar

from django.http import HttpResponse

COOKIE, FOR_SECONDS = "sent", 600
Response = TypeVar("Response", bound=HttpResponse)


def sent(response: Response, *names: str) -> Response:
    """The page's script forgets the copies of these forms: "post", "comment-7", "post_edit-7"."""
    if names:
        response.set_cookie(COOKIE, ".".join(names), max_age=FOR_SECONDS, samesite="Lax")
    return response
