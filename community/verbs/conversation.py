"""Facts about posts and comments."""

from dataclasses import dataclass

from community.verbs.base import Fact, Verb


@dataclass(frozen=True)
class PostWritten(Fact):
    """Subject: the post."""

    verb = Verb.POST_WRITTEN
    board_id: int
    kind: str
    state: str


@dataclass(frozen=True)
class PostEdited(Fact):
    """Title, text or tags differ; `revision` is the number of the version it has now. Subject: the post."""

    verb = Verb.POST_EDITED
    board_id: int
    kind: str
    revision: int = 0


@dataclass(frozen=True)
class PostChanged(Fact):
    """Hidden, restored, deleted, moved or converted; `was`: the board's id or the kind before. Subject: the post."""

    verb = Verb.POST_CHANGED
    moment: str
    board_id: int
    kind: str
    state: str
    was: str = ""


@dataclass(frozen=True)
class CommentWritten(Fact):
    """Subject: the post."""

    verb = Verb.COMMENT_WRITTEN
    comment_id: int
    parent_id: int | None
    state: str


@dataclass(frozen=True)
class CommentChanged(Fact):
    """Hidden, restored or deleted; `was`: its state before. Subject: the post."""

    verb = Verb.COMMENT_CHANGED
    comment_id: int
    state: str
    was: str = ""


@dataclass(frozen=True)
class CommentEdited(Fact):
    """Its text differs; `revision` is the number of the version it has now. Subject: the post."""

    verb = Verb.COMMENT_EDITED
    comment_id: int
    revision: int


@dataclass(frozen=True)
class AnswerAccepted(Fact):
    """The comment answers the question; `author_id` wrote the comment. Subject: the question's post."""

    verb = Verb.ANSWER_ACCEPTED
    comment_id: int
    author_id: int


@dataclass(frozen=True)
class AnswerUnaccepted(Fact):
    """It does not, after all. Subject: the question's post."""

    verb = Verb.ANSWER_UNACCEPTED
    comment_id: int
    author_id: int


@dataclass(frozen=True)
class RevisionChanged(Fact):
    """An earlier version was hidden, or is shown again. Subject: the post it belongs to."""

    verb = Verb.REVISION_CHANGED
    revision_id: int
    hidden: bool


@dataclass(frozen=True)
class TagsMerged(Fact):
    """Posts of one tag carry the other. Subject: the tag that is no more."""

    verb = Verb.TAGS_MERGED
    into_id: int
    posts: int


@dataclass(frozen=True)
class ReactionGiven(Fact):
    """The day's first sign by somebody else on a comment, or without one on the post. Subject: the post."""

    verb = Verb.REACTION_GIVEN
    comment_id: int | None


@dataclass(frozen=True)
class PostsImported(Fact):
    """Subject: the batch; one fact for all its rows."""

    verb = Verb.POSTS_IMPORTED
    posts: int
    comments: int
    votes: int


@dataclass(frozen=True)
class ImportUndone(Fact):
    """Subject: the batch."""

    verb = Verb.IMPORT_UNDONE
    posts: int
    kept: int
