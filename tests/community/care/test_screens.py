"""What the database knows of a writer, asked before a text stands."""

from datetime import timedelta

import pytest

from community.comments import edit_comment, write_comment
from community.models import CarePlan, Hold, Post, WatchedWord
from community.posts import edit_post, write_post
from community.refusals import Conflict, TooMany
from community.screening import Manner
from tests.factories import NOW, make_board, make_comment, make_member, make_newcomer, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("screened")]
SLOWLY = Manner("page", 60_000)


def post(author, board, title="A wish of mine", body="Because of this.", *, at=NOW, manner=SLOWLY, **more):
    return write_post(author=author, board=board, kind="discussion", title=title, body=body, at=at, manner=manner, **more)


def reasons(thing) -> list[str]:
    return Hold.objects.get(target_id=thing.pk).reasons if thing.state == "held" else []


def test_what_people_write_calmly_stands_at_once(stranger, board):
    assert post(stranger, board).state == "visible" and not Hold.objects.exists()


def test_our_own_programs_are_not_screened(stranger, board):
    assert post(stranger, board, body="http://a.example", manner=None).state == "visible"


@pytest.mark.parametrize("who", ["staff", "moderator"])
def test_those_who_keep_boards_are_asked_nothing(request, board, who):
    member = request.getfixturevalue(who)
    WatchedWord.objects.create(word="wish")
    assert {post(member, board, at=NOW).state for _ in range(3)} == {"visible"}


def test_a_first_link_in_a_hurry_waits_for_both_reasons(stranger, board):
    held = post(stranger, board, body="https://a.example", manner=Manner("page", 900))
    assert (held.state, reasons(held)) == ("held", ["first-link", "haste"])
    assert Hold.objects.get().signals == {"hosts": ["a.example"], "typed_ms": 900}


def test_by_token_nobody_types(stranger, board):
    assert post(stranger, board, manner=Manner("token", 0)).state == "visible"


def test_a_boards_own_plan_goes_before_the_sites(stranger, board):
    CarePlan.objects.create(hold_first=True)
    CarePlan.objects.create(board=board, hold_first=False)
    assert post(stranger, board).state == "visible"
    assert reasons(post(make_newcomer(), make_board())) == ["first"]


def test_watched_words_hold_in_their_board_and_everywhere(author, board):
    WatchedWord.objects.create(word="代购")
    WatchedWord.objects.create(word="pills", board=board)
    assert reasons(post(author, board, body="找我代 购")) == ["words"]
    assert post(author, make_board(), title="About pills", body="I take pills.").state == "visible"
    assert post(author, board, title="About pills").state == "held"


def test_a_comment_is_screened_as_well(author, board, stranger):
    under = make_post(board=board)
    held = write_comment(author=stranger, post=under, body="Look: https://a.example", at=NOW, manner=SLOWLY)
    assert (held.state, reasons(held)) == ("held", ["first-link"])


def test_an_edit_may_have_to_wait(author, board):
    shown = make_post(author=author, board=board)
    WatchedWord.objects.create(word="pills")
    edited = edit_post(post=shown, by=author, title=shown.title, body="Buy pills", at=NOW, manner=SLOWLY)
    assert (edited.state, reasons(edited)) == ("held", ["words"])
    comment = make_comment(shown, author=author)
    assert edit_comment(comment=comment, by=author, body="pills!", at=NOW, manner=SLOWLY).state == "held"


def test_an_edit_of_what_waits_waits_on_for_every_reason(stranger, board):
    held = post(stranger, board, body="https://a.example")
    WatchedWord.objects.create(word="pills")
    edit_post(post=held, by=stranger, title=held.title, body="pills", at=NOW, manner=SLOWLY)
    assert reasons(Post.objects.get(pk=held.pk)) == ["first-link", "words"]


def test_a_newcomer_waits_two_minutes_and_a_known_member_does_not(stranger, author, board):
    for member in (stranger, author):
        post(member, board, "A first wish")
    post(author, board, "A second wish", at=NOW + timedelta(seconds=5))
    with pytest.raises(TooMany) as told:
        post(stranger, board, "A second wish", at=NOW + timedelta(seconds=5))
    assert told.value.retry_after == 115 and "two minutes" in told.value.sentence


def test_three_posts_on_the_first_day_and_more_tomorrow(board):
    young = make_newcomer(joined_at=NOW)
    for hour in range(3):
        post(young, board, f"Wish number {hour}", at=NOW + timedelta(hours=hour))
    with pytest.raises(TooMany, match="three posts"):
        post(young, board, "One more", at=NOW + timedelta(hours=4))
    assert post(young, board, "One more", at=NOW + timedelta(hours=25)).state == "visible"


def test_the_same_again_is_refused_for_five_minutes_and_nothing_stands_twice(author, board):
    post(author, board)
    with pytest.raises(Conflict, match="exactly this"):
        post(author, board, at=NOW + timedelta(minutes=4))
    assert post(author, board, at=NOW + timedelta(minutes=6)) and Post.objects.count() == 2


def test_thirty_edits_are_what_a_day_takes(author, board):
    shown = make_post(author=author, board=board)
    for number in range(30):
        edit_post(
            post=shown,
            by=author,
            title=shown.title,
            body=f"Version {number}",
            at=NOW + timedelta(minutes=number),
            manner=SLOWLY,
        )
    with pytest.raises(TooMany, match="Thirty"):
        edit_post(post=shown, by=author, title=shown.title, body="Once more", at=NOW + timedelta(hours=1), manner=SLOWLY)


def test_without_rate_limits_nothing_is_timed_but_words_still_wait(settings, stranger, board):
    settings.RATE_LIMITS = False
    WatchedWord.objects.create(word="pills")
    assert {post(stranger, board, manner=Manner("page", 1)).state for _ in range(5)} == {"visible"}
    assert post(stranger, board, body="pills").state == "held"


def test_one_link_strewn_by_many_newcomers_waits_from_the_third_on(board):
    states = [post(make_newcomer(), board, body="http://shop.example/sale", at=NOW, manner=SLOWLY).state for _ in range(2)]
    assert states == ["held", "held"]  # a first link waits anyway
    third = make_newcomer()
    make_post(author=third, board=board, at=NOW - timedelta(days=3))
    assert reasons(post(third, board, body="http://shop.example/sale")) == ["same-link"]
    assert post(third, board, "About it", body="http://other.example", at=NOW + timedelta(hours=1)).state == "visible"


def test_a_limited_members_texts_wait(board):
    limited = make_member(limited_until=NOW + timedelta(days=1))
    assert reasons(post(limited, board)) == ["limited"]


def test_how_many_questions_screening_asks(stranger, board, django_assert_max_num_queries):
    make_post(author=stranger, board=board, at=NOW - timedelta(days=3))
    with django_assert_max_num_queries(60) as seen:
        post(stranger, board, body="Two https://a.example/1 and https://b.example/2")
    asked = [query["sql"] for query in seen.captured_queries if "careplan" in query["sql"] or "watchedword" in query["sql"]]
    assert len(asked) == 2
