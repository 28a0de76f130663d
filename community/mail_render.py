"""Letters: one member's mail as HTML and text, in their language and time zone, with a way out in one click (RFC 8058)."""

import re
import zoneinfo
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from email.message import Message
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from community.mail_tokens import Ways
from community.models import MailList, Member

LONGEST_SUBJECT = 120
UNFOLDED = {"List-Unsubscribe", "Message-ID"}
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_controls = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_scheme = re.compile(r"\b\w+://", re.IGNORECASE)
_inner_dot = re.compile(r"(?<=\w)\.(?=[^\W\d]{2})")
_many_breaks = re.compile(r"\n{3,}")


class UnfoldedValue:
    """A header's value in one line, however long: some mail programs lose an address that is folded away."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __str__(self) -> str:
        return self.value

    def encode(self, **how: Any) -> str:
        """What the generator of the message asks of headers that know better than to be folded."""
        return self.value


class Letter(EmailMultiAlternatives):
    """A mail whose addresses for machines stay in one line."""

    def message(self, **kwargs: Any) -> Any:
        message = super().message(**kwargs)
        for name in UNFOLDED & self.extra_headers.keys():
            del message[name]
            Message.__setitem__(message, name, UnfoldedValue(self.extra_headers[name]))
        return message


@dataclass(frozen=True)
class Envelope:
    """All of a mail but its words.

    ways: the links out of `mail_list` and to all choices; thread: what mail programs gather by; post_id: the post that can
    be muted from the mail, where it is about one.
    """

    member: Member
    message_id: str
    mail_list: MailList
    ways: Ways
    thread: str = ""
    post_id: int | None = None


def zone_of(member: Member) -> tzinfo:
    """The member's time zone, or UTC where it has no such name any more."""
    try:
        return zoneinfo.ZoneInfo(member.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return UTC


@contextmanager
def as_read_by(member: Member) -> Iterator[None]:
    """Words and times in the block are the member's own."""
    language = member.language if member.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(member)):
        yield


def one_line(text: str) -> str:
    """The text in one line, without signs that steer: fit for a header."""
    line = " ".join(_controls.sub(" ", text).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def tame_name(name: str) -> str:
    """A name as mails may say it: mail programs make links of whatever looks like one, and a name is not a place for one."""
    return _inner_dot.sub("·", _scheme.sub("", one_line(name)))


def absolute(path: str) -> str:
    """The address of one of our pages, from anywhere; whatever is no path of ours leads to the front page."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") and not path.startswith("//") else f"{settings.SITE_URL}/"


def inline_styles(html: str) -> str:
    """The HTML with its styles in the tags, where mail programs look for them."""
    return _inliner.inline(html)


def with_inlined_styles(letter: EmailMessage) -> EmailMessage:
    """The same mail; its HTML, if it has any, with the styles in the tags."""
    if isinstance(letter, EmailMultiAlternatives):
        bodies = [(str(body), kind) for body, kind in letter.alternatives]
        letter.alternatives = []
        for body, kind in bodies:
            letter.attach_alternative(inline_styles(body) if kind == "text/html" else body, kind)
    return letter


def write_letter(*, template: str, subject: str, context: Mapping[str, Any], envelope: Envelope) -> Letter:
    """The mail as it goes out: call it inside `as_read_by`. `template` names `mail/<template>.html` and `.txt`."""
    member_id, token = envelope.member.pk, envelope.ways.to_choose(envelope.member.pk)
    out = absolute(reverse("mail-unsubscribe", args=[envelope.ways.out_of(member_id, envelope.mail_list.value)]))
    quiet = absolute(reverse("mail-thread", args=[token, envelope.post_id])) if envelope.post_id else ""
    told = {
        **context,
        "subject": one_line(subject),
        "reader": envelope.member,
        "site_url": settings.SITE_URL,
        "language": translation.get_language(),
        "unsubscribe_url": out,
        "preferences_url": absolute(reverse("mail-choose", args=[token])),
        "thread_url": quiet,
        "list_name": envelope.mail_list.label,
    }
    text = _many_breaks.sub("\n\n", render_to_string(f"mail/{template}.txt", told)).strip() + "\n"
    letter = Letter(
        subject=one_line(subject),
        body=text,
        to=[str(envelope.member.email)],
        headers=_headers(envelope, out),
    )
    letter.attach_alternative(inline_styles(render_to_string(f"mail/{template}.html", told)), "text/html")
    return letter


def _headers(envelope: Envelope, out: str) -> dict[str, str]:
    headers = {
        "Message-ID": envelope.message_id,
        "List-Unsubscribe": f"<{out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{envelope.mail_list.value}.{settings.SITE_HOST}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if envelope.thread:
        headers["References"] = f"<{envelope.thread.replace(':', '.')}@{settings.SITE_HOST}>"
    return headers
