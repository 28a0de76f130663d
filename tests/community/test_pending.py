"""What a visitor does before signing in is kept, and counts once the code is entered."""

from datetime import timedelta

import pytest

from community.follows import unfollow_post
from community.models import Comment, Follow, Member, Post, Reaction
from community.pending import KEPT_FOR, keep_act, waiting_acts
from community.posts import hide_post
from community.reactions import react
from feedback.models import Vote
from tests.factories import NOW, make_board, make_comment, make_moderator, make_suggestion

pytestmark = pytest.mark.django_db
MAIL = "nora@example.org"


@pytest.fixture(autouse=True)
def without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def come_in(client, code_in_mail):
    """Nora asks for a code, types it, and lands where the site takes her."""

    def enter(*wrong: str):
        client.post("/accounts/login/code/", {"email": MAIL})
        for code in wrong:
            client.post("/accounts/login/code/confirm/", {"code": code})
        return client.post("/accounts/login/code/confirm/", {"code": code_in_mail()}, follow=True)

    return enter


@pytest.fixture
def wish(author, board):
    return make_suggestion("A quieter alarm", author=author, board=board)


def test_a_vote_counts_after_the_code_and_is_thanked_for(client, wish, come_in):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    landed = come_in()
    assert Vote.objects.standing().filter(suggestion=wish, member__email=MAIL).exists()
    assert landed.redirect_chain[-1][0] == wish.post.get_absolute_url()
    assert "Your vote for “A quieter alarm” counts" in landed.content.decode()
    assert Follow.objects.filter(post=wish.pk, member__email=MAIL, muted=False).exists()


def test_nothing_counts_before_the_code(client, wish):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    client.post("/accounts/login/code/", {"email": MAIL})
    assert Vote.objects.filter(suggestion=wish).count() == 1


def test_the_sign_in_page_says_what_is_kept(client, wish):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    assert "Your vote for “A quieter alarm” is kept." in client.get("/accounts/login/").content.decode()


def test_the_mail_address_given_with_the_vote_goes_straight_to_the_code(client, wish, mailoutbox):
    answer = client.post(f"/posts/{wish.pk}/vote/", {"want": "vote", "email": MAIL})
    assert (answer.status_code, answer["Location"]) == (307, "/accounts/login/code/")
    client.post(answer["Location"], {"want": "vote", "email": MAIL})
    page = client.get("/accounts/login/code/confirm/").content.decode()
    assert mailoutbox[-1].to == [MAIL] and "is kept" in page


def test_wrong_codes_lose_nothing(client, wish, come_in):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    come_in("WRONG-1", "WRONG-2", "WRONG-3", "WRONG-4")
    come_in()
    assert Vote.objects.standing().filter(suggestion=wish, member__email=MAIL).exists()


def test_another_address_loses_nothing(client, wish, come_in):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    client.post("/accounts/login/code/", {"email": "mistyped@example.org"})
    client.post("/accounts/logout/", {"next": "/accounts/login/"})
    come_in()
    assert Vote.objects.standing().filter(suggestion=wish, member__email=MAIL).exists()


def test_a_post_is_posted_with_all_that_was_typed(client, board, come_in):
    typed = {
        "title": "充电记得我的闹钟",
        "body": "**Why**",
        "kind": "suggestion",
        "board": board.slug,
        "tags": "充电",
        "need": "1000",
    }
    client.post("/posts/new/", typed)
    landed = come_in()
    post = Post.objects.get()
    assert (post.title, post.body, post.author.email) == ("充电记得我的闹钟", "**Why**", MAIL)
    assert post.suggestion.votes.get().need == 1000 and post.tags.get().name == "充电"
    assert landed.redirect_chain[-1][0] == post.get_absolute_url()


def test_a_comment_is_posted_in_its_thread(client, wish, come_in):
    first = make_comment(wish.post)
    client.post(f"/posts/{wish.pk}/comments/new/", {"body": "Me too.", "parent": first.pk})
    come_in()
    comment = Comment.objects.get(body="Me too.")
    assert (comment.parent, comment.author.email) == (first, MAIL)


def test_following_and_agreeing_wait_too(client, wish, come_in):
    comment = make_comment(wish.post)
    client.post(f"/posts/{wish.pk}/follow/")
    client.post(f"/comments/{comment.pk}/react/")
    come_in()
    assert Follow.objects.filter(post=wish.pk, member__email=MAIL, muted=False).exists()
    assert Reaction.objects.filter(comment=comment, member__email=MAIL).exists()


