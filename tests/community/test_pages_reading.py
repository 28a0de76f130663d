"""Coming back to a talk, finding a comment again, and leaving signs, as the pages do it."""

import pytest

from community.comments import delete_comment, hide_comment
from community.deliveries import drain
from community.members import note_visit
from community.models import Reaction, ReadMark
from community.posts import name_language
from community.reactions import react
from community.read_marks import note_read
from community.refusals import Invalid, NotAllowed
from community.writing.answers import accept_answer
from feedback.triage import change_status
from tests.factories import NOW, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


def page(client, address: str, **more) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_visit_leaves_a_mark_and_a_visitor_none(client, post, voter):
    make_comment(post, "I do.")
    page(client, post.get_absolute_url())
    assert not ReadMark.objects.exists()
    client.force_login(voter)
    page(client, post.get_absolute_url())
    assert ReadMark.objects.get().seen == post.comments.get().pk


def test_what_is_new_is_one_press_away_and_stays_new_while_one_looks_around(client, post, voter):
    note_read(member=voter, post=post, at=NOW)
    fresh = make_comment(post, "I do.")
    client.force_login(voter)
    first = page(client, post.get_absolute_url())
    assert "1 new since you were here" in first and "comment-fresh" in first
    jump = f"{post.get_absolute_url()}?comment={fresh.pk}&amp;since=0#comment-{fresh.pk}"
    assert jump in first
    assert "comment-fresh" in page(client, f"{post.get_absolute_url()}?comment={fresh.pk}&since=0")
    again = page(client, post.get_absolute_url())
    assert "new since you were here" not in again and "comment-fresh" not in again


def test_ones_own_fresh_comment_is_not_new_the_next_time(client, post, voter):
    client.force_login(voter)
    client.post(f"/posts/{post.pk}/comments/new/", {"body": "I do."}, headers=HTMX)
    assert "new since you were here" not in page(client, post.get_absolute_url())


def test_the_short_address_of_a_comment_finds_its_page(client, post, author):
    comments = [make_comment(post, f"Comment {number:02}", author=author) for number in range(70)]
    answer = client.get(f"/comments/{comments[50].pk}/")
    assert answer["Location"] == comments[50].get_absolute_url()
    shown = page(client, answer["Location"])
    assert f'id="comment-{comments[50].pk}"' in shown and "comment-wanted" in shown
    assert "Show earlier comments" in shown and "Comment 00" not in shown


@pytest.mark.parametrize("act", ["", "answers/", "reactions/"])
def test_a_comment_one_may_not_see_has_no_address(client, post, author, staff, act):
    hidden, gone = make_comment(post, "Rude", author=author), make_comment(post, "Oops", author=author)
    hide_comment(comment=hidden, by=staff, at=NOW)
    delete_comment(comment=gone, by=author, at=NOW)
    for comment in (hidden, gone):
        assert client.get(f"/comments/{comment.pk}/{act}").status_code == 404
    assert client.get(f"/comments/999999/{act}").status_code == 404


def test_a_long_talk_goes_on_both_ways_without_a_page_between(client, post, author):
    comments = [make_comment(post, f"Comment {number:02}", author=author) for number in range(90)]
    middle = client.get(f"{post.get_absolute_url()}?comment={comments[40].pk}").context["talk"]
    earlier = page(client, f"{post.get_absolute_url()}?before={middle.before}", headers=HTMX)
    later = page(client, f"{post.get_absolute_url()}?after={middle.after}", headers=HTMX)
    assert "<html" not in earlier + later
    assert "Comment 37" in earlier and "Show more comments" not in earlier
    assert "Comment 89" in later and "Show earlier comments" not in later


def test_a_long_chain_opens_in_its_place_or_on_a_page_of_its_own(client, post, author):
    root = make_comment(post, "Root", author=author)
    answers = [make_comment(post, f"Answer {number:02}", author=author, parent=root) for number in range(40)]
    shown = page(client, post.get_absolute_url())
    assert "Show 36 more answers" in shown and "Answer 04" not in shown
    rest = page(client, f"/comments/{root.pk}/answers/?after={answers[3].pk}", headers=HTMX)
    assert "Answer 04" in rest and "Answer 03" not in rest and "<html" not in rest and "Show more answers" in rest
    whole = page(client, f"/comments/{root.pk}/answers/")
    assert "40 answers" in whole and "<html" in whole and "noindex" in whole
    assert client.get(f"/comments/{answers[0].pk}/answers/").status_code == 404


