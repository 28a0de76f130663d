"""Notices are grouped by post, read one by one, together or up to a point, unread again, and swept when they are old."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.deliveries import drain
from community.models import Activity, MailList, Notice
from community.notice_box import KEPT_FOR, KEPT_READ_FOR, sweep_notices
from feedback.triage import change_status
from tests.factories import make_comment, make_member, make_post, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author, board):
    return make_post("Which charger do you use?", author=author, board=board, at=timezone.now())


@pytest.fixture
def reader(client, author):
    client.force_login(author)
    return client


def talk(post, count=1):
    for number in range(count):
        make_comment(post, f"Word {number}.", author=make_member(f"Tomasz {number}", email=None), at=timezone.now())
    drain()


def page(client, **query):
    return client.get("/me/notices/", query).content.decode()


def mine(author):
    return Notice.objects.filter(member=author).order_by("pk")


def unread(author):
    return list(mine(author).unread().values_list("pk", flat=True))


def test_five_comments_are_one_line_with_each_of_them_inside(reader, post):
    talk(post, 5)
    said = page(reader)
    assert said.count("5 new comments on “Which charger do you use?”") >= 1
    assert said.count('class="notice ') == 1
    assert all(f"Tomasz {number} commented" in said for number in range(5))


def test_a_group_opens_at_the_first_one_not_read_and_reads_all_it_counted(reader, post, author):
    talk(post, 3)
    first, second, third = mine(author)
    reader.post(f"/me/notices/{first.pk}/open/")
    assert unread(author) == [second.pk, third.pk]
    assert f'action="/me/notices/{second.pk}/open/"' in page(reader)
    answer = reader.post(f"/me/notices/{second.pk}/open/", {"until": third.pk})
    assert answer.headers["Location"] == f"/comments/{second.data['comment_id']}/"
    assert unread(author) == []


def test_what_came_after_the_page_was_shown_stays_unread(reader, post, author):
    talk(post, 2)
    shown = mine(author).last()
    talk(post)
    reader.post(f"/me/notices/{mine(author).first().pk}/open/", {"until": shown.pk})
    assert unread(author) == [mine(author).last().pk]


def test_one_is_marked_as_read_and_waits_again(reader, post, author):
    talk(post)
    notice = mine(author).get()
    reader.post(f"/me/notices/{notice.pk}/mark/")
    assert unread(author) == []
    reader.post(f"/me/notices/{notice.pk}/mark/", {"want": "unread"})
    assert unread(author) == [notice.pk]


def test_everything_up_to_one_is_marked_as_read(reader, author, board):
    for number in range(3):
        talk(make_post(f"A thought number {number}", author=author, board=board, at=timezone.now()))
    first, second, third = mine(author)
    reader.post("/me/notices/read/", {"until": second.pk})
    assert unread(author) == [third.pk]


def test_one_press_too_many_is_taken_back_and_nothing_else(reader, post, author):
    talk(post, 3)
    first = mine(author).first()
    reader.post(f"/me/notices/{first.pk}/open/")
    said = reader.post("/me/notices/read/", follow=True).content.decode()
    assert "2 notices are marked as read" in said
    undo = said.split('action="/me/notices/unread/?moment=')[1].split('"')[0]
    reader.post(f"/me/notices/unread/?moment={undo}")
    assert len(unread(author)) == 2
    assert first.pk not in unread(author)


@pytest.mark.parametrize("moment", ["", "x", "20261116T120000", "20269916T120000.000000"])
def test_a_moment_that_never_was_changes_nothing(reader, post, author, moment):
    talk(post)
    reader.post("/me/notices/read/")
    assert reader.post(f"/me/notices/unread/?moment={moment}").status_code == 302
    assert unread(author) == []


def test_filters_show_the_unread_the_mentions_and_ones_own(reader, author, voter, board, post):
    other = make_post("By somebody else", author=voter, board=board, at=timezone.now())
    make_comment(other, "I follow now.", author=author, at=timezone.now())
    talk(other)
    talk(post)
    Notice.objects.filter(member=author, post=other).update(list=MailList.MENTIONS, read_at=timezone.now())
    shown = {name: {title for title in ("By somebody else", "Which charger") if title in page(reader, show=name)}
             for name in ("", "unread", "mentions", "mine", "nonsense")}  # fmt: skip
    both = {"By somebody else", "Which charger"}
    assert shown == {
        "": both,
        "unread": {"Which charger"},
        "mentions": {"By somebody else"},
        "mine": {"Which charger"},
        "nonsense": both,
    }


def test_an_empty_filter_says_what_to_do_next(reader):
    assert "You have read everything" in page(reader, show="unread")
    assert "Nothing of this kind yet" in page(reader, show="mentions")


def test_somebody_elses_are_neither_read_nor_marked(client, post, author, voter):
    talk(post)
    client.force_login(voter)
    for address in ("open", "mark"):
        assert client.post(f"/me/notices/{mine(author).get().pk}/{address}/").status_code == 404
    client.post(f"/me/notices/{mine(author).get().pk}/mark/", {"want": "unread"})
    client.post("/me/notices/read/", {"until": mine(author).get().pk})
    assert len(unread(author)) == 1


def test_reading_the_post_reads_its_notices_and_no_others(reader, author, board, post):
    other = make_post("Another", author=author, board=board, at=timezone.now())
    for one in (post, other):
        talk(one)
    reader.get(post.get_absolute_url())
    assert list(mine(author).unread().values_list("post", flat=True)) == [other.pk]


def test_a_thread_is_muted_from_its_notice(reader, author, post):
    talk(post)
    said = page(reader)
    assert f'action="/follow/post/{post.pk}/"' in said
    reader.post(f"/follow/post/{post.pk}/", {"want": "mute", "next": "/me/notices/"})
    talk(post)
    assert mine(author).count() == 1


def many(author, count, at):
    facts = [Activity(key=f"x{n}:{at}", verb="post_edited", at=at) for n in range(count)]
    Activity.objects.bulk_create(facts)
    rows = [Notice(member=author, activity=fact, kind="level_reached", data={"level": 1}, at=at) for fact in facts]
    return Notice.objects.bulk_create(rows)


def test_thousands_of_notices_are_paged_by_the_last_one_shown(reader, author, now, queries_of):
    many(author, 30, now)
    few = queries_of("/me/notices/")
    many(author, 3000, now + timedelta(seconds=1))
    assert queries_of("/me/notices/") <= few
    seen, after = set(), ""
    for _ in range(4):
        said = page(reader, after=after)
        seen |= set(said.split("/me/notices/")[1:])
        after = said.split("?after=")[1].split('"')[0]
    assert len({part for part in seen if part.split("/")[0].isdigit()}) >= 120


def test_what_was_read_half_a_year_ago_is_swept_and_what_waits_is_not(author, now):
    read, waiting, fresh, ancient = many(author, 4, now)
    Notice.objects.filter(pk=read.pk).update(at=now - timedelta(days=200), read_at=now - KEPT_READ_FOR - timedelta(seconds=1))
    Notice.objects.filter(pk=waiting.pk).update(at=now - timedelta(days=200))
    Notice.objects.filter(pk=fresh.pk).update(at=now - timedelta(days=200), read_at=now - KEPT_READ_FOR + timedelta(days=1))
    Notice.objects.filter(pk=ancient.pk).update(at=now - KEPT_FOR - timedelta(days=1))
    assert sweep_notices(at=now, chunk=1) == 2
    assert set(Notice.objects.values_list("pk", flat=True)) == {waiting.pk, fresh.pk}


def test_a_decision_speaks_for_all_that_was_told_with_it(reader, author, board, staff):
    wish = make_suggestion("Charge limit", author=author, board=board, at=timezone.now())
    change_status(suggestion=wish, to="planned", by=staff, at=timezone.now())
    drain()
    talk(wish.post, 2)
    assert "“Charge limit” is planned, and 2 more" in page(reader)
