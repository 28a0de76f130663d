"""One rule says who may see what, and the crowd's version of it never differs from the queryset's."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.boards import shows_to_all_of
from community.models import Audience, Board, BoardRight, Member, Post, PostState, Right, SegmentMember, Standing
from community.readers import Readers
from tests.factories import (
    make_admin,
    make_board,
    make_member,
    make_moderator,
    make_newcomer,
    make_post,
    make_segment,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A post by each of two authors in a board of every audience and in every state, shared and one-way; all kinds of people."""
    keeper, author, insider = make_moderator(), make_member("Author"), make_member("Insider")
    segment, posts = make_segment(added=[insider]), []
    for see, one_way in itertools.product(Audience.values, (False, True)):
        board = make_board(one_way=one_way)
        board.moderators.add(keeper)
        for state, writer in itertools.product(PostState.values, (author, insider)):
            post = make_post(board=board, author=writer)
            Post.objects.filter(pk=post.pk).update(state=state)
            Standing.objects.filter(pk=post.pk).update(state=state)
            posts.append(post.pk)
        Board.objects.filter(pk=board.pk).update(see=see)
        BoardRight.objects.create(board=board, right=Right.SEE, segment=segment)
    people = [
        keeper,
        author,
        make_newcomer(),
        make_staff(),
        make_admin(),
        make_moderator(),
        make_staff(role="moderator"),
        insider,
    ]
    return people, list(Post.objects.filter(pk__in=posts).select_related("board"))


def seen_by(person, posts) -> set[int]:
    return set(Post.objects.visible_to(person).values_list("pk", flat=True)) & {post.pk for post in posts}


def test_readers_agree_with_the_queryset_for_every_audience_state_and_role(world):
    people, posts = world
    readers = Readers(people)
    for person in people:
        assert {post.pk for post in posts if readers.may_see(person, post)} == seen_by(person, posts)


def test_lists_show_what_is_published_of_what_one_may_see(world):
    people, posts = world
    published = {post.pk for post in posts if post.state == PostState.VISIBLE}
    for person in [None, *people]:
        listed = set(Standing.objects.visible_to(person).values_list("pk", flat=True))
        assert listed == seen_by(person, posts) & published


def test_the_world_has_something_for_each_of_them_and_not_everything(world):
    people, posts = world
    counts = [sum(Readers(people).may_see(person, post) for post in posts) for person in people]
    assert all(0 < count < len(posts) for count in counts)
    assert len(set(counts)) >= 5


def test_readers_cost_one_query_for_a_crowd(world, django_assert_num_queries):
    people, posts = world
    with django_assert_num_queries(1):
        readers = Readers(people)
        assert any(readers.may_see(person, post) for person in people for post in posts)


def test_in_a_one_way_board_authors_meet_only_their_own(world):
    people, posts = world
    author, insider = people[1], people[-1]
    for post in posts:
        if post.board.one_way and post.board.see == Audience.ANYONE and post.state == PostState.VISIBLE:
            readers = Readers(people)
            seers = {person for person in people if readers.may_see(person, post)}
            assert seers == {person for person in people if person.is_staff} | {people[0], post.author}
            assert {author, insider} - seers and not Post.objects.visible_to(None).filter(pk=post.pk).exists()


def test_a_member_costs_one_statement_and_a_visitor_no_more(world, django_assert_num_queries):
    for person in (None, world[0][-1], world[0][0]):
        with django_assert_num_queries(2):
            list(Post.objects.visible_to(person)), list(Standing.objects.visible_to(person))


@pytest.fixture
def stage():
    """Two boards with a post each, one segment for each, and somebody of every kind."""
    segments = [make_segment(), make_segment()]
    people = [make_member(), make_member(), make_moderator(), make_moderator(), make_staff(), make_newcomer()]
    boards = [make_board(), make_board()]
    posts = [make_post(board=board, author=people[5]) for board in boards]
    return segments, people, boards, posts


arrangement = st.fixed_dictionaries(
    {
        "see": st.sampled_from(Audience.values),
        "one_way": st.booleans(),
        "segments": st.sets(st.integers(0, 1)),
        "keepers": st.sets(st.integers(2, 3)),
    }
)


def arrange(board: Board, segments, people, wanted) -> Board:
    board.see, board.one_way = wanted["see"], wanted["one_way"]
    board.save()
    board.moderators.set([people[number] for number in wanted["keepers"]])
    board.rights.all().delete()
    given_to = [segments[number] for number in wanted["segments"]]
    BoardRight.objects.bulk_create([BoardRight(board=board, right=Right.SEE, segment=segment) for segment in given_to])
    return board


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    first=arrangement,
    second=arrangement,
    inside=st.sets(st.tuples(st.integers(0, 1), st.integers(0, 3))),
    states=st.tuples(*[st.sampled_from(PostState.values)] * 2),
)
def test_memory_and_database_agree_whatever_the_boards_say(stage, first, second, inside, states):
    segments, people, boards, posts = stage
    for board, wanted in zip(boards, (first, second), strict=True):
        arrange(board, segments, people, wanted)
    for post, state in zip(posts, states, strict=True):
        Post.objects.filter(pk=post.pk).update(state=state)
    SegmentMember.objects.all().delete()
    SegmentMember.objects.bulk_create([SegmentMember(segment=segments[one], member=people[who]) for one, who in inside])
    shown = list(Post.objects.select_related("board").filter(pk__in=[post.pk for post in posts]))
    readers = Readers(people)
    seen = {person.pk: seen_by(person, shown) for person in people}
    assert seen == {person.pk: {post.pk for post in shown if readers.may_see(person, post)} for person in people}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(wide=arrangement, narrow=arrangement, inside=st.sets(st.tuples(st.integers(0, 1), st.integers(0, 3))))
def test_a_board_said_to_show_to_all_of_another_does_whoever_is_in_the_segments(stage, wide, narrow, inside):
    segments, people, (first, second), posts = stage
    arrange(first, segments, people, wide), arrange(second, segments, people, narrow)
    SegmentMember.objects.all().delete()
    SegmentMember.objects.bulk_create([SegmentMember(segment=segments[one], member=people[who]) for one, who in inside])
    Post.objects.filter(pk=posts[0].pk).update(author=people[4], state=PostState.VISIBLE)
    Post.objects.filter(pk=posts[1].pk).update(author=people[5], state=PostState.VISIBLE)
    if shows_to_all_of(first, second):
        for person in [None, *people]:
            seen = set(Post.objects.visible_to(person).filter(pk__in=[post.pk for post in posts]).values_list("pk", flat=True))
            assert posts[1].pk not in seen or posts[0].pk in seen


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(wanted=arrangement, right=st.sampled_from(["post", "comment", "vote"]), given_to=st.sampled_from(Audience.values))
def test_the_rights_told_in_a_list_are_those_that_count(stage, wanted, right, given_to):
    segments, people, (board, _other), _posts = stage
    arrange(board, segments, people, wanted)
    Board.objects.filter(pk=board.pk).update(**{right: given_to})
    BoardRight.objects.create(board=board, right=right, segment=segments[0])
    SegmentMember.objects.all().delete()
    SegmentMember.objects.create(segment=segments[0], member=people[0])
    for person in people:
        may = Board.objects.open_to(person, right).filter(pk=board.pk).exists()
        told = Board.objects.visible_to(person).with_rights_of(person).filter(pk=board.pk).first()
        assert may == (told is not None and getattr(told, f"may_{right}"))
    assert not getattr(Board.objects.with_rights_of(None).get(pk=board.pk), f"may_{right}")
    assert isinstance(people[0], Member)
