"""A refusal, shown: a note for htmx, a page for everybody else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from community.refusals import Refused


def answer_refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The person reads what to do next; the status says what it was to machines."""
    template = "_refused.html" if getattr(request, "htmx", False) else "refused.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)
