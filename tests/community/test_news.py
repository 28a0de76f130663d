"""The mail about what just happened: true when it is sent, readable, safe, and with a way out."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.comments import delete_comment
from community.deliveries import drain
from community.follows import follow_post
from community.mail_choices import stop_list
from community.mail_threads import KIND
from community.mailings import send_batch
from community.models import Audience, Board, Mailing, MailList, Member, Notice, Post, PostState
from community.news import compose_news
from feedback.triage import change_status
from tests.factories import make_comment, make_member, make_post, make_suggestion
from tests.letters import Tree, html_of, parsed, text_of

pytestmark = pytest.mark.django_db
NASTY = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><svg onload=alert(1)>", "{{ 7|add:7 }}{% now 'Y' %}",
         "javascript:alert(1)//", "<a href='http://evil.example'>x</a>", "'\"`<!--", "</td></table><h1>Hi</h1>"]  # fmt: skip


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def post(author, board, now):
    return make_post("Which charger do you use?", author=author, board=board, at=now)


def say(post, body="A small one.", *, by=None, at=None):
    comment = make_comment(post, body, author=by or make_member("Tomasz Wilk"), at=at or timezone.now())
    drain()
    return comment


def send(after=timedelta(minutes=10)):
    return dict(send_batch(kind=KIND, at=timezone.now() + after))


def sent_to(member):
    (letter,) = [letter for letter in mail.outbox if letter.to == [member.email]]
    return letter


def test_a_comment_becomes_a_mail_that_says_who_said_what_where(post, author):
    say(post)
    send()
    letter = sent_to(author)
    assert letter.subject == "Tomasz Wilk commented on your post “Which charger do you use?”"
    assert "A small one." in text_of(letter)
    assert "http://127.0.0.1:8000/comments/" in text_of(letter)


def test_several_comments_are_one_mail_with_all_of_them(post, author):
    for body in ("First.", "Second.", "Third."):
        say(post, body)
    send()
    assert sent_to(author).subject.endswith(", and 2 more")
    assert all(body in Tree(html_of(sent_to(author))).read for body in ("First.", "Second.", "Third."))


def test_a_flood_is_a_short_mail_that_counts_the_rest(post, author):
    for number in range(15):
        say(post, f"Word {number}.")
    send()
    assert sent_to(author).subject.endswith(", and 14 more")
    assert "3 more wait on the page" in text_of(sent_to(author))
    assert "Word 11." in text_of(sent_to(author))
    assert "Word 12." not in text_of(sent_to(author))


def test_a_decision_leads_the_mail_that_also_brings_talk(author, board, staff, now):
    wish = make_suggestion("Charge limit", author=author, board=board, at=now)
    say(wish.post)
    change_status(suggestion=wish, to="planned", by=staff, at=now)
    drain()
    send()
    assert sent_to(author).subject == "“Charge limit” is planned, and one more"


def test_nothing_is_sent_before_two_minutes_have_passed(post):
    say(post)
    assert send(after=timedelta(seconds=100)) == {}


@pytest.mark.parametrize(
    "undo",
    [
        lambda post, comment: delete_comment(comment=comment, by=comment.author, at=timezone.now()),
        lambda post, comment: Post.objects.filter(pk=post.pk).update(state=PostState.DELETED),
        lambda post, comment: Board.objects.filter(pk=post.board_id).update(see=Audience.STAFF),
        lambda post, comment: stop_list(member=post.author, name=MailList.COMMENTS, at=timezone.now()),
        lambda post, comment: Member.objects.filter(pk=post.author_id).update(closed_at=timezone.now()),
        lambda post, comment: Member.objects.filter(pk=post.author_id).update(is_active=False),
        lambda post, comment: Notice.objects.update(read_at=timezone.now()),
    ],
    ids=["comment deleted", "post deleted", "board closed", "list stopped", "account closed", "banned", "read on the page"],
)
def test_what_is_no_longer_so_is_not_sent(post, undo):
    undo(post, say(post))
    assert send() == {"skipped": 1}
    assert mail.outbox == []


def test_what_is_left_is_sent_without_what_is_gone(post, author):
    say(post, "Stays.")
    delete_comment(comment=(gone := say(post, "Goes.")), by=gone.author, at=timezone.now())
    send()
    assert "Stays." in text_of(sent_to(author))
    assert "Goes." not in text_of(sent_to(author))


def test_a_status_and_a_comment_are_one_mail_on_the_weightier_list(author, board, staff, now):
    wish = make_suggestion("Charge limit", author=author, board=board, at=now)
    say(wish.post)
    change_status(suggestion=wish, to="planned", by=staff, answer="We build it.", at=now)
    drain()
    send()
    assert parsed(sent_to(author))["List-Id"].startswith("<status.")
    assert "Planned, 3 of 6" in Tree(html_of(sent_to(author))).read


def test_a_list_that_was_stopped_leaves_the_other_one_be(author, board, staff, now):
    wish = make_suggestion("Charge limit", author=author, board=board, at=now)
    say(wish.post, "Only a comment.")
    change_status(suggestion=wish, to="planned", by=staff, at=now)
    drain()
    stop_list(member=author, name=MailList.STATUS, at=now)
    send()
    assert parsed(sent_to(author))["List-Id"].startswith("<comments.")
    assert "planned" not in text_of(sent_to(author)).lower()


def test_the_headers_let_a_mail_program_stop_the_list_in_one_click(post, author):
    say(post)
    send()
    letter = parsed(sent_to(author))
    assert letter["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/mail/unsubscribe/")
    assert letter["List-Unsubscribe"].endswith("/>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == Mailing.objects.get().message_id


def test_the_way_out_is_one_unfolded_header_line(post, author):
    say(post)
    send()
    raw = sent_to(author).message().as_bytes().decode()
    (line,) = [line for line in raw.splitlines() if line.startswith("List-Unsubscribe: ")]
    assert line.endswith(">")
    assert len(line) < 998


def test_mails_of_one_thread_name_the_same_one(post, author, voter):
    follow_post(member=voter, post=post, at=timezone.now())
    say(post)
    send()
    assert len({parsed(letter)["References"] for letter in mail.outbox}) == 1


@pytest.mark.parametrize("text", NASTY)
def test_names_titles_and_words_are_words(text, author, board, now):
    post = make_post(f"Title {text}", author=author, board=board, at=now)
    say(post, f"Said {text}", by=make_member(f"Eve {text}"[:60], username="eve"))
    send()
    page = Tree(html_of(sent_to(author)))
    assert not page.names() & {"script", "svg", "img", "iframe", "form", "object"}
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert all(link.startswith("http://127.0.0.1:8000/") for link in page.links)


def test_a_title_reads_the_same_in_html_and_text(author, board, now):
    post = make_post("Tom & Jerry <3 “quotes” 'n' %s", author=author, board=board, at=now)
    say(post)
    send()
    assert "Tom & Jerry <3 “quotes” 'n' %s" in Tree(html_of(sent_to(author))).read
    assert "Tom & Jerry <3 “quotes” 'n' %s" in text_of(sent_to(author))


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
def test_no_sign_in_a_title_or_name_makes_a_second_header(sign, post, author):
    Post.objects.filter(pk=post.pk).update(title=f"Hello{sign}Bcc: all@example.org")
    say(post, by=make_member(f"Eve{sign}X-Evil: yes", username="eve"))
    assert send() == {"sent": 1}
    letter = parsed(sent_to(author))
    assert letter["Bcc"] is None
    assert letter["X-Evil"] is None
    assert "\n" not in letter["Subject"]


def test_a_name_that_looks_like_an_address_is_no_link_in_a_mail(post, author):
    say(post, by=make_member("win.example.com http://evil.example", username="eve"))
    send()
    assert "win.example.com" not in text_of(sent_to(author))
    assert "evil.example" not in sent_to(author).subject


def test_it_is_in_the_readers_language(post, author):
    Member.objects.filter(pk=author.pk).update(language="zh-hant")
    say(post)
    send()
    assert '<html lang="zh-hant"' in html_of(sent_to(author))


def test_styles_are_in_the_tags_and_dark_mode_is_kept(post, author):
    say(post)
    send()
    html = html_of(sent_to(author))
    assert "prefers-color-scheme: dark" in html
    assert any("background" in (attrs.get("style") or "") for tag, attrs in Tree(html).tags if tag == "table")


def test_twenty_mails_cost_as_many_queries_to_compose_as_two(board, now):
    counts = []
    for crowd in (2, 20):
        Mailing.objects.all().delete()
        for _ in range(crowd):
            make_comment(make_post(board=board, at=now), at=now)
        drain()
        rows = list(Mailing.objects.select_related("member"))
        with CaptureQueriesContext(connection) as queries:
            assert len(compose_news(rows, now)) == crowd
        counts.append(len(queries))
    assert counts[0] == counts[1]
