"""Hidden, told, appealed, looked at by somebody else, and put right to the last unit. (C16 of the research on reliability)"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from community.care import decisions
from community.care.appeals import appeal, decide_appeal, may_appeal
from community.care.sanctions import confirm_suspension, suspend_member, warn_member
from community.care.targets import load_targets
from community.deliveries import drain
from community.models import Appeal, Decision, Member, Notice, Post, Standing
from community.notice_words import Words
from community.posts import delete_post, write_post
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Manner
from feedback.models import Vote
from feedback.triage import change_status
from rewards.models import Account, Currency, OwnerKind
from tests.factories import NOW, make_moderator, make_suggestion, make_vote

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def second(board):
    return make_moderator("Sofia", board=board)


@pytest.fixture
def wish(author, board, staff):
    """Mara's adopted wish, with votes and the points it earned."""
    wish = make_suggestion("A wish well paid", author=author, board=board)
    make_vote(wish)
    change_status(suggestion=wish, to="planned", by=staff, at=NOW, answer="Yes!")
    drain()
    return wish


def target(post):
    return load_targets([("post", post.pk)])["post", post.pk]


def hide(wish, by, *, at=NOW + DAY):
    return decisions.hide(target=target(Post.objects.get(pk=wish.pk)), by=by, rule="spam", at=at)


def points(member) -> list[int]:
    rows = Account.objects.filter(
        owner_kind=OwnerKind.MEMBER, owner_id=member.pk, currency__in=[Currency.POINTS, Currency.HONOUR]
    )
    return list(rows.order_by("currency").values_list("balance", flat=True))


def everything(wish) -> tuple:
    drain()
    row = Standing.objects.filter(pk=wish.pk).values().get()
    return (
        row,
        list(Vote.objects.order_by("pk").values()),
        points(wish.post.author),
        Post.objects.filter(pk=wish.pk).values().get(),
    )


def test_overturned_everything_is_as_it_was(wish, author, moderator, second):
    before = everything(wish)
    hidden = hide(wish, moderator)
    assert everything(wish)[2] == [0, 0] != before[2]
    row = appeal(decision=hidden, by=author, words="It is no advert: it is my wish.", at=NOW + 2 * DAY)
    decide_appeal(appeal=row, by=second, overturn=True, words="They are right.", at=NOW + 3 * DAY)
    assert everything(wish) == before


def test_upheld_it_stays_and_the_person_reads_why(wish, author, moderator, second):
    row = appeal(decision=hide(wish, moderator), by=author, words="Why?", at=NOW + 2 * DAY)
    outcome = decide_appeal(appeal=row, by=second, overturn=False, words="It is an advert.", at=NOW + 3 * DAY)
    drain()
    assert Post.objects.get(pk=wish.pk).state == "hidden" and outcome.against == moderator
    rows = Notice.objects.filter(member=author, kind="care_decision").select_related("member", "post__board").order_by("-pk")
    words = Words(rows)
    assert words.of(rows[0]).sentence == "Another moderator looked again, and the decision stands."
    assert "It is an advert." in words.of(rows[0]).quote


