"""Notices in words: each kind of notice is put into words by the app that tells of it, on the page and in mails alike.

A notice keeps ids and codes; the sentence is made when it is read, in the reader's language, from what is true then.
An app's `wordings` module is found by name.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from community.models import Member, Notice
from community.readers import Readers


@dataclass(frozen=True)
class Wording:
    """What a notice says, in plain text: nothing here is HTML.

    sentence: one line that stands alone, also as a mail's subject. quote: what somebody said, if anything.
    pictures: the words of each with its address, for mails, which show none. by: whose words the quote is. stage: how far it has grown, 1 to 6, or 0. label: the stage's name.
    """

    sentence: str
    url: str
    quote: str = ""
    by: str = ""
    stage: int = 0
    label: str = ""
    action: str = ""
    pictures: Sequence[tuple[str, str]] = ()

    @property
    def cells(self) -> list[bool]:
        """The stem as a mail draws it: six cells, as many of them grown as stages."""
        return [step <= self.stage for step in range(1, 7)] if self.stage else []


Prepare = Callable[[Sequence[Notice]], Any]
Word = Callable[[Notice, Any], Wording | None]


@dataclass(frozen=True)
class Registered:
    """How one kind is worded."""

    word: Word
    prepare: Prepare


REGISTER: dict[str, Registered] = {}


def worded(kind: str, *, prepare: Prepare = lambda notices: None) -> Callable[[Word], Word]:
    """The function words notices of this kind: `word(notice, prepared) -> Wording`, or None for what is gone.

    prepare: `prepare(notices) -> anything`, one query for all notices of the kind; independent of language and reader.
    """

    def register(word: Word) -> Word:
        REGISTER[kind] = Registered(word, prepare)
        return word

    return register


class Words:
    """Words for a batch of notices: a handful of queries for all, whoever reads them."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        """The notices come with their member, post and the post's board."""
        self.notices = [notice for notice in notices if notice.kind in REGISTER]
        members = {notice.member_id: notice.member for notice in self.notices}
        self.readers = Readers(members.values())
        kinds = {notice.kind for notice in self.notices}
        self.prepared = {
            kind: REGISTER[kind].prepare([notice for notice in self.notices if notice.kind == kind]) for kind in kinds
        }

    def of(self, notice: Notice) -> Wording | None:
        """The notice in the language that is active, or None if its reader may not see it or it is gone."""
        if notice.kind not in self.prepared or not self._visible(notice.member, notice):
            return None
        return REGISTER[notice.kind].word(notice, self.prepared[notice.kind])

    def _visible(self, member: Member, notice: Notice) -> bool:
        return notice.post is None or self.readers.may_see(member, notice.post)
