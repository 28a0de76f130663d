"""What every endpoint of the API has: a limit told in headers, answers kept for repeated requests, cursor pages."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community import limits
from community.api_problems import TYPE
from community.models import IdempotentAnswer, Member
from community.refusals import Invalid

READS_A_MINUTE, WRITES_A_MINUTE = 300, 60
SAFE = {"GET", "HEAD", "OPTIONS"}


class Pages(CursorPagination):
    """Pages by cursor: stable while people write, the same cost for the first and the thousandth."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "limit"
    ordering: Any = "-pk"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """The page; a cursor that somebody made up is answered as one that leads nowhere."""
        try:
            page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, DataError):
            # DRF checks a cursor's frame alone; what stands in it is first read by the fields it is compared with.
            if self.cursor_query_param not in request.query_params:
                raise
            raise NotFound(self.invalid_cursor_message) from None
        return page


class SproutView(GenericAPIView):
    """An endpoint. Its methods parse, call one operation and answer; faults become problems."""

    pagination_class: Any = Pages
    filter_backends: Any = ()
    # For the schema alone; every view that lists says what it lists.
    queryset: Any = Member.objects.none()
    allowance: limits.Allowance | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF does it, with the writes of one Idempotency-Key happening once."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            handler = getattr(self, str(self.request.method).lower(), self.http_method_not_allowed)
            answer = once(self, lambda: handler(self.request, *args, **kwargs))
        except Exception as fault:  # noqa: BLE001 - DRF's own handler raises again what it does not know
            answer = self.handle_exception(fault)
        self.response = self.finalize_response(self.request, answer, *args, **kwargs)
        return self.response

    def check_throttles(self, request: Request) -> None:
        """Each caller has so many reads and writes a minute."""
        reading = request.method in SAFE
        caller = caller_of(request)
        limit = READS_A_MINUTE if reading else WRITES_A_MINUTE
        self.allowance = limits.spend(what="api-read" if reading else "api-write", who=caller, limit=limit, seconds=60)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """The limit stands in the headers; nothing of the API is kept by caches."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.allowance is not None:
            answer["RateLimit-Limit"] = str(self.allowance.limit)
            answer["RateLimit-Remaining"] = str(self.allowance.left)
            answer["RateLimit-Reset"] = str(self.allowance.reset)
        answer.setdefault("Cache-Control", "no-store")
        return answer

    @property
    def viewer(self) -> Member | None:
        """The member who calls, or None."""
        return self.request.user if isinstance(self.request.user, Member) else None

    @property
    def member(self) -> Member:
        """The member who calls; only behind an authenticated route."""
        assert isinstance(self.request.user, Member)
        return self.request.user


def caller_of(request: Request) -> str:
    """Who is counted: the member, or a visitor's network."""
    if isinstance(request.user, Member):
        return f"member:{request.user.pk}"
    return f"network:{limits.client_address(request._request)}"


def once(view: SproutView, run: Callable[[], Response]) -> Response:
    """The response of `run`, or the one kept for this caller and Idempotency-Key.

    Raises Invalid where the key came with another request before. A fault of ours (5xx) keeps nothing.
    """
    request = view.request
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or request.method in SAFE:
        return run()
    if len(key) > 255:
        raise Invalid("An Idempotency-Key has at most 255 characters.", code="idempotency-key")
    told = fingerprint(request)
    with transaction.atomic():
        # A second request with the key waits here until the first has committed.
        row, fresh = IdempotentAnswer.objects.get_or_create(
            caller=caller_of(request), key=key, defaults={"input_hash": told, "status": 0, "at": timezone.now()}
        )
        if row.input_hash != told:
            raise Invalid("This Idempotency-Key came with another request before.", code="idempotency-key")
        if not fresh:
            kept = Response(row.body, status=row.status, headers={"Idempotent-Replayed": "true"})
            kept.content_type = TYPE if row.status >= 400 else None
            return kept
        answer = _run_apart(view, run)
        row.status, row.body = answer.status_code, _plain(answer.data)
        keep_answer(row)
    return answer


def fingerprint(request: Request) -> str:
    """The same for the same request sent again."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if not (request.content_type or "").startswith("multipart/"):
        told.update(request._request.body)
        return told.hexdigest()
    # What parts the fields of a form is made up anew for each try, and its files need not lie in memory.
    for name, values in sorted(cast(QueryDict, request.data).lists()):
        for value in values:
            told.update(f"\n{name!r} {getattr(value, 'name', '')!r} ".encode())
            if isinstance(value, UploadedFile):
                told.update(hashlib.file_digest(value, "sha256").digest())
                value.seek(0)
            else:
                told.update(repr(value).encode())
    return told.hexdigest()


def _run_apart(view: SproutView, run: Callable[[], Response]) -> Response:
    try:
        with transaction.atomic():
            return run()
    except Exception as fault:  # noqa: BLE001 - what DRF does not know is raised again and rolls everything back
        return APIView.handle_exception(view, fault)


def keep_answer(row: IdempotentAnswer) -> None:
    """The answer is there for whoever asks the same again."""
    row.save(update_fields=["status", "body"])


def _plain(data: Any) -> Any:
    return json.loads(JSONRenderer().render(data)) if data is not None else None