def test_the_same_moderator_is_refused_and_by_the_database_too(wish, author, moderator):
    hidden = hide(wish, moderator)
    row = appeal(decision=hidden, by=author, words="Why?", at=NOW + 2 * DAY)
    with pytest.raises(NotAllowed, match="somebody else"):
        decide_appeal(appeal=row, by=moderator, overturn=True, words="Well.", at=NOW + 3 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(verdict="upheld", target_kind="post", target_id=wish.pk, member=author, by=moderator,
                                answers=hidden, against=moderator, at=NOW)  # fmt: skip
    assert Appeal.objects.get().settled_at is None


def test_nobody_without_the_board_and_nobody_concerned_decides(wish, author, voter, moderator):
    row = appeal(decision=hide(wish, moderator), by=author, words="Why?", at=NOW + 2 * DAY)
    for by in (voter, author, make_moderator("Elsewhere")):
        with pytest.raises(NotAllowed):
            decide_appeal(appeal=row, by=by, overturn=True, words="Well.", at=NOW + 3 * DAY)


def test_one_appeal_within_fourteen_days_by_whom_it_concerns(wish, author, voter, moderator):
    hidden = hide(wish, moderator, at=NOW)
    with pytest.raises(NotAllowed):
        appeal(decision=hidden, by=voter, words="Why?", at=NOW)
    with pytest.raises(Invalid):
        appeal(decision=hidden, by=author, words="  ", at=NOW)
    with pytest.raises(Conflict, match="14 days"):
        appeal(decision=hidden, by=author, words="Why?", at=NOW + 14 * DAY)
    assert may_appeal(hidden, author, at=NOW + 13 * DAY) and not may_appeal(hidden, author, at=NOW + 14 * DAY)
    appeal(decision=hidden, by=author, words="Why?", at=NOW + 13 * DAY)
    assert not may_appeal(hidden, author, at=NOW + 13 * DAY)
    with pytest.raises(Conflict, match="already"):
        appeal(decision=hidden, by=author, words="Why?", at=NOW + 13 * DAY)


def test_decided_twice_is_decided_once(wish, author, moderator, second, staff):
    row = appeal(decision=hide(wish, moderator), by=author, words="Why?", at=NOW + 2 * DAY)
    decide_appeal(appeal=row, by=second, overturn=False, words="It stands.", at=NOW + 3 * DAY)
    with pytest.raises(Conflict):
        decide_appeal(appeal=row, by=staff, overturn=True, words="No.", at=NOW + 3 * DAY)
    assert Post.objects.get(pk=wish.pk).state == "hidden"


def test_a_declined_text_is_written_at_last(screened, author, board, moderator, second):
    held = write_post(author=author, board=board, kind="suggestion", title="A wish that waits", body="", at=NOW,
                      manner=Manner("page", 9000, trapped=True))  # fmt: skip
    assert not Vote.objects.exists()
    no = decisions.hide(target=target(held), by=moderator, rule="spam", at=NOW + DAY)
    row = appeal(decision=no, by=author, words="Why?", at=NOW + DAY)
    decide_appeal(appeal=row, by=second, overturn=True, words="Yes.", at=NOW + 2 * DAY)
    assert Post.objects.get(pk=held.pk).state == "visible" and Vote.objects.count() == 1


def test_what_its_author_took_back_meanwhile_stays_with_them(wish, author, moderator, second):
    hidden = hide(wish, moderator)
    delete_post(post=wish.post, by=author, at=NOW + DAY)
    row = appeal(decision=hidden, by=author, words="Why?", at=NOW + 2 * DAY)
    decide_appeal(appeal=row, by=second, overturn=True, words="Yes.", at=NOW + 3 * DAY)
    assert Post.objects.get(pk=wish.pk).state == "deleted"


def test_a_suspension_overturned_ends_even_when_it_was_confirmed(author, moderator, second, staff):
    first = suspend_member(member=author, by=moderator, rule="unkind", until=NOW + 30 * DAY, at=NOW)
    confirm_suspension(decision=first, by=second, at=NOW)
    row = appeal(decision=first, by=author, words="It was not me.", at=NOW + DAY)
    decide_appeal(appeal=row, by=staff, overturn=True, words="It was not them.", at=NOW + 2 * DAY)
    again = Member.objects.get(pk=author.pk)
    assert (again.suspended_at, again.trust) == (None, 2)


def test_a_warning_can_be_appealed_and_a_release_cannot(author, moderator, second):
    warned = warn_member(member=author, by=moderator, rule="unkind", at=NOW)
    row = appeal(decision=warned, by=author, words="I was quoting.", at=NOW)
    assert decide_appeal(appeal=row, by=second, overturn=True, words="True.", at=NOW).verdict == "overturned"
    with pytest.raises(Conflict):
        appeal(decision=row.decision.answered_by.get(), by=author, words="And this?", at=NOW)
