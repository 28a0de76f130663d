"""Who earned hears of it: a notice for a level, a line in the weekly mail."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from community import deliveries
from community.models import Audience, Notice
from community.notice_words import Words
from community.sections import Week
from rewards.awards import settle_awards
from rewards.sections import load_earned, write_earned
from tests.factories import NOW, make_board, make_member, make_post
from tests.rewards.facts import adopt, merge, ship, turn, unmerge

pytestmark = pytest.mark.django_db
WEEK = Week("2026-W47", datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC))


def told_to(member):
    notices = list(Notice.objects.filter(member=member, kind="level_reached").select_related("member", "post"))
    words = Words(notices)
    return [words.of(notice) for notice in notices]


def section_of(member, *others):
    return write_earned(member, WEEK, load_earned([member, *others], WEEK))


def test_who_reaches_a_level_hears_of_it_once(author):
    adopt(make_post("Charge limit", author=author))
    deliveries.drain()
    deliveries.drain()
    (wording,) = told_to(author)
    assert wording.sentence == "You have grown: you are a Sprout now"
    assert (wording.url, wording.stage, wording.label) == ("/honours/", 2, "Sprout")


def test_nobody_is_told_that_they_fell(author):
    post = make_post(author=author)
    adopt(post)
    deliveries.drain()
    turn(post, "hidden", NOW)
    deliveries.drain()
    author.refresh_from_db()
    assert author.level == 0
    assert len(told_to(author)) == 1


def test_the_digest_says_what_was_earned_and_for_what(author):
    post = make_post("Charge limit", author=author)
    settle_awards([adopt(post), ship(post)])
    told = section_of(author)
    assert (told["points"], told["honour"]) == (600, 180)
    assert told["headline"] == "You earned 600 points and 180 honour"
    assert {(line["title"], str(line["words"])) for line in told["entries"]} == {
        ("Charge limit", "Your suggestion was adopted"),
        ("Charge limit", "Your suggestion shipped"),
    }


def test_a_week_without_earnings_has_no_section(author):
    settle_awards([adopt(make_post(author=author), at=NOW - timedelta(days=7))])
    assert section_of(author) is None


def test_what_was_taken_back_is_not_thanked_for(author, voter):
    post = make_post()
    settle_awards([merge(post, 1, by=voter)])
    settle_awards([unmerge(post, 1)])
    assert section_of(voter) is None


def test_a_post_one_may_not_see_is_not_named(voter):
    hidden = make_post("Team matter", board=make_board(see=Audience.STAFF), author=make_member(is_staff=True, role="staff"))
    settle_awards([merge(hidden, 1, by=voter)])
    told = section_of(voter)
    assert (told["points"], told["entries"]) == (20, [])


def test_each_member_reads_their_own_week(author, voter):
    settle_awards([adopt(make_post(author=author)), merge(make_post("Twin"), 1, by=voter)])
    assert section_of(voter, author)["points"] == 20
    assert section_of(author, voter)["points"] == 200


def test_the_section_takes_the_same_queries_for_one_and_for_many(django_assert_num_queries):
    people = [make_member() for _ in range(12)]
    settle_awards([adopt(make_post(author=one)) for one in people])
    for readers in (people[:1], people):
        with django_assert_num_queries(3):
            load_earned(readers, WEEK)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_words_are_made_in_the_readers_language(author, language):
    settle_awards([adopt(make_post("Charge limit", author=author))])
    with translation.override(language):
        assert "200" in section_of(author)["headline"]
