"""Facts about mails."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class MailPaused(Fact):
    """A mail server refused the member's address for good. Subject: the member."""

    verb = Verb.MAIL_PAUSED
    pause_id: int


@dataclass(frozen=True)
class MailResumed(Fact):
    """The member says that the address is well again. Subject: the member."""

    verb = Verb.MAIL_RESUMED
    pause_id: int
