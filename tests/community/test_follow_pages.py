"""Following and muting on pages: one button, an undo, and a list of it all."""

import pytest
from django.utils import timezone

from community.follows import Ear, Thing, ear_of, listen_to
from community.models import Audience, Board, BoardFollow, Follow, Member, Tag, TagFollow
from tests.factories import make_board, make_member, make_post, make_team_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, voter):
    client.force_login(voter)
    return client


@pytest.fixture
def post(author, board):
    return make_post("Charge limit", author=author, board=board, tags=["Alarm"])


def place(kind, thing):
    return f"/follow/{kind}/{thing.pk}/"


@pytest.mark.parametrize("kind", ["post", "board", "tag", "person"])
@pytest.mark.parametrize("want", ["follow", "mute"])
def test_one_press_follows_or_mutes_and_its_undo_takes_it_back(reader, voter, post, kind, want):
    thing = {"post": post, "board": post.board, "tag": Tag.objects.get(), "person": post.author}[kind]
    answer = reader.post(place(kind, thing), {"want": want}, follow=True)
    assert ear_of(voter, Thing(kind), thing) == want
    undo = answer.content.decode().split(f'action="{place(kind, thing)}?want=none')[1].split('"')[0]
    reader.post(f"{place(kind, thing)}?want=none{undo.replace('&amp;', '&')}")
    assert ear_of(voter, Thing(kind), thing) == Ear.NONE


def test_looking_at_the_page_of_the_button_does_nothing(reader, post):
    for want in ("", "?want=mute", "?want=none"):
        assert reader.get(place("board", post.board) + want).status_code == 200
    assert not BoardFollow.objects.exists()


def test_htmx_gets_the_buttons_as_they_are_now(reader, post):
    said = reader.post(place("board", post.board), {"want": "follow"}, headers={"HX-Request": "true"}).content.decode()
    assert 'value="none" aria-pressed="true"' in said
    assert 'value="mute" aria-pressed="false"' in said


@pytest.mark.parametrize(
    "address", ["/follow/board/{}/", "/follow/tag/{}/", "/follow/post/{}/", "/follow/person/{}/", "/follow/nonsense/{}/"]
)
def test_what_is_not_there_is_not_followed(reader, address):
    assert reader.get(address.format(999_999)).status_code == 404
    assert reader.post(address.format(999_999), {"want": "follow"}).status_code == 404
    assert reader.post(address.format(999_999), {"want": "none"}).status_code == 404


def test_what_one_may_not_see_is_answered_like_what_was_never_there(reader, staff):
    hidden = make_post(author=staff, board=make_team_board(), tags=["secret"])
    for kind, thing in (("post", hidden), ("board", hidden.board), ("tag", Tag.objects.get())):
        assert reader.get(place(kind, thing)).status_code == 404
        assert reader.post(place(kind, thing), {"want": "follow"}).status_code == 404


def test_nobody_follows_themselves_or_who_left(reader, voter, now):
    gone = make_member(closed_at=now)
    for person in (voter, gone):
        assert reader.post(place("person", person), {"want": "follow"}).status_code == 404


def test_what_is_out_of_sight_by_now_has_no_name_and_can_be_let_go(reader, voter, post):
    board = make_board("cellar", name="Cellar of secrets")
    listen_to(member=voter, kind=Thing.BOARD, thing=board, ear=Ear.FOLLOW, at=timezone.now())
    Board.objects.filter(pk=board.pk).update(see=Audience.STAFF)
    page = reader.get("/me/follows/").content.decode()
    assert "Cellar" not in page
    assert "Something you may not see any more" in page
    answer = reader.post(place("board", board), {"want": "none"}, follow=True)
    assert "Cellar" not in answer.content.decode()
    assert not BoardFollow.objects.exists()


def test_the_list_shows_everything_each_with_its_undo(reader, voter, post):
    for kind, thing in ((Thing.POST, post), (Thing.BOARD, post.board), (Thing.TAG, Tag.objects.get())):
        listen_to(member=voter, kind=kind, thing=thing, ear=Ear.FOLLOW, at=timezone.now())
    listen_to(member=voter, kind=Thing.PERSON, thing=post.author, ear=Ear.MUTE, at=timezone.now())
    page = reader.get("/me/follows/").content.decode()
    assert all(name in page for name in ("Charge limit", "Battery", "Alarm", "Mara Lindqvist", "Muted"))
    assert page.count("Stop following") == 3
    assert page.count("Hear of it again") == 1


def test_a_post_let_go_in_the_list_does_not_come_back_with_the_next_vote(reader, voter, post):
    Follow.objects.create(member=voter, post=post)
    page = reader.get("/me/follows/").content.decode()
    assert 'name="want" value="mute"' in page
    reader.post(place("post", post), {"want": "mute", "next": "/me/follows/"})
    assert Follow.objects.get(member=voter, post=post).muted


def test_without_any_the_list_says_how_to_begin(reader):
    assert "You follow nothing yet" in reader.get("/me/follows/").content.decode()


def test_posts_are_paged_and_a_long_list_costs_no_more(reader, voter, board, queries_of):
    counts = []
    for more in (2, 33):
        for _ in range(more):
            Follow.objects.create(member=voter, post=make_post(board=board))
        counts.append(queries_of("/me/follows/"))
    assert counts[0] == counts[1]
    page = reader.get("/me/follows/").content.decode()
    after = page.split("?after=")[1].split('"')[0]
    assert (
        reader.get(f"/me/follows/?after={after}", headers={"HX-Request": "true"}).content.decode().count('class="followed"')
        == 5
    )


def test_a_visitor_follows_by_signing_in_at_the_end(client, post, code_in_mail):
    assert client.get(place("board", post.board)).status_code == 200
    answer = client.post(place("board", post.board), {"email": "new@example.org"})
    assert answer.status_code == 307
    client.post(answer.headers["Location"], {"email": "new@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
    assert BoardFollow.objects.get().member == Member.objects.get(email="new@example.org")


def test_visitors_have_no_list(client):
    assert client.get("/me/follows/").headers["Location"].startswith("/accounts/login/")


def test_a_tag_is_followed_by_whoever_sees_a_post_with_it(reader, voter, post):
    reader.post(place("tag", Tag.objects.get()), {"want": "follow"})
    assert TagFollow.objects.get().member == voter


def test_boards_tags_and_people_carry_the_button_and_oneself_does_not(reader, voter, post):
    places = {f"/boards/{post.board.slug}/": "board", "/tags/alarm/": "tag", post.author.get_absolute_url(): "person"}
    for address, kind in places.items():
        assert f'action="/follow/{kind}/' in reader.get(address).content.decode(), address
    assert "/follow/person/" not in reader.get(voter.get_absolute_url()).content.decode()


def test_a_visitors_button_carries_no_token(client, post):
    said = client.get(f"/boards/{post.board.slug}/").content.decode()
    form = said.split(f'action="/follow/board/{post.board.pk}/"')[1].split("</form>")[0]
    assert 'method="get"' in form
    assert "csrf" not in form
