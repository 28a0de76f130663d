"""Comments on the page: written, answered, mended, taken back, agreed with; with htmx and without."""

import pytest

from community.comments import delete_comment, hide_comment
from community.models import Comment, PostState
from tests.factories import NOW, make_board, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


@pytest.fixture
def address(post):
    return f"/posts/{post.pk}/comments/new/"


def test_a_plain_form_leads_to_the_comment(client, post, address, stranger):
    client.force_login(stranger)
    answer = client.post(address, {"body": "I *do*."})
    comment = Comment.objects.get()
    assert answer["Location"] == comment.get_absolute_url()
    assert "<em>do</em>" in client.get(post.get_absolute_url()).content.decode()


def test_htmx_gets_the_new_comment_alone(client, address, stranger):
    client.force_login(stranger)
    page = client.post(address, {"body": "I do."}, headers=HTMX).content.decode()
    assert f'id="comment-{Comment.objects.get().pk}"' in page and "<html" not in page


def test_an_empty_comment_is_shown_again_with_its_fault(client, address, stranger):
    client.force_login(stranger)
    for headers in ({}, HTMX):
        answer = client.post(address, {"body": "  "}, headers=headers)
        assert answer.status_code == 422
        assert "Please write something first." in answer.content.decode()
        assert 'aria-describedby="say-0-fault"' in answer.content.decode()


def test_too_long_a_comment_keeps_every_word(client, address, stranger):
    client.force_login(stranger)
    words = "word " * 4500
    answer = client.post(address, {"body": words})
    assert answer.status_code == 422
    assert words.strip() in answer.content.decode() and "20,000 bytes" in answer.content.decode()


def test_an_answer_stands_under_what_it_answers(client, post, address, stranger):
    first = make_comment(post, "I do.")
    client.force_login(stranger)
    assert f"Answer {first.author}" in client.get(f"{address}?parent={first.pk}").content.decode()
    client.post(address, {"body": "Me too.", "parent": first.pk})
    talk = client.get(post.get_absolute_url()).context["talk"]
    assert [answer.comment.body for answer in talk.threads[0].answers] == ["Me too."]


def test_a_parent_of_another_post_is_no_parent(client, address, stranger, author):
    elsewhere = make_comment(make_post("Elsewhere", author=author, board=make_board()))
    client.force_login(stranger)
    client.post(address, {"body": "Me too.", "parent": elsewhere.pk})
    assert Comment.objects.get(body="Me too.").parent is None


def test_the_author_mends_the_comment(client, post, stranger):
    comment = make_comment(post, "I do.", author=stranger)
    client.force_login(stranger)
    assert "I do." in client.get(f"/comments/{comment.pk}/edit/").content.decode()
    page = client.post(f"/comments/{comment.pk}/edit/", {"body": "I really do."}, headers=HTMX).content.decode()
    assert "I really do." in page and "<html" not in page
    assert "edited" in client.get(post.get_absolute_url()).content.decode()


def test_taking_a_comment_back_leaves_an_undo_in_its_place(client, post, stranger):
    comment = make_comment(post, "I do.", author=stranger)
    client.force_login(stranger)
    page = client.post(f"/comments/{comment.pk}/delete/", headers=HTMX).content.decode()
    assert f"/comments/{comment.pk}/restore/" in page
    assert "I do." not in client.get(post.get_absolute_url()).content.decode()
    client.post(f"/comments/{comment.pk}/restore/", headers=HTMX)
    assert "I do." in client.get(post.get_absolute_url()).content.decode()


def test_without_script_the_undo_is_in_the_message(client, post, stranger):
    comment = make_comment(post, "I do.", author=stranger)
    client.force_login(stranger)
    page = client.post(f"/comments/{comment.pk}/delete/", follow=True).content.decode()
    assert f'action="/comments/{comment.pk}/restore/"' in page


@pytest.mark.parametrize("act", ["edit", "delete", "restore"])
def test_nobody_else_changes_a_comment(client, post, stranger, act):
    comment = make_comment(post, "I do.")
    client.force_login(stranger)
    assert client.post(f"/comments/{comment.pk}/{act}/", {"body": "Mine"}).status_code == 404
    assert Comment.objects.get(pk=comment.pk).body == "I do."


def test_agreeing_twice_is_no_longer_agreeing(client, post, stranger):
    comment = make_comment(post, "I do.")
    client.force_login(stranger)
    assert "<span>Agree</span> 1" in client.post(f"/comments/{comment.pk}/react/", headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in client.get(post.get_absolute_url()).content.decode()
    assert "<span>Agree</span> 1" not in client.post(f"/comments/{comment.pk}/react/", headers=HTMX).content.decode()


def test_answers_stay_when_what_they_answer_is_gone(client, post, author):
    first = make_comment(post, "A gone thought", author=author)
    make_comment(post, "A lasting answer", parent=first)
    delete_comment(comment=first, by=author, at=NOW)
    page = client.get(post.get_absolute_url()).content.decode()
    assert "This comment was taken back." in page
    assert "A lasting answer" in page and "A gone thought" not in page


def test_a_hidden_comment_is_seen_by_the_team_alone(client, post, staff, stranger):
    hide_comment(comment=make_comment(post, "A rude word", author=stranger), by=staff, at=NOW)
    for person, seen in ((None, False), (stranger, False), (staff, True)):
        client.logout()
        if person:
            client.force_login(person)
        assert ("A rude word" in client.get(post.get_absolute_url()).content.decode()) is seen


def test_the_best_stand_first_and_the_new_on_wish(client, post):
    old, good, new = (make_comment(post, body) for body in ("Old", "Good", "New"))
    Comment.objects.filter(pk=good.pk).update(agrees=3)

    def order(query: str) -> list[str]:
        return [thread.comment.body for thread in client.get(post.get_absolute_url() + query).context["talk"].threads]

    assert order("") == ["Good", "Old", "New"]
    assert order("?talk=new") == ["New", "Good", "Old"]
    assert order("?talk=nonsense") == order("")


def test_long_talk_comes_in_pages(client, post, author):
    for number in range(35):
        make_comment(post, f"Comment {number:02}", author=author)
    first = client.get(post.get_absolute_url()).context["talk"]
    rest = client.get(post.get_absolute_url(), {"after": first.after}, headers=HTMX)
    assert (len(first.threads), len(rest.context["talk"].threads)) == (30, 5)
    assert "<html" not in rest.content.decode()


def test_a_closed_board_says_that_comments_are_closed(client, author, stranger):
    post = make_post("Read only", author=author, board=make_board(comment="staff"))
    client.force_login(stranger)
    assert "Comments are closed here." in client.get(post.get_absolute_url()).content.decode()
    answer = client.post(f"/posts/{post.pk}/comments/new/", {"body": "But I must."}, headers=HTMX)
    assert answer.status_code == 403 and answer["HX-Retarget"] == "#toasts"


def test_a_comment_on_what_one_may_not_see_is_a_404(client, post, stranger):
    post.state = PostState.HIDDEN
    post.save()
    client.force_login(stranger)
    assert client.post(f"/posts/{post.pk}/comments/new/", {"body": "Hello?"}).status_code == 404


def test_a_session_that_ended_leads_to_the_sign_in(client, post):
    comment = make_comment(post, "I do.", author=make_member())
    answer = client.post(f"/comments/{comment.pk}/delete/", headers=HTMX)
    assert answer["HX-Redirect"].startswith("/accounts/login/")
