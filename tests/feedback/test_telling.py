"""The author, the voters and the followers hear what becomes of a suggestion."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from community.deliveries import drain, pay
from community.follows import follow_post, unfollow_post
from community.models import Mailing, Notice, Post, PostState
from community.notice_words import REGISTER, Words
from feedback.merges import merge_suggestions
from feedback.models import Release
from feedback.releases import ship_release
from feedback.triage import answer_suggestion, change_status
from tests.factories import make_member, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def wish(author, board, now):
    return make_suggestion("Charge limit that learns my alarm", author=author, board=board, at=now)


def heard(member, kind=""):
    notices = Notice.objects.filter(member=member).select_related("member", "post__board")
    ours = [known for known in REGISTER if known.startswith(("status_", "suggestion_"))]
    mine = notices.filter(kind__in=[kind] if kind else ours)
    words = Words(mine)
    return [wording for notice in mine.order_by("pk") if (wording := words.of(notice))]


def plan(wish, staff, now, answer="We build it this winter."):
    change_status(suggestion=wish, to="planned", by=staff, answer=answer, at=now)
    drain()


def ship(product, wishes, staff, now, version="3.2"):
    release = Release.objects.create(product=product, slug=f"r-{version}", version=version, title="Quiet mornings")
    release.suggestions.set(wishes)
    ship_release(release=release, by=staff, at=now)
    drain()


def test_the_author_hears_of_a_new_status_with_its_answer_and_who_gave_it(wish, author, staff, now):
    plan(wish, staff, now)
    (told,) = heard(author)
    assert told.sentence == "“Charge limit that learns my alarm” is planned"
    assert (told.quote, told.by, told.stage) == ("We build it this winter.", "Ines Okafor · Battery team", 3)


def test_a_follower_hears_and_the_deciding_staff_does_not(wish, voter, staff, now):
    for member in (voter, staff):
        follow_post(member=member, post=wish.post, at=now)
    plan(wish, staff, now)
    assert len(heard(voter)) == 1
    assert not heard(staff)


def test_an_author_who_muted_their_own_post_hears_nothing(wish, author, staff, now):
    unfollow_post(member=author, post=wish.post, at=now)
    plan(wish, staff, now)
    assert not heard(author)


def test_declining_names_who_answered_and_quotes_why(wish, author, staff, now):
    change_status(suggestion=wish, to="declined", by=staff, answer="It costs 4 mm of battery.", at=now)
    drain()
    (told,) = heard(author)
    assert told.sentence == "Ines Okafor answered “Charge limit that learns my alarm”"
    assert (told.quote, told.label, told.stage) == ("It costs 4 mm of battery.", "Declined", 0)


def test_an_answer_without_a_new_status_is_told_too(wish, author, staff, now):
    answer_suggestion(suggestion=wish, by=staff, answer="Tell us more about your mornings.", at=now)
    drain()
    assert [told.quote for told in heard(author)] == ["Tell us more about your mornings."]


def test_those_of_a_merged_duplicate_hear_of_the_canonical(wish, board, staff, now):
    twin = make_suggestion("Stop charging at 80 %", board=board, at=now)
    merge_suggestions(duplicate=twin, into=wish, by=staff, at=now)
    drain()
    plan(wish, staff, now)
    told = [wording.sentence for wording in heard(twin.post.author)]
    assert told == [
        "“Stop charging at 80 %” goes on in “Charge limit that learns my alarm”",
        "“Charge limit that learns my alarm” is planned",
    ]


def test_a_hidden_duplicate_is_not_named(wish, board, voter, staff, now):
    twin = make_suggestion("Stop charging at 80 %", board=board, at=now)
    follow_post(member=voter, post=twin.post, at=now)
    merge_suggestions(duplicate=twin, into=wish, by=staff, at=now)
    drain()
    Post.objects.filter(pk=twin.pk).update(state=PostState.HIDDEN)
    assert not heard(voter)


def test_shipping_tells_every_voter_once_even_one_who_voted_twice_in_the_cluster(wish, board, voter, staff, now):
    twin = make_suggestion("Stop charging at 80 %", board=board, at=now)
    for suggestion in (wish, twin):
        make_vote(suggestion, voter, at=now)
    merge_suggestions(duplicate=twin, into=wish, by=staff, at=now)
    ship(board.product, [wish], staff, now)
    assert [told.sentence for told in heard(voter, "suggestion_shipped")] == [
        "“Charge limit that learns my alarm” is here, with Battery 3.2".replace("Battery", str(board.product))
    ]
    assert not heard(voter, "status_changed")


def test_a_release_is_one_mail_however_much_it_ships(board, voter, staff, now):
    wishes = [make_suggestion(board=board, at=now) for _ in range(4)]
    for wish in wishes:
        make_vote(wish, voter, at=now)
    ship(board.product, wishes, staff, now)
    mail = Mailing.objects.get(member=voter)
    assert len(mail.data["news"]) == 4


def test_words_are_in_the_language_that_is_active(wish, author, staff, now):
    plan(wish, staff, now)
    with translation.override("zh-hans"):
        chinese = heard(author)[0]
    assert chinese.quote == heard(author)[0].quote == "We build it this winter."


def test_telling_a_crowd_costs_as_many_queries_as_telling_two(board, staff, now):
    counts = []
    for crowd in (2, 20):
        wish = make_suggestion(board=board, at=now)
        for _ in range(crowd):
            make_vote(wish, make_member(), at=now)
        drain()
        change_status(suggestion=wish, to="planned", by=staff, at=now)
        with CaptureQueriesContext(connection) as queries:
            pay("feedback.tell_of_decisions", at=timezone.now(), rounds=1)
        counts.append(len(queries))
        assert Notice.objects.filter(post=wish.post).count() == crowd + 1
    assert counts[0] == counts[1]
