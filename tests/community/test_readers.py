"""One rule says who may see what, and the crowd's version of it never differs from the queryset's."""

import itertools

import pytest

from community.models import Audience, Board, Post, PostState
from community.readers import Readers
from tests.factories import make_admin, make_board, make_member, make_moderator, make_newcomer, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A post by each of two authors in a board of every audience and in every state; people of every kind."""
    keeper, author = make_moderator(), make_member("Author")
    posts = []
    for see in Audience.values:
        board = make_board()
        board.moderators.add(keeper)
        for state, writer in itertools.product(PostState.values, (author, make_member())):
            post = make_post(board=board, author=writer)
            Post.objects.filter(pk=post.pk).update(state=state)
            posts.append(post.pk)
        Board.objects.filter(pk=board.pk).update(see=see)
    people = [keeper, author, make_newcomer(), make_staff(), make_admin(), make_moderator(), make_staff(role="moderator")]
    return people, list(Post.objects.filter(pk__in=posts).select_related("board"))


def test_readers_agree_with_the_queryset_for_every_audience_state_and_role(world):
    people, posts = world
    readers = Readers(people)
    for person in people:
        allowed = set(Post.objects.visible_to(person).values_list("pk", flat=True))
        assert {post.pk for post in posts if readers.may_see(person, post)} == allowed & {post.pk for post in posts}


def test_the_world_has_something_for_each_of_them_and_not_everything(world):
    people, posts = world
    counts = [sum(Readers(people).may_see(person, post) for post in posts) for person in people]
    assert all(0 < count < len(posts) for count in counts)
    assert len(set(counts)) >= 4


def test_readers_cost_one_query_for_a_crowd(world, django_assert_num_queries):
    people, posts = world
    with django_assert_num_queries(1):
        readers = Readers(people)
        assert any(readers.may_see(person, post) for person in people for post in posts)
