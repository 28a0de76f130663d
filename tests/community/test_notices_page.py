"""What a member hears on the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.deliveries import drain
from community.models import Audience, Board, Notice, Post
from tests.factories import make_comment, make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def post(author, board, now):
    return make_post("Which charger do you use?", author=author, board=board, at=now)


@pytest.fixture
def reader(client, author):
    client.force_login(author)
    return client


def talk(post, count=1, name="Tomasz Wilk"):
    for number in range(count):
        make_comment(post, f"Word {number}.", author=make_member(name), at=timezone.now())
    drain()


def page(client, **query):
    return client.get("/me/notices/", query).content.decode()


def test_a_notice_says_who_said_what_where(reader, post):
    talk(post)
    assert "Tomasz Wilk commented on your post “Which charger do you use?”" in page(reader)


def test_looking_at_notices_reads_none_of_them(reader, post):
    talk(post)
    page(reader)
    assert Notice.objects.unread().count() == 1


def test_opening_one_reads_it_and_leads_to_the_comment(reader, post):
    talk(post)
    notice = Notice.objects.get()
    answer = reader.post(f"/me/notices/{notice.pk}/open/")
    assert answer.headers["Location"] == f"/comments/{notice.data['comment_id']}/"
    assert not Notice.objects.unread().exists()


def test_opening_by_get_is_refused(reader, post):
    talk(post)
    assert reader.get(f"/me/notices/{Notice.objects.get().pk}/open/").status_code == 405


def test_nobody_opens_anothers_notice(client, post, voter):
    talk(post)
    client.force_login(voter)
    assert client.post(f"/me/notices/{Notice.objects.get().pk}/open/").status_code == 404
    assert Notice.objects.unread().exists()


def test_all_can_be_read_at_once_and_only_ones_own(reader, post, author):
    talk(post, 3)
    reader.post("/me/notices/read/")
    assert set(Notice.objects.unread().values_list("member", flat=True)) & {author.pk} == set()
    assert Notice.objects.unread().exists()


def test_the_bell_counts_what_is_unread(reader, post):
    talk(post, 3)
    assert "3 unread" in page(reader)


def test_a_notice_of_something_closed_meanwhile_is_not_shown(reader, post):
    talk(post)
    Board.objects.filter(pk=post.board_id).update(see=Audience.STAFF)
    assert "Which charger" not in page(reader)


def test_opening_a_notice_of_something_gone_says_so_and_stays(reader, post):
    talk(post)
    Post.objects.filter(pk=post.pk).update(state="deleted")
    answer = reader.post(f"/me/notices/{Notice.objects.get().pk}/open/", follow=True)
    assert answer.redirect_chain == [("/me/notices/", 302)]
    assert "not here any more" in answer.content.decode()


def test_names_and_titles_are_words(reader, author, board, now):
    post = make_post("<script>alert(1)</script> & more", author=author, board=board, at=now)
    talk(post, name="<b>Eve</b>")
    assert "<script>alert" not in page(reader)
    assert "&lt;b&gt;Eve&lt;/b&gt;" in page(reader)


def test_without_notices_the_page_says_how_to_get_some(reader):
    assert "Nothing new yet" in page(reader)


def test_earlier_ones_are_a_page_away(reader, author, board):
    for number in range(35):
        talk(make_post(f"A thread number {number}", author=author, board=board, at=timezone.now()))
    first = page(reader)
    after = first.split("?after=")[1].split('"')[0]
    assert first.count('class="notice ') == 30
    assert page(reader, after=after).count('class="notice ') == 5


def test_htmx_gets_the_rows_alone(reader, post):
    talk(post)
    rows = reader.get("/me/notices/", headers={"HX-Request": "true"}).content.decode()
    assert rows.lstrip().startswith("<li")


def test_twenty_notices_cost_as_many_queries_as_two(reader, post):
    counts = []
    for more in (2, 18):
        talk(post, more)
        with CaptureQueriesContext(connection) as queries:
            page(reader)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "path", ["/me/notices/", "/me/notices/read/", "/me/notices/1/open/", "/me/notices/1/mark/", "/me/notices/unread/"]
)
def test_a_visitor_is_asked_to_sign_in(client, path):
    answer = client.get(path) if path == "/me/notices/" else client.post(path)
    assert answer.headers["Location"].startswith("/accounts/login/")
