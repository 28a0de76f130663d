"""Quotes: somebody's words, with a line that says whose they are."""

import pytest
from django.urls import reverse

from community.comments import hide_comment
from community.mentions.quotes import LONGEST, MOST_LINES, quote
from community.models import Comment
from community.rendering import render
from tests.attacks.test_xss_sinks import PAYLOADS, alive
from tests.factories import make_comment, make_member, make_post, make_staff, make_team_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(board):
    return make_comment(make_post(board=board), "Two things:\n\n- the alarm\n- the **night**", author=make_member("Mara"))


def test_a_quote_has_the_words_and_whose_they_are(comment):
    assert quote(comment) == (f"> [Mara](/comments/{comment.pk}/):\n>\n> Two things:\n>\n> - the alarm\n> - the **night**\n\n")


def test_a_post_is_quoted_the_same_way(board):
    post = make_post(board=board, body="Why not?", author=make_member("Mara"))
    assert quote(post) == f"> [Mara](/posts/{post.pk}/):\n>\n> Why not?\n\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("> older\n\nNewer", "> Newer"),
        ("See ![a cracked screen](/pictures/7/) here", "> See a cracked screen here"),
        ("![](/pictures/7/)Text", "> Text"),
        ("a\n\n\n\n\nb", "> a\n>\n> b"),
    ],
)
def test_what_was_quoted_before_is_left_out_and_pictures_are_their_words(comment, body, words):
    comment.body = body
    assert quote(comment).split(":\n>\n", 1)[1].strip() == words


def test_a_long_text_is_cut(comment):
    comment.body = "\n".join(f"line {n}" for n in range(40))
    assert quote(comment).count("\n>") == MOST_LINES + 1 and "…" in quote(comment)
    comment.body = "word " * 400
    assert len(quote(comment)) < LONGEST + 100


def test_a_fence_that_is_cut_is_closed_again(comment):
    comment.body = "```\n" + "x\n" * 40 + "```"
    assert "Answer" in render(quote(comment) + "Answer").split("</blockquote>")[1]


@pytest.mark.parametrize("name", [*PAYLOADS[:40], "a](https://evil.example)[b", "*x*", "`", "\\", "]", "<b>"])
def test_no_name_breaks_out_of_its_line(comment, name):
    comment.author.display_name = name[:60]
    html = render(quote(comment) + "Answer")
    assert alive(html) == [] and 'href="https://evil' not in html and html.count("<blockquote>") == 1
    assert f'href="/comments/{comment.pk}/"' in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_quoted_runs_no_more_than_it_did(comment, payload):
    comment.body = payload
    assert alive(render(quote(comment))) == []


def form_of(client, post, **wish) -> str:
    return client.get(reverse("comment-new", args=[post.pk]), wish).content.decode()


def test_the_comment_form_begins_with_the_quote_without_any_script(client, comment):
    client.force_login(make_member())
    page = form_of(client, comment.post, quote=comment.pk, parent=comment.pk)
    assert f"&gt; [Mara](/comments/{comment.pk}/):" in page and "&gt; - the alarm" in page


def test_a_visitor_may_begin_with_a_quote_too(client, comment):
    assert "&gt; Two things:" in form_of(client, comment.post, quote=comment.pk)


def test_the_post_itself_may_be_quoted(client, comment):
    assert f"(/posts/{comment.post_id}/):" in form_of(client, comment.post, quote="post")


def test_nothing_is_quoted_that_one_may_not_read(client, comment, now):
    hide_comment(comment=comment, by=make_staff(), at=now)
    assert "Two things" not in form_of(client, comment.post, quote=comment.pk)
    closed = make_comment(make_post(board=make_team_board(), author=make_staff()), "Closed words", author=make_staff())
    assert "Closed words" not in form_of(client, comment.post, quote=closed.pk)


@pytest.mark.parametrize("wish", ["x", "9" * 30, "-1", "²"])
def test_a_strange_wish_is_an_empty_form(client, comment, wish):
    assert "&gt; [" not in form_of(client, comment.post, quote=wish)


def test_each_comment_offers_to_be_quoted(client, comment):
    page = client.get(comment.post.get_absolute_url()).content.decode()
    assert f"?parent={comment.pk}&amp;quote={comment.pk}" in page and "?quote=post" in page
    assert Comment.objects.count() == 1
