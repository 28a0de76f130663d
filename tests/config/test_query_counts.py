"""A list of twenty rows costs as many queries as one of two; each has a most that it may cost."""

import itertools

import pytest
from django.test import Client

from community.api_tokens import make_token
from community.deliveries import drain
from community.models import Audience, Delivery, Notice
from feedback.merges import merge_suggestions
from feedback.models import Department, Need
from rewards.awards import settle_awards
from tests.factories import (
    NOW,
    make_board,
    make_bug,
    make_comment,
    make_member,
    make_moderator,
    make_persona,
    make_post,
    make_product,
    make_staff,
    make_suggestion,
    make_vote,
)  # fmt: skip
from tests.feedback.desks import at_the_desk, queries_of
from tests.rewards.facts import adopt, ship

pytestmark = pytest.mark.django_db
number = itertools.count(1)


@pytest.fixture
def mara():
    return make_member("Mara Lindqvist", username="mara")


def grow_wishes(mara, board, count):
    """Wishes with tags, votes, comments and one merged into each: whatever a row may show."""
    for _row in range(count):
        wish = make_suggestion(f"Charging wish {next(number)}", author=mara, board=board, tags=["one", f"tag {next(number)}"])
        make_vote(wish, need=Need.MUST)
        make_comment(wish.post)
        make_comment(make_bug(f"Fault {next(number)}", author=mara, board=board).post)
        duplicate = make_suggestion(f"The same {next(number)}", author=mara, board=board)
        merge_suggestions(duplicate=duplicate, into=wish, by=make_staff(), at=NOW)
        make_post(f"Talk {next(number)}", author=mara, board=board)
    drain()


def make_charging_a_common_word():
    """In texts that nobody here sees: what is seldom is looked up in other spellings as well, however long the list is."""
    hidden, staff = make_board(see=Audience.STAFF), make_staff()
    for _text in range(4):
        make_suggestion(f"Charging {next(number)}", board=hidden, author=staff)


PAGES = {
    "/": 17,
    "/suggestions/": 14,
    "/suggestions/?sort=top": 14,
    "/suggestions/?sort=needs-votes": 14,
    "/suggestions/?q=charging": 16,
    "/search/?q=charging": 18,
    "/search/?q=charging&sort=new&kind=suggestion&board=battery": 19,
    "/search/suggest/?q=charging": 13,
    "/sort/": 12,
    "/suggestions/?board=battery&status=open": 14,
    "/suggestions/?tag=one": 15,
    "/posts/": 13,
    "/posts/?sort=unanswered": 13,
    "/boards/battery/": 18,
    "/tags/one/": 15,
    "/community/": 26,
    "/members/mara/": 18,
    "/search/": 5,
    "/honours/": 7,
    "/roadmap/": 9,
    "/releases/": 8,  # the weekly train asks what shipped, and what is next
    "/posts/similar/?title=charging+wish+again": 12,
}  # fmt: skip


def costs_of(client, addresses) -> dict[str, int]:
    """Queries by address, asked a second time so that nothing is only warming up."""
    for address in addresses:
        assert client.get(address).status_code == 200, address
    return {address: queries_of(client, address) for address in addresses}


def test_every_public_list_costs_the_same_at_two_rows_and_at_twenty_for_everybody(mara, board):
    readers, costs = {"visitor": Client(), "member": Client(), "mara": Client()}, []
    readers["member"].force_login(make_member("Vera Voter"))
    readers["mara"].force_login(mara)
    make_charging_a_common_word()
    for rows in (2, 18):
        grow_wishes(mara, board, rows)
        costs.append({who: costs_of(reader, PAGES) for who, reader in readers.items()})
    assert costs[0] == costs[1]
    dear = {(who, page): cost for who in readers for page, cost in costs[1][who].items() if cost > PAGES[page]}
    assert dear == {}


def test_a_talk_of_twenty_costs_the_same_as_one_of_three_for_those_who_keep_order(mara, board):
    wish, costs = make_suggestion("Charge limit", author=mara, board=board), []
    keepers = {"author": mara, "staff": make_staff(), "moderator": make_moderator(board=board)}
    readers = {who: Client() for who in keepers}
    for who, member in keepers.items():
        readers[who].force_login(member)
    for more in (3, 17):
        for row in range(more):
            top = make_comment(wish.post, f"Comment {row}", author=[keepers["staff"], make_member(), mara][row % 3])
            make_comment(wish.post, f"Answer {row}", author=mara, parent=top)
        costs.append({who: costs_of(reader, [wish.post.get_absolute_url()]) for who, reader in readers.items()})
    assert costs[0] == costs[1]
    assert max(cost for pages in costs[1].values() for cost in pages.values()) <= 41


def grow_points(mara, count):
    posts = [make_post(f"Wish {next(number)}", author=mara) for _row in range(count)]
    settle_awards([fact for post in posts for fact in (adopt(post), ship(post))])


def grow_tokens(mara, count):
    for _row in range(count):
        make_token(member=mara, name=f"Key {next(number)}", scopes=["read"], at=NOW)


def grow_notices(mara, count):
    for _row in range(count):
        post = make_post(f"News {next(number)}", author=mara)
        make_comment(post, author=make_member())
    drain()


@pytest.mark.parametrize(
    ("address", "grow", "most"),
    [
        ("/me/points/", grow_points, 12),
        ("/me/points/?of=honour", grow_points, 12),
        ("/honours/", grow_points, 8),
        ("/me/tokens/", grow_tokens, 6),
        ("/me/notices/", grow_notices, 8),
    ],
)
def test_every_list_of_ones_own_costs_the_same_at_two_rows_and_at_twenty(client, mara, address, grow, most):
    client.force_login(mara)
    costs = []
    for rows in (2, 18):
        grow(mara, rows)
        costs.append(costs_of(client, [address])[address])
    assert costs[0] == costs[1] <= most


def grow_places(count):
    for _row in range(count):
        make_board(product=make_product()).moderators.add(make_member())
        make_persona()
        Department.objects.create(slug=f"d-{next(number)}", name=f"Department {next(number)}")


def grow_work(count):
    for _row in range(count):
        wish = make_suggestion(f"Wish {next(number)}", tags=[f"tag {next(number)}"])
        into = make_suggestion(f"Root {next(number)}", board=wish.post.board)
        merge_suggestions(duplicate=wish, into=into, by=make_staff(), at=NOW)
        make_comment(wish.post)
    Delivery.objects.update(error="ValueError: odd")


LISTS = [
    "/admin/", "/admin/community/product/", "/admin/community/board/", "/admin/community/persona/", "/admin/community/tag/",
    "/admin/community/delivery/", "/admin/community/mailing/", "/admin/feedback/department/", "/admin/feedback/merge/",
    "/admin/feedback/scoreconfig/", "/admin/feedback/suggestion/",
]  # fmt: skip


def test_every_list_of_the_admin_costs_the_same_at_two_rows_and_at_twenty(client, admin_member):
    boss, costs = at_the_desk(client, admin_member), []
    for rows in (2, 18):
        grow_places(rows)
        grow_work(rows)
        costs.append(costs_of(boss, LISTS))
    assert costs[0] == costs[1]
    assert {address: cost for address, cost in costs[1].items() if cost > 30} == {}


def test_each_comment_is_a_row_of_the_notices_whose_queries_were_counted(mara):
    grow_notices(mara, 3)
    assert Notice.objects.filter(member=mara).count() == 3
