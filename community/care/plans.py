"""How careful a board is, and which words are watched: what administrators set."""

from django.db import transaction
from django.utils.translation import gettext as _

from community.care.rules import folded
from community.models import CarePlan, Member, WatchedWord
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid


@transaction.atomic
def watch_word(*, word: WatchedWord, by: Member) -> WatchedWord:
    """Texts with this word wait for a moderator from now on; what stands already is left alone."""
    require(by, Privilege.CONFIGURE)
    word.word = " ".join(word.word.split())
    if not folded(word.word).strip():
        raise Invalid(_("Please give a word."), fields={"word": _("Please give a word.")})
    same = WatchedWord.objects.filter(word__iexact=word.word, board=word.board).exclude(pk=word.pk)
    if same.exists():
        raise Conflict(_("This word is watched there already."), fields={"word": _("It is there already.")})
    word.save()
    return word


@transaction.atomic
def unwatch_word(*, word: WatchedWord, by: Member) -> None:
    """The word sends nothing to moderators any more."""
    require(by, Privilege.CONFIGURE)
    word.delete()


@transaction.atomic
def keep_plan(*, plan: CarePlan, by: Member) -> CarePlan:
    """The board, or the site, is as careful as this from now on. Raises Conflict for a second plan of the site."""
    require(by, Privilege.CONFIGURE)
    if plan.board_id is None and CarePlan.objects.filter(board=None).exclude(pk=plan.pk).exists():
        raise Conflict(_("The site has a plan already; change that one."), fields={"board": _("Choose a board.")})
    plan.save()
    return plan
