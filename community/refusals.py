"""Refusals: what an operation says when it may not or cannot do a thing; kind, and with the next step in it."""

from collections.abc import Mapping


class Refused(Exception):
    """The operation did nothing. `sentence` is for the person; `fields` ties sentences to what they typed."""

    status = 400
    code = "refused"

    def __init__(self, sentence: str, *, fields: Mapping[str, str] | None = None, code: str | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.fields = dict(fields or {})
        self.code = code or self.code


class NotAllowed(Refused):
    """The person lacks the right."""

    status = 403
    code = "not-allowed"


class Invalid(Refused):
    """What was typed or sent does not fit."""

    status = 422
    code = "invalid"


class OnlySent(Refused):
    """The address is there to send to, not to open."""

    status = 405
    code = "only-sent"


class Conflict(Refused):
    """The thing is in a state that does not allow it."""

    status = 409
    code = "conflict"


class TooMany(Refused):
    """A limit was reached; it says when to try again."""

    status = 429
    code = "too-many"

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
