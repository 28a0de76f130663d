"""Every fault of the API is application/problem+json (RFC 9457): what happened, and what to do."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from community.refusals import Refused, TooMany

TYPE = "application/problem+json"


def problem(
    *, code: str, title: str, http: int, fields: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response:
    """One problem as a response; `fields` ties sentences to what was sent."""
    body: dict[str, Any] = {"type": f"urn:sprout:problem:{code}", "title": title, "status": http, "code": code}
    if fields:
        body["errors"] = fields
    return Response(body, status=http, headers=headers, content_type=TYPE)


def problem_response(fault: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: refusals of operations and DRF's own faults alike; None lets it be a 500."""
    set_rollback()
    if isinstance(fault, Refused):
        headers = {"Retry-After": str(fault.retry_after)} if isinstance(fault, TooMany) else {}
        return problem(code=fault.code, title=fault.sentence, http=fault.status, fields=fault.fields, headers=headers)
    if isinstance(fault, Http404):
        return problem(code="not-found", title="There is nothing here that you may see.", http=status.HTTP_404_NOT_FOUND)
    if isinstance(fault, PermissionDenied):
        return problem(code="not-allowed", title="You may not do this.", http=status.HTTP_403_FORBIDDEN)
    if isinstance(fault, exceptions.ValidationError):
        fields = fault.detail if isinstance(fault.detail, dict) else {"": fault.detail}
        return problem(code="invalid", title="Some of what was sent does not fit.", http=422, fields=fields)
    if isinstance(fault, exceptions.Throttled):
        wait = str(int(getattr(fault, "wait", None) or 60))
        title = f"Too many requests. Please try again in {wait} seconds."
        return problem(code="too-many", title=title, http=429, headers={"Retry-After": wait})
    if isinstance(fault, exceptions.APIException):
        headers = {"WWW-Authenticate": getattr(fault, "auth_header", "")} if getattr(fault, "auth_header", "") else {}
        code = str(fault.default_code).replace("_", "-")
        return problem(code=code, title=str(fault.detail), http=fault.status_code, headers=headers)
    return None