def test_several_acts_are_all_carried_out(client, wish, come_in):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    client.post(f"/posts/{wish.pk}/comments/new/", {"body": "Me too."})
    come_in()
    assert Vote.objects.filter(member__email=MAIL).exists() and Comment.objects.filter(author__email=MAIL).exists()


def test_a_member_who_voted_before_is_not_counted_twice_nor_taken_back(client, wish, author, code_in_mail):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    client.post("/accounts/login/code/", {"email": author.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
    assert Vote.objects.standing().filter(suggestion=wish, member=author).count() == 1


def test_an_agreement_given_before_is_not_taken_back(client, wish, author, code_in_mail):
    comment = make_comment(wish.post)
    react(comment=comment, member=author, sign="agree", at=NOW)
    client.post(f"/comments/{comment.pk}/react/")
    client.post("/accounts/login/code/", {"email": author.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
    assert Reaction.objects.filter(comment=comment, member=author).exists()


def test_a_follow_asked_for_ends_a_mute(client, wish, author, code_in_mail):
    unfollow_post(member=author, post=wish.post, at=NOW)
    client.post(f"/posts/{wish.pk}/follow/", {"want": "follow"})
    client.post("/accounts/login/code/", {"email": author.email})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
    assert not Follow.objects.get(post=wish.pk, member=author).muted


def test_a_refused_post_waits_in_the_composer_with_every_word(client, board, come_in):
    typed = {
        "title": "A wish of mine",
        "body": "All my words",
        "kind": "suggestion",
        "board": board.slug,
        "tags": "One",
        "need": "500",
    }
    client.post("/posts/new/", typed)
    board.post = "staff"
    board.save()
    landed = come_in().content.decode()
    assert "This board is not open" in landed
    assert 'value="A wish of mine"' in landed and "All my words" in landed and 'value="500" checked' in landed


def test_a_refused_comment_waits_in_its_box(client, wish, board, come_in):
    client.post(f"/posts/{wish.pk}/comments/new/", {"body": "All my words"})
    board.comment = "staff"
    board.save()
    landed = come_in().content.decode()
    assert "Comments are closed for you" in landed and "All my words" in landed


def test_a_vote_for_what_is_gone_meanwhile_is_told(client, wish, board, come_in):
    client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"})
    hide_post(post=wish.post, by=make_moderator(board=board), at=NOW)
    come_in()
    assert not Vote.objects.filter(member__email=MAIL).exists()


def test_a_draft_is_gone_once_it_is_posted(client, author):
    make_board("open")
    client.force_login(author)
    session = client.session
    session["drafts"] = {"post": {"title": "Old draft", "body": "", "kind": "bug", "board": "open", "tags": [], "extras": {}}}
    session.save()
    assert "Old draft" in client.get("/posts/new/").content.decode()
    client.post("/posts/new/", {"title": "Now posted", "body": "", "kind": "bug", "board": "open", "tags": ""})
    assert "Old draft" not in client.get("/posts/new/").content.decode()


def test_what_was_done_hours_ago_is_not_done_for_somebody_else(rf):
    request = rf.get("/")
    request.session = {}
    keep_act(request, "vote", {"post": 1, "need": None}, at=NOW)
    assert waiting_acts(request, at=NOW + KEPT_FOR - timedelta(seconds=1))
    assert not waiting_acts(request, at=NOW + KEPT_FOR)


def test_the_same_act_twice_waits_once_and_only_a_few_wait_at_all(rf):
    request = rf.get("/")
    request.session = {}
    for number in [1, 1, 2, 3, 4, 5, 6]:
        keep_act(request, "vote", {"post": number, "need": None}, at=NOW)
    assert [act["data"]["post"] for act in waiting_acts(request, at=NOW)] == [2, 3, 4, 5, 6]


def test_looking_at_a_confirm_page_does_nothing(client, wish):
    page = client.get(f"/posts/{wish.pk}/vote/").content.decode()
    assert "csrfmiddlewaretoken" in page and "Vote for “A quieter alarm”" in page
    assert not waiting_acts_of(client)


def waiting_acts_of(client) -> list:
    return client.session.get("pending_acts", [])


def test_a_vote_planted_from_another_site_is_refused(wish):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/posts/{wish.pk}/vote/", {"want": "vote"}).status_code == 403
    assert not Member.objects.filter(email=MAIL).exists()
