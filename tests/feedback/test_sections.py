"""Feedback's part of the digest: what moved, what people gave, what shipped, what is next, what needs a word."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community import weeks
from community.follows import follow_post, unfollow_post
from community.models import Audience, Board, ImportBatch, Member
from community.sections import REGISTER
from feedback.merges import merge_suggestions
from feedback.models import Release, RoadmapItem, StatusChange, Vote
from feedback.releases import ship_release
from feedback.roadmap import move_item, plan_item
from feedback.triage import answer_suggestion, change_status
from tests.factories import make_member, make_suggestion, make_vote

pytestmark = pytest.mark.django_db
WEEK = weeks.week_named("2026-W47", UTC)
BEFORE, WITHIN, AFTER = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (12, 18, 24))


def told(name, member, week=WEEK):
    part = REGISTER[name]
    return part.write(member, week, part.prepare([member], week))


def titles(name, member):
    found = told(name, member)
    return [entry["title"] for entry in found["entries"]] if found else []


@pytest.fixture
def wish(author, board):
    return make_suggestion("Charge limit that learns my alarm", author=author, board=board, at=BEFORE)


def move(wish, staff, to="planned", at=WITHIN, answer=""):
    change_status(suggestion=wish, to=to, by=staff, at=at, answer=answer)


def ship(board, wishes, staff, at=WITHIN, **fields):
    release = Release.objects.create(product=board.product, slug="r", version="3.2", title="Quiet mornings", **fields)
    release.suggestions.set(wishes)
    return ship_release(release=release, by=staff, at=at)


class TestMoved:
    def test_the_author_reads_how_far_it_grew_and_who_answered(self, wish, author, staff):
        move(wish, staff, answer="We build it this winter.")
        (entry,) = told("moved", author)["entries"]
        assert (entry["label"], entry["stage"], entry["cells"]) == ("Planned", 3, [True] * 3 + [False] * 3)
        assert (entry["quote"], entry["by"]) == ("We build it this winter.", "Ines Okafor · Battery team")

    def test_voters_and_followers_read_it_and_strangers_do_not(self, wish, voter, stranger, staff):
        follower = make_member()
        make_vote(wish, voter)
        follow_post(member=follower, post=wish.post, at=BEFORE)
        move(wish, staff)
        assert titles("moved", voter) == titles("moved", follower) == [wish.post.title]
        assert titles("moved", stranger) == []

    def test_who_muted_it_reads_nothing(self, wish, voter, staff):
        make_vote(wish, voter)
        unfollow_post(member=voter, post=wish.post, at=BEFORE)
        move(wish, staff)
        assert titles("moved", voter) == []

    @pytest.mark.parametrize("at", [BEFORE, AFTER, WEEK.end])
    def test_other_weeks_are_other_digests(self, wish, author, staff, at):
        move(wish, staff, at=at)
        assert told("moved", author) is None

    def test_the_first_moment_of_the_week_belongs_to_it(self, wish, author, staff):
        move(wish, staff, at=WEEK.start)
        assert titles("moved", author)

    def test_who_voted_for_a_duplicate_reads_of_the_canonical(self, wish, board, voter, staff):
        twin = make_suggestion("Stop at 80 %", board=board, at=BEFORE)
        make_vote(twin, voter)
        merge_suggestions(duplicate=twin, into=wish, by=staff, at=BEFORE)
        move(wish, staff)
        assert titles("moved", voter) == [wish.post.title]

    def test_an_answer_alone_counts(self, wish, author, staff):
        answer_suggestion(suggestion=wish, by=staff, answer="Which phone is it?", at=WITHIN)
        assert told("moved", author)["entries"][0]["quote"] == "Which phone is it?"

    def test_last_weeks_answer_is_not_told_again_with_this_weeks_status(self, wish, author, staff):
        answer_suggestion(suggestion=wish, by=staff, answer="Which phone is it?", at=BEFORE)
        move(wish, staff)
        assert told("moved", author)["entries"][0]["quote"] == ""

    def test_imported_history_is_nobodys_news(self, wish, author):
        StatusChange.objects.create(suggestion=wish, before="open", after="planned", by=None, at=WITHIN)
        assert told("moved", author) is None

    def test_what_shipped_with_a_release_is_told_there(self, wish, author, board, staff):
        ship(board, [wish], staff)
        assert told("moved", author) is None
        assert told("shipped", author)

    def test_a_release_of_nothing_hides_nothing(self, wish, author, board, staff):
        move(wish, staff)
        ship(board, [], staff)
        assert titles("moved", author)

    def test_the_headline_counts_all_and_the_list_is_short(self, author, board, staff):
        for _ in range(7):
            move(make_suggestion(author=author, board=board, at=BEFORE), staff)
        found = told("moved", author)
        assert (len(found["entries"]), found["more"]) == (5, 2)
        assert found["headline"] == "7 suggestions you care about moved"

    def test_what_the_reader_may_not_see_any_more_is_left_out(self, wish, voter, staff):
        make_vote(wish, voter)
        move(wish, staff)
        Board.objects.update(see=Audience.STAFF)
        assert titles("moved", voter) == []


class TestGiven:
    def test_new_votes_on_ones_own_are_counted_without_ones_own_and_staffs(self, wish, author, staff):
        for _ in range(3):
            make_vote(wish, at=WITHIN)
        make_vote(wish, staff, at=WITHIN)
        found = told("given", author)
        assert found["headline"] == "3 more people want what you want"

    def test_votes_of_other_weeks_withdrawn_or_imported_do_not_count(self, wish, author, now):
        make_vote(wish, at=BEFORE)
        Vote.objects.filter(pk=make_vote(wish, at=WITHIN).pk).update(withdrawn_at=WITHIN)
        Vote.objects.filter(pk=make_vote(wish, at=WITHIN).pk).update(batch=ImportBatch.objects.create(name="b", system="s"))
        assert told("given", author) is None

    def test_votes_for_a_duplicate_count_for_the_canonicals_author(self, wish, author, board, staff):
        twin = make_suggestion(board=board, at=BEFORE)
        merge_suggestions(duplicate=twin, into=wish, by=staff, at=BEFORE)
        make_vote(twin, at=WITHIN)
        assert told("given", author)["entries"][0]["votes"] == 1


class TestShipped:
    def test_a_release_thanks_the_reader_first_then_the_authors_then_counts(self, wish, author, voter, board, staff):
        make_vote(wish, voter)
        ship(board, [wish], staff, notes="Quieter.\n\nAnd more that is not said here.")
        (release,) = told("shipped", voter)["releases"]
        assert release["credit"] == "Made with you and Mara Lindqvist."
        assert release["notes"] == "Quieter."
        assert [entry["title"] for entry in release["yours"]] == [wish.post.title]

    def test_who_has_no_part_reads_whom_it_came_from(self, wish, voter, stranger, board, staff):
        make_vote(wish, voter)
        ship(board, [wish], staff)
        found = told("shipped", stranger)
        assert found["releases"][0]["credit"] == "Made with Mara Lindqvist and one other."
        assert found["headline"] == f"{board.product} 3.2 is out"

    def test_something_asked_for_leads(self, wish, author, board, staff):
        ship(board, [wish], staff)
        assert told("shipped", author)["headline"] == "Something you asked for shipped"

    def test_a_wish_the_reader_may_not_see_is_neither_named_nor_thanked_for(self, wish, stranger, board, staff):
        ship(board, [wish], staff)
        Board.objects.update(see=Audience.STAFF)
        (release,) = told("shipped", stranger)["releases"]
        assert (release["credit"], release["yours"]) == ("", [])

    def test_a_draft_and_another_weeks_release_are_not_told(self, wish, author, board, staff):
        Release.objects.create(product=board.product, slug="draft", version="4", title="Not yet")
        ship(board, [wish], staff, at=AFTER)
        assert told("shipped", author) is None


class TestRoadmap:
    def item(self, board, staff, *wishes, **more):
        return plan_item(product=board.product, by=staff, at=WITHIN, suggestions=wishes, title="Alarm and charger talk", **more)

    def test_what_is_new_on_the_roadmap_is_told_with_how_many_asked(self, wish, stranger, board, staff):
        make_vote(wish)
        self.item(board, staff, wish, expected="spring")
        (entry,) = told("roadmap", stranger)["entries"]
        assert (entry["title"], entry["label"], entry["expected"]) == ("Alarm and charger talk", "Planned", "spring")

    def test_what_moved_on_is_told_again(self, wish, stranger, board, staff):
        item = self.item(board, staff, wish)
        RoadmapItem.objects.update(moved_at=BEFORE)
        assert told("roadmap", stranger) is None
        move_item(item=item, column="testing", by=staff, at=WITHIN)
        assert told("roadmap", stranger)["entries"][0]["stage"] == 5

    def test_what_is_not_public_or_serves_what_one_may_not_see_is_not_told(self, wish, stranger, board, staff):
        self.item(board, staff, is_public=False)
        self.item(board, staff, wish)
        Board.objects.update(see=Audience.STAFF)
        assert told("roadmap", stranger) is None


class TestAnswerAndWanted:
    def test_the_answer_of_the_week_is_the_one_most_people_waited_for(self, wish, board, stranger, staff):
        other = make_suggestion("A rarer wish", board=board, at=BEFORE)
        for suggestion in (wish, other):
            move(suggestion, staff, answer=f"About {suggestion.pk}.")
        wish.post.standing.votes = 9
        wish.post.standing.save()
        assert told("answer", stranger)["entry"]["title"] == wish.post.title

    def test_who_heard_the_answer_as_their_own_is_not_told_twice(self, wish, author, staff):
        move(wish, staff, answer="We build it.")
        assert told("answer", author) is None

    def test_one_is_asked_about_what_one_neither_wrote_nor_voted_for(self, wish, author, voter, stranger, board):
        make_vote(wish, voter)
        assert titles("wanted", author) == titles("wanted", voter) == []
        assert titles("wanted", stranger) == [wish.post.title]

    def test_only_open_ones_need_a_word(self, wish, stranger, staff):
        move(wish, staff)
        assert titles("wanted", stranger) == []

    def test_what_one_can_read_comes_first(self, board, stranger):
        make_suggestion("充电到八成就停", board=board, at=BEFORE)
        make_suggestion("An English wish", board=board, at=BEFORE - timedelta(days=1))
        assert titles("wanted", stranger)[0] == "An English wish"
        Member.objects.filter(pk=stranger.pk).update(language="zh-hans")
        stranger.refresh_from_db()
        assert titles("wanted", stranger)[0] == "充电到八成就停"


@pytest.mark.parametrize("name", sorted(REGISTER))
def test_a_section_costs_as_many_queries_for_twenty_members_as_for_two(name, board, staff):
    counts = []
    for crowd in (2, 20):
        members = [make_member() for _ in range(crowd)]
        for member in members:
            wish = make_suggestion(author=member, board=board, at=BEFORE)
            make_vote(wish, at=WITHIN)
            change_status(suggestion=wish, to="planned", by=staff, at=WITHIN, answer="Yes.")
        with CaptureQueriesContext(connection) as queries:
            prepared = REGISTER[name].prepare(members, WEEK)
            for member in members:
                REGISTER[name].write(member, WEEK, prepared)
        counts.append(len(queries))
    assert counts[0] == counts[1]