def test_answers_of_a_gone_comment_can_still_be_opened(client, post, author):
    root = make_comment(post, "Gone words", author=author)
    make_comment(post, "A lasting answer", parent=root)
    delete_comment(comment=root, by=author, at=NOW)
    shown = page(client, f"/comments/{root.pk}/answers/")
    assert "A lasting answer" in shown and "Gone words" not in shown


def test_the_official_answer_is_one_press_away(client, suggestion, staff):
    assert 'href="#answer"' not in page(client, suggestion.post.get_absolute_url())
    change_status(suggestion=suggestion, to="planned", by=staff, answer="We build it.", at=NOW)
    drain()
    shown = page(client, suggestion.post.get_absolute_url())
    assert 'href="#answer"' in shown and 'id="answer"' in shown


def test_the_accepted_answer_is_one_press_away_and_marked(client, author, board):
    question = make_post("Can I move it?", author=author, board=board, kind="question")
    comment = make_comment(question, "Yes.")
    accept_answer(comment=comment, by=author, at=NOW)
    shown = page(client, question.get_absolute_url())
    assert f'class="pick" href="/comments/{comment.pk}/"' in shown


@pytest.mark.parametrize("kind", ["comment", "post"])
def test_one_tap_leaves_a_sign_and_the_next_takes_it_back(client, post, voter, kind):
    thing = make_comment(post, "I do.") if kind == "comment" else post
    address = f"/{kind}s/{thing.pk}/react/"
    client.force_login(voter)
    for signs, pressed in ((1, "true"), (0, "false")):
        shown = client.post(address, {"sign": "thanks"}, headers=HTMX).content.decode()
        assert Reaction.objects.count() == signs and f'value="thanks" aria-pressed="{pressed}"' in shown
    answer = client.post(address, {"sign": "agree"})
    assert answer["Location"] == thing.get_absolute_url()


def test_an_unknown_sign_is_agreement(client, post, voter):
    client.force_login(voter)
    client.post(f"/posts/{post.pk}/react/", {"sign": "angry"})
    assert Reaction.objects.get().sign == "agree"


def test_a_visitor_is_asked_first_and_their_sign_waits(client, post):
    asked = page(client, f"/posts/{post.pk}/react/?sign=delighted")
    assert 'name="sign" value="delighted"' in asked and 'type="email"' in asked
    answer = client.post(f"/posts/{post.pk}/react/", {"sign": "delighted"})
    assert answer["Location"] == "/accounts/login/" and not Reaction.objects.exists()


def test_fifty_signs_a_day_are_enough(client, post, voter, settings):
    settings.RATE_LIMITS = True
    client.force_login(voter)
    codes = {client.post(f"/posts/{post.pk}/react/", {"sign": "agree"}, headers=HTMX).status_code for _sign in range(50)}
    assert codes == {200}
    assert client.post(f"/posts/{post.pk}/react/", {"sign": "agree"}, headers=HTMX).status_code == 429


def test_who_left_which_sign_can_be_read(client, post, voter, stranger):
    for member, sign in ((voter, "agree"), (stranger, "delighted")):
        react(member=member, sign=sign, at=NOW, post=post)
    shown = page(client, f"/posts/{post.pk}/reactions/")
    assert "Tomasz Wilk" in shown and "Nora Neu" in shown and "Delighted" in shown and "Puzzled" not in shown
    assert "<html" not in page(client, f"/posts/{post.pk}/reactions/", headers=HTMX)
    comment = make_comment(post, "I do.")
    assert "Yours would be the first" in page(client, f"/comments/{comment.pk}/reactions/")


def test_home_tells_a_member_what_came_since_they_were_here(client, post, voter, hours, time_machine):
    note_visit(member=voter, at=NOW - hours(48), read=True)
    note_read(member=voter, post=post, at=NOW - hours(48))
    make_comment(post, "I do.", at=NOW)
    time_machine.move_to(NOW + hours(1))
    client.force_login(voter)
    since = client.get("/").context["since"]
    assert [(row.post_id, row.fresh) for row in since.threads] == [(post.pk, 1)]
    assert [(kind, count) for kind, _name, count in since.kinds] == [("discussion", 1)]
    assert "Since you were here" in page(client, "/")


def test_home_says_nothing_where_nothing_came(client, post):
    assert client.get("/").context["since"] is None
    client.force_login(make_member())
    assert "Since you were here" not in page(client, "/")


def test_those_who_keep_a_board_set_a_language_and_nobody_else(post, moderator, voter):
    assert name_language(post=post, language="zh-Hant", by=moderator).language == "zh-Hant"
    with pytest.raises(NotAllowed):
        name_language(post=post, language="en", by=voter)
    with pytest.raises(Invalid):
        name_language(post=post, language="tlh", by=moderator)
