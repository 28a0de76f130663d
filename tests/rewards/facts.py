"""Facts on record, without the operations that usually tell them."""

from django.db import transaction

from community.activity import record
from community.verbs import PostChanged, StatusChanged, SuggestionMerged, SuggestionShipped, SuggestionUnmerged
from tests.factories import NOW


def tell(data, subject, at=NOW, name=""):
    key = f"{data.verb}:{subject}:{name}:{at.isoformat()}"
    with transaction.atomic():
        return record(data.verb, key=key, actor=None, subject=subject, data=data, at=at)


def adopt(post, at=NOW, after="planned"):
    return tell(StatusChanged(1, post.author_id, "open", after), post.pk, at, after)


def ship(post, at=NOW, canonical=True):
    return tell(SuggestionShipped(1, post.author_id, canonical), post.pk, at)


def merge(post, number, by, at=NOW):
    return tell(SuggestionMerged(number, 1, 1, by.pk if by else None), post.pk, at, number)


def unmerge(post, number, at=NOW):
    return tell(SuggestionUnmerged(number, 1, 1), post.pk, at, number)


def turn(post, state, at):
    return tell(PostChanged("hidden", post.board_id, post.kind, state), post.pk, at, state)
