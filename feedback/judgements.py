"""A member goes past a suggestion, or takes that back. None of it ever lowers a vote, a score or a heat."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from community.activity import record
from community.models import Member
from community.privileges import Privilege, require
from community.refusals import Invalid
from community.verbs import SuggestionPassed, Verb
from feedback.models import Judgement, Suggestion, Verdict, Vote
from feedback.votes import cast_vote, withdraw_vote

WANT, PASS, SKIP = "want", "pass", "skip"
VERDICTS = {PASS: Verdict.PASSED, SKIP: Verdict.SKIPPED}
ANSWERS = (WANT, PASS, SKIP)


@transaction.atomic
def answer_card(*, member: Member, suggestion: Suggestion, say: str, at: datetime) -> None:
    """The member wants the suggestion ("want"), does not ("pass"), or goes on without a word ("skip").

    Raises what casting a vote raises, and Invalid for an unknown answer.
    """
    if say == WANT:
        cast_vote(member=member, suggestion=suggestion, at=at)
    elif say in VERDICTS:
        judge(member=member, suggestion=suggestion, verdict=VERDICTS[say], at=at)
    else:
        raise Invalid("There is no such answer.")


@transaction.atomic
def judge(*, member: Member, suggestion: Suggestion, verdict: Verdict, at: datetime) -> Judgement:
    """What the member said last stands; said again it is the same, and its day is the later one."""
    require(member, Privilege.VOTE)
    # Two clicks may arrive together; the constraint decides.
    row, _fresh = Judgement.objects.update_or_create(
        suggestion=suggestion, member=member, defaults={"verdict": verdict, "at": at}
    )
    if verdict == Verdict.PASSED:
        _record(member, suggestion, at)
    return row


@transaction.atomic
def take_back_answer(*, member: Member, suggestion: Suggestion, at: datetime) -> None:
    """It is as if the member had not answered this card; without an answer nothing happens."""
    said = Judgement.objects.select_for_update(no_key=True).filter(member=member, suggestion=suggestion).first()
    if said is None:
        withdraw_vote(member=member, suggestion=suggestion, at=at)
        return
    said.delete()
    if said.verdict == Verdict.PASSED:
        _record(member, suggestion, at, taken_back=True)


def _record(member: Member, suggestion: Suggestion, at: datetime, *, taken_back: bool = False) -> None:
    record(
        Verb.SUGGESTION_PASSED,
        key=f"suggestion_passed:{suggestion.pk}:{member.pk}:{at.isoformat()}",
        actor=member,
        subject=suggestion.pk,
        data=SuggestionPassed(member_id=member.pk, taken_back=taken_back),
        at=at,
    )


def counts_of(suggestion_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many said "not for me" and how many skipped, of each; those who voted since are not among them."""
    voted = Vote.objects.standing().filter(suggestion=OuterRef("suggestion"), member=OuterRef("member"))
    rows = Judgement.objects.filter(suggestion__in=list(suggestion_ids)).exclude(Exists(voted))
    counted = rows.values_list("suggestion_id").annotate(
        passed=Count("pk", filter=Q(verdict=Verdict.PASSED)), skipped=Count("pk", filter=Q(verdict=Verdict.SKIPPED))
    )
    return {pk: (passed, skipped) for pk, passed, skipped in counted}


def share_not_for_me(suggestion: Suggestion) -> tuple[int, int]:
    """Of those who answered with "I want this" or "not for me" while sorting or voting: how many did not want it, and of how many."""
    passed, _skipped = counts_of([suggestion.pk]).get(suggestion.pk, (0, 0))
    wanted = Vote.objects.counted().filter(suggestion__root=suggestion.root_id).values("member_id").distinct().count()
    return passed, passed + wanted
