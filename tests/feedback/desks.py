"""What tests of the admin share: colleagues with a second factor, and forms as a browser sends them."""

from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.models import Member


def at_the_desk(client: Client, member: Member) -> Client:
    """The member is signed in and has a second factor."""
    Authenticator.objects.get_or_create(user=member, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client.force_login(member)
    return client


def desk(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def case(suggestion: object, name: str = "change") -> str:
    return desk(f"feedback_suggestion_{name}", suggestion.pk)


def view_of(suggestion, **changed):
    """The triage form as the page shows it, with these changes."""
    shown = {
        "kind": suggestion.post.kind, "severity": suggestion.severity, "frequency": suggestion.frequency or "",
        "department": suggestion.department_id or "", "assignee": suggestion.assignee_id or "",
        "strategy_fit": suggestion.strategy_fit, "strategy_reason": suggestion.strategy_reason,
        "evidence": suggestion.evidence, "evidence_source": suggestion.evidence_source,
    }  # fmt: skip
    return shown | changed


def said(response) -> str:
    """The messages of the page the answer leads to."""
    return " ".join(str(message) for message in response.context["messages"]) if response.context else ""


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
