"""The bell says how much is new, and asks for it seldom: never from a page that nobody looks at."""

import pytest
from django.utils import timezone

from community.deliveries import drain
from community.models import Notice
from community.notice_box import count_unread
from tests.factories import make_comment, make_member, make_post

pytestmark = pytest.mark.django_db
BELL = "/me/notices/bell/"


@pytest.fixture
def post(author, board):
    return make_post("Which charger do you use?", author=author, board=board, at=timezone.now())


@pytest.fixture
def reader(client, author):
    client.force_login(author)
    return client


def talk(post, count=1):
    for number in range(count):
        make_comment(post, f"Word {number}.", author=make_member("Tomasz Wilk", email=None), at=timezone.now())
    drain()


def test_it_says_how_much_is_new(reader, post):
    talk(post, 3)
    said = reader.get(BELL).content.decode()
    assert "3 unread" in said
    assert "<b " in said


def test_unchanged_it_is_304_and_says_nothing(reader, post):
    first = reader.get(BELL)
    again = reader.get(BELL, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    talk(post)
    assert reader.get(BELL, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_browser_may_keep_it_and_nobody_else(reader):
    kept = reader.get(BELL).headers["Cache-Control"]
    assert "private" in kept
    assert "no-cache" in kept
    assert "no-store" not in kept


def test_two_members_and_two_languages_have_different_bells(client, author, voter):
    tags = set()
    for member, language in ((author, "en"), (voter, "en"), (voter, "zh-hans")):
        client.force_login(member)
        client.cookies["django_language"] = language
        tags.add(client.get(BELL).headers["ETag"])
    assert len(tags) == 3


def test_a_visitor_has_no_bell(client):
    answer = client.get(BELL)
    assert (answer.status_code, answer.content) == (204, b"")
    assert 'id="bell"' not in client.get("/").content.decode()
    assert "bell.js" not in client.get("/").content.decode()


def test_asking_costs_three_queries_at_any_number(reader, post, django_assert_max_num_queries):
    talk(post, 20)
    tag = reader.get(BELL).headers["ETag"]
    with django_assert_max_num_queries(3):
        assert reader.get(BELL, headers={"If-None-Match": tag}).status_code == 304


def test_it_counts_to_99_and_no_further(reader, author, post):
    talk(post)
    first = Notice.objects.get(member=author)
    facts = [type(first.activity)(key=f"x{n}", verb="post_edited", at=timezone.now()) for n in range(150)]
    type(first.activity).objects.bulk_create(facts)
    Notice.objects.bulk_create(Notice(member=author, activity=fact, kind="comment_written", data=first.data) for fact in facts)
    assert count_unread(author) == 100
    assert "99+" in reader.get(BELL).content.decode()


def test_what_is_for_a_mail_alone_does_not_ring(reader, author, post):
    talk(post)
    Notice.objects.update(on_page=False)
    assert count_unread(author) == 0
    assert "Tomasz" not in reader.get("/me/notices/").content.decode()


def test_the_panel_shows_the_newest_and_leads_to_all(reader, post):
    talk(post)
    panel = reader.get("/me/notices/panel/").content.decode()
    assert "Tomasz Wilk commented" in panel
    assert 'href="/me/notices/"' in panel
    assert "<html" not in panel
    assert Notice.objects.unread().exists()
