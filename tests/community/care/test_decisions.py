"""What waits is let through or declined, once, and everything follows that writing would have brought about."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from community.care import decisions
from community.care.targets import load_targets
from community.comments import delete_comment, restore_comment, write_comment
from community.deliveries import drain
from community.models import Activity, Comment, Decision, Follow, Hold, MailList, Notice, Post, Standing, Trace
from community.posts import delete_post, edit_post, restore_post, write_post
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Manner
from feedback.models import SimilarText, Suggestion, Vote
from tests.factories import NOW, make_board, make_comment, make_member, make_moderator, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("screened")]
LATER = NOW + timedelta(hours=5)
TRAPPED = Manner("page", 60_000, trapped=True)


def target(thing):
    kind = "post" if isinstance(thing, Post) else "comment"
    return load_targets([(kind, thing.pk)])[kind, thing.pk]


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


@pytest.fixture
def wish(author, board):
    """A suggestion that waits, with a need told in the form."""
    return write_post(author=author, board=board, kind="suggestion", title="A wish that waits", body="Because.", at=NOW,
                      manner=TRAPPED, extras={"need": "1000"})  # fmt: skip


@pytest.fixture
def remark(author, board):
    """A comment that waits under a post that Tomasz wrote."""
    under = make_post("Of somebody else", author=make_member("Tomasz Wilk"), board=board)
    return write_comment(author=author, post=under, body="Wait for me.", at=NOW, manner=TRAPPED)


def test_what_waits_counts_nowhere(wish, author):
    drain()
    assert not Vote.objects.exists() and not SimilarText.objects.exists() and not Standing.objects.visible_to(author).exists()
    assert not Activity.objects.filter(verb="post_written").exists() and Suggestion.objects.filter(pk=wish.pk).exists()
    assert Standing.objects.get(pk=wish.pk).votes == 0


def test_only_its_author_and_its_keepers_see_what_waits(wish, author, moderator, staff, voter):
    seen = [who for who in (author, moderator, staff, voter, None) if Post.objects.visible_to(who).filter(pk=wish.pk).exists()]
    assert seen == [author, moderator, staff]


def test_let_through_it_is_as_if_it_were_written_now(wish, author, moderator):
    decisions.let_through(target=target(wish), by=moderator, at=LATER)
    drain()
    post, row = fresh(wish), Standing.objects.get(pk=wish.pk)
    assert (post.state, post.created_at, row.state, row.created_at) == ("visible", LATER, "visible", LATER)
    written = Activity.objects.get(verb="post_written")
    assert (written.actor, written.at, written.data["state"]) == (author, LATER, "visible")
    vote = Vote.objects.get()
    assert (vote.member, vote.need, vote.cast_at) == (author, 1000, LATER)
    assert row.votes == 1 and SimilarText.objects.filter(suggestion_id=wish.pk).exists() and Follow.objects.count() == 1


def test_let_through_equals_written_at_that_moment(wish, board, moderator):
    decisions.let_through(target=target(wish), by=moderator, at=LATER)
    twin = write_post(author=make_member(), board=board, kind="suggestion", title="A wish that waits", body="Because.", at=LATER,
                      extras={"need": "1000"})  # fmt: skip
    drain()
    left_out = ("post_id", "active_at", "_state", "created_at")
    one, two = ({k: v for k, v in vars(Standing.objects.get(pk=pk)).items() if k not in left_out} for pk in (wish.pk, twin.pk))
    assert one == two


def test_a_comment_let_through_counts_and_is_told(remark, moderator):
    drain()
    assert Standing.objects.get(pk=remark.post_id).comments == 0 and not Notice.objects.exists()
    decisions.let_through(target=target(remark), by=moderator, at=LATER)
    drain()
    assert Standing.objects.get(pk=remark.post_id).comments == 1 and fresh(remark).created_at == LATER
    assert set(Notice.objects.filter(kind="comment_written").values_list("member__display_name", flat=True)) == {"Tomasz Wilk"}


def test_nobody_elses_traces_are_taken_for_the_authors(client, wish, moderator):
    client.force_login(moderator)
    assert client.post(f"/moderation/post/{wish.pk}/approve/").status_code == 302
    assert fresh(wish).state == "visible" and not Trace.objects.filter(activity__verb="post_written").exists()


def test_trusted_newcomers_wait_no_more(board, moderator, stranger):
    first = write_post(author=stranger, board=board, kind="question", title="Where is it?", body="http://a.example", at=NOW,
                       manner=Manner("page", 60_000))  # fmt: skip
    decisions.let_through(target=target(first), by=moderator, at=NOW, trust=True)
    again = write_post(author=stranger, board=board, kind="question", title="And this?", body="http://a.example " * 4, at=LATER,
                       manner=Manner("page", 10))  # fmt: skip
    assert again.state == "visible"


def test_declined_it_is_hidden_and_its_author_reads_why(wish, author, moderator):
    decisions.decline(target=target(wish), by=moderator, rule="spam", words="Please without the advert.", at=LATER)
    drain()
    assert fresh(wish).state == "hidden" and not Vote.objects.exists()
    row = Decision.objects.get()
    assert (row.verdict, row.member, row.by, row.rule, row.words, row.before) == (
        "declined", author, moderator, "spam", "Please without the advert.", "held")  # fmt: skip
    assert Notice.objects.get(member=author).list == MailList.CARE


def test_two_moderators_never_both_decide(wish, moderator, staff):
    seen_by_both = target(wish)
    decisions.let_through(target=seen_by_both, by=moderator, at=LATER)
    with pytest.raises(Conflict, match="Somebody else"):
        decisions.decline(target=seen_by_both, by=staff, rule="spam", at=LATER)
    assert fresh(wish).state == "visible" and Decision.objects.count() == 1


@pytest.mark.parametrize("who", ["voter", "elsewhere", "author"])
def test_nobody_else_decides(wish, voter, author, who):
    by = {"voter": voter, "author": author}.get(who) or make_moderator(board=make_board("camera"))
    for act in (decisions.let_through, decisions.find_in_order):
        with pytest.raises(NotAllowed):
            act(target=target(wish), by=by, at=LATER)
    with pytest.raises(NotAllowed):
        decisions.hide(target=target(wish), by=by, rule="spam", at=LATER)
    assert fresh(wish).state == "held" and not Decision.objects.exists()


@pytest.mark.parametrize(("rule", "words"), [("", ""), ("bored", ""), ("other", " "), ("spam", "x" * 1001)])
def test_without_a_reason_nothing_is_decided(wish, moderator, rule, words):
    with pytest.raises(Invalid):
        decisions.decline(target=target(wish), by=moderator, rule=rule, words=words, at=LATER)
    assert fresh(wish).state == "held"


def test_hidden_and_shown_again_is_as_before(author, board, moderator):
    post = make_post(author=author, board=board)
    hidden = decisions.hide(target=target(post), by=moderator, rule="off-topic", at=LATER)
    restored = decisions.show_again(target=target(post), by=moderator, at=LATER + timedelta(hours=1))
    assert fresh(post).state == "visible" and fresh(post).created_at == NOW and restored.answers == hidden
    assert Activity.objects.filter(verb="post_written").count() == 1


def test_what_its_author_took_back_and_brings_back_waits_on(wish, remark, author, moderator):
    delete_post(post=wish, by=author, at=LATER)
    delete_comment(comment=remark, by=author, at=LATER)
    restore_post(post=wish, by=author, at=LATER)
    restore_comment(comment=remark, by=author, at=LATER)
    assert (fresh(wish).state, fresh(remark).state, Hold.objects.open().count()) == ("held", "held", 2)
    decisions.let_through(target=target(wish), by=moderator, at=LATER)
    assert fresh(wish).state == "visible" and Vote.objects.count() == 1


def test_what_was_shown_before_keeps_its_day_when_it_is_let_through(author, board, moderator):
    post = make_post(author=author, board=board, kind="suggestion")
    edit_post(post=post, by=author, title=post.title, body="Edited", at=LATER, manner=TRAPPED)
    assert fresh(post).state == "held"
    decisions.let_through(target=target(fresh(post)), by=moderator, at=LATER + timedelta(hours=1))
    assert (fresh(post).created_at, Vote.objects.count(), Activity.objects.filter(verb="post_written").count()) == (NOW, 1, 1)


@pytest.mark.parametrize("change", [lambda rows: rows.update(rule="spam"), lambda rows: rows.delete()])
def test_a_decision_cannot_be_changed(wish, moderator, change):
    row = decisions.let_through(target=target(wish), by=moderator, at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Decision.objects.filter(pk=row.pk))
    assert Decision.objects.filter(pk=row.pk, rule="").exists()


def test_bringing_back_from_the_page_is_kept_as_what_it_was(wish, author, board, moderator):
    decisions.bring_back(thing=fresh(wish), by=moderator, at=LATER)
    post = make_post(author=author, board=board)
    decisions.hide(target=target(post), by=moderator, rule="spam", at=LATER)
    decisions.bring_back(thing=fresh(post), by=moderator, at=LATER)
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["released", "hidden", "restored"]


def test_a_comment_of_a_hidden_thread_still_finds_its_way(remark, moderator):
    make_comment(remark.post, "Another")
    decisions.decline(target=target(remark), by=moderator, rule="unkind", at=LATER)
    assert fresh(remark).state == "hidden" and Comment.objects.filter(state="visible").count() == 1
