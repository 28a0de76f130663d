"""The edges of feedback's digest: how much is said of much, nothing of nothing, and no name that could do harm in a mail."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from community import weeks
from community.follows import follow_post
from community.models import Audience, Board, Member
from community.sections import REGISTER
from feedback.models import Release, RoadmapColumn, Status
from feedback.models.suggestion import GROWING
from feedback.releases import ship_release
from feedback.roadmap import move_item, plan_item
from feedback.sections import _credit, concerned, growth
from feedback.triage import answer_suggestion, change_status
from feedback.votes import withdraw_vote
from tests.factories import make_board, make_member, make_staff, make_suggestion, make_vote

pytestmark = pytest.mark.django_db
WEEK = weeks.week_named("2026-W47", UTC)
BEFORE, WITHIN = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (12, 18))
OURS = ["moved", "given", "shipped", "roadmap", "answer", "wanted"]


def told(name, member, week=WEEK):
    part = REGISTER[name]
    return part.write(member, week, part.prepare([member], week))


def wish(title="", **more):
    return make_suggestion(title, **({"at": BEFORE} | more))


def ship(board, wishes, staff, number=1, **fields):
    release = Release.objects.create(
        product=board.product, slug=f"r-{number}", version=f"3.{number}", title=f"Drop {number}", **fields
    )
    release.suggestions.set(wishes)
    return ship_release(release=release, by=staff, at=WITHIN)


@pytest.mark.parametrize("name", OURS)
def test_a_week_in_which_nothing_happened_has_no_section(name, voter):
    assert told(name, voter) is None


@pytest.mark.parametrize("status", Status)
def test_a_plant_has_as_many_cells_as_it_has_grown_and_what_ended_has_none(status):
    said = growth(status)
    assert said["label"] == str(status.label)
    assert (sum(said["cells"]), len(said["cells"])) == ((said["stage"], 6) if status in GROWING else (0, 0))


class TestMoved:
    def test_five_are_named_and_the_others_counted(self, author, board, staff):
        for _number in range(7):
            change_status(suggestion=wish(author=author, board=board), to="planned", by=staff, at=WITHIN)
        said = told("moved", author)
        assert (len(said["entries"]), said["more"], said["headline"]) == (5, 2, "7 suggestions you care about moved")

    def test_a_long_answer_is_quoted_in_its_first_words_without_markup(self, author, staff):
        row = wish(author=author)
        answer_suggestion(suggestion=row, by=staff, at=WITHIN, answer="**Yes**, " + "and more " * 100)
        [entry] = told("moved", author)["entries"]
        assert entry["quote"].startswith("Yes, and more") and entry["quote"].endswith("…") and len(entry["quote"]) <= 240

    def test_a_name_that_looks_like_an_address_leads_nowhere(self, author):
        staff = make_staff("http://evil.example/x", staff_title="www.evil.example")
        answer_suggestion(suggestion=wish(author=author), by=staff, at=WITHIN, answer="Soon.")
        assert "http://evil" not in told("moved", author)["entries"][0]["by"]

    def test_it_is_said_in_the_readers_language(self, author, staff):
        change_status(suggestion=wish(author=author), to="planned", by=staff, at=WITHIN)
        with override("zh-hans"):
            said = told("moved", author)
        assert said["headline"] != "A suggestion you care about moved" and said["entries"][0]["label"] != "Planned"


class TestGiven:
    def test_three_wishes_are_named_the_most_joined_first_and_all_are_counted(self, author, board):
        for count in (1, 4, 2, 3):
            row = wish(f"Joined by {count} people", author=author, board=board)
            for _number in range(count):
                make_vote(row, at=WITHIN)
        said = told("given", author)
        assert [entry["votes"] for entry in said["entries"]] == [4, 3, 2]
        assert said["headline"] == "10 more people want what you want"

    def test_who_joined_and_left_again_is_not_counted(self, author, voter):
        row = wish(author=author)
        make_vote(row, voter, at=WITHIN)
        withdraw_vote(member=voter, suggestion=row, at=WITHIN)
        assert told("given", author) is None


class TestShipped:
    def test_three_releases_are_told_the_latest_first(self, board, staff, voter):
        for number in range(1, 6):
            ship(board, [], staff, number, notes=f"First of {number}.\n\nSecond.")
        said = told("shipped", voter)
        assert [release["title"] for release in said["releases"]] == ["Drop 5", "Drop 4", "Drop 3"]
        assert [release["notes"] for release in said["releases"]] == ["First of 5.", "First of 4.", "First of 3."]

    def test_a_release_nobody_asked_for_thanks_nobody(self, board, staff, voter):
        ship(board, [], staff)
        assert told("shipped", voter)["releases"][0]["credit"] == ""

    @pytest.mark.parametrize(
        ("names", "others", "you", "said"),
        [
            ([], 5, False, ""),
            (["Mara"], 0, False, "Made with Mara."),
            ([], 0, True, "Made with you."),
            (["Mara"], 1, True, "Made with you, Mara and one other."),
            (["Mara", "Lin"], 12, False, "Made with Mara, Lin and 12 others."),
            (["Mara"], -1, True, "Made with you and Mara."),
            (["Mara", "Lin"], 0, True, "Made with you, Mara and Lin."),
        ],
    )
    def test_thanks_are_one_sentence_for_any_number(self, names, others, you, said):
        assert _credit(names, others, with_you=you) == said

    def test_the_reader_is_not_among_the_others(self, board, author, voter, staff):
        row = wish(author=author, board=board)
        make_vote(row, voter, at=BEFORE)
        ship(board, [row], staff)
        assert told("shipped", voter)["releases"][0]["credit"] == "Made with you and Mara Lindqvist."
        assert told("shipped", author)["releases"][0]["credit"] == "Made with you and one other."


class TestRoadmap:
    @pytest.mark.parametrize(
        ("column", "shown"), [("planned", True), ("in-progress", True), ("testing", True), ("shipped", False)]
    )
    def test_what_shipped_is_told_elsewhere(self, board, staff, voter, column, shown):
        item = plan_item(product=board.product, title="Night charge", by=staff, at=WITHIN)
        type(item).objects.update(column=RoadmapColumn(column))
        assert bool(told("roadmap", voter)) == shown

    def test_four_steps_are_told_the_latest_first_with_what_is_expected(self, board, staff, voter):
        for number in range(6):
            moment = WITHIN + timedelta(hours=number)
            plan_item(product=board.product, title=f"Work {number}", by=staff, at=moment, expected="Spring", summary="Soon")
        said = told("roadmap", voter)
        assert [entry["title"] for entry in said["entries"]] == ["Work 5", "Work 4", "Work 3", "Work 2"]
        assert {(entry["expected"], entry["summary"], entry["votes"], entry["stage"]) for entry in said["entries"]} == {
            ("Spring", "Soon", 0, 3)
        }
        assert said["preview"] == "4 steps on the roadmap."

    def test_work_that_stood_still_all_week_is_not_told(self, board, staff, voter):
        item = plan_item(product=board.product, title="Night charge", by=staff, at=BEFORE)
        assert told("roadmap", voter) is None
        move_item(item=item, column="testing", by=staff, at=WITHIN)
        assert told("roadmap", voter)["entries"][0]["label"] == "Testing"


class TestAsked:
    def test_two_are_asked_for_from_the_boards_one_votes_in_most(self, board, voter):
        other = make_board()
        for place in (board, other, other):
            make_vote(wish(board=place), voter, at=BEFORE)
        fresh = [
            wish(title, board=place)
            for title, place in (("In battery", board), ("First in other", other), ("Next in other", other))
        ]
        said = [entry["title"] for entry in told("wanted", voter)["entries"]]
        assert len(said) == 2 and set(said) == {row.post.title for row in fresh[1:]}

    def test_a_board_that_was_closed_since_is_asked_about_by_nobody(self, board, voter):
        wish(board=board)
        assert told("wanted", voter)
        Board.objects.update(see=Audience.STAFF)
        assert told("wanted", voter) is None

    def test_the_answer_of_the_week_is_no_answer_that_was_taken_out_of_sight(self, board, staff, voter):
        answer_suggestion(suggestion=wish(board=board), by=staff, at=WITHIN, answer="Soon.")
        assert told("answer", voter)["entry"]["quote"] == "Soon."
        Board.objects.update(see=Audience.STAFF)
        assert told("answer", voter) is None


class TestConcerned:
    def test_each_way_of_caring_is_one_pair_and_muting_ends_all(self, author, voter):
        row, follower, stranger = wish(author=author), make_member(), make_member()
        make_vote(row, voter, at=BEFORE)
        follow_post(member=follower, post=row.post, at=BEFORE)
        people = [author, voter, follower, stranger]
        assert concerned(people, [row.pk]) == {(member.pk, row.pk) for member in people[:3]}
        voter.follows.update(muted=True)
        assert (voter.pk, row.pk) not in concerned(people, [row.pk])

    def test_nobody_cares_about_nothing(self, author):
        wish(author=author)
        assert concerned([author], []) == set() and concerned([], [1]) == set()

    def test_ten_clusters_cost_what_one_does(self, author, board, django_assert_num_queries):
        rows = [wish(author=author, board=board).pk for _number in range(10)]
        for asked in (rows[:1], rows):
            with django_assert_num_queries(4):
                concerned([author], asked)


def test_a_section_for_many_is_each_ones_own(board, staff, author, voter):
    one, other = wish(author=author, board=board), wish(author=voter, board=board)
    for row in (one, other):
        change_status(suggestion=row, to="planned", by=staff, at=WITHIN)
    part, people = REGISTER["moved"], list(Member.objects.filter(pk__in=[author.pk, voter.pk]))
    loaded = part.prepare(people, WEEK)
    said = {member.pk: [entry["title"] for entry in part.write(member, WEEK, loaded)["entries"]] for member in people}
    assert said == {author.pk: [one.post.title], voter.pk: [other.post.title]}
