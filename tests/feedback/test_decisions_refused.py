"""What staff cannot decide, and what they can from anywhere to anywhere: statuses, work, releases; a refusal leaves no trace."""

from itertools import permutations

import pytest

from community.models import Activity, Audience, Board
from community.posts import delete_post, hide_post, move_post
from community.refusals import Conflict, Invalid, NotAllowed
from community.standing import set_standing
from feedback.clusters import restate_clusters
from feedback.lanes import lanes_of, wanted_items
from feedback.merges import merge_suggestions, propose_merge
from feedback.models import Credit, InternalNote, Release, RoadmapColumn, RoadmapItem, Status, StatusChange, Suggestion
from feedback.models.suggestion import CLOSED, GROWING, NEED_A_REASON
from feedback.releases import bring_suggestions, draft_release, drop_release, edit_release, ship_release
from feedback.roadmap import (
    adopt_suggestion,
    drop_item,
    edit_item,
    move_item,
    place_item,
    plan_item,
    release_suggestion,
    serve_suggestion,
)
from feedback.triage import answer_suggestion, change_status, triage_suggestion, write_note
from feedback.votes import record_vote_for
from tests.factories import make_bug, make_member, make_staff, make_suggestion, make_team_board, make_vote

pytestmark = pytest.mark.django_db
LONG = "x" * 20_000


def fresh(suggestion):
    return Suggestion.objects.select_related("post", "root").get(pk=suggestion.pk)


def put(suggestion, status):
    Suggestion.objects.filter(pk=suggestion.pk).update(status=status)


@pytest.fixture
def item(board, staff, now):
    return plan_item(product=board.product, title="Smarter charging", by=staff, at=now)


@pytest.fixture
def release(board, suggestion, staff, now):
    return draft_release(product=board.product, version="3.2", title="Quiet", by=staff, at=now, suggestions=[suggestion])


class TestStatuses:
    @pytest.mark.parametrize(("before", "after"), list(permutations(Status.values, 2))[::3])
    def test_staff_may_change_their_mind_from_any_status_to_any_other(self, suggestion, staff, now, before, after):
        put(suggestion, before)
        change = change_status(suggestion=fresh(suggestion), to=after, by=staff, at=now, answer="Because.")
        assert (change.before, change.after, fresh(suggestion).post.standing.status) == (before, after, after)

    @pytest.mark.parametrize("status", Status.values)
    def test_no_status_is_given_twice(self, suggestion, staff, now, status):
        put(suggestion, status)
        with pytest.raises(Conflict, match="this status already"):
            change_status(suggestion=fresh(suggestion), to=status, by=staff, at=now, answer="Because.")
        assert not StatusChange.objects.exists() and not fresh(suggestion).answer

    @pytest.mark.parametrize("words", ["", "Open", "OPEN", "open ", "in_progress", "\x00", "planned\n"])
    def test_a_status_is_spelt_as_it_is(self, suggestion, staff, now, words):
        with pytest.raises(Invalid) as refused:
            change_status(suggestion=suggestion, to=words, by=staff, at=now)
        assert list(refused.value.fields) == ["status"]

    def test_every_status_grows_or_needs_a_reason_and_none_does_both(self):
        assert set(GROWING) | set(NEED_A_REASON) == set(Status)
        assert not set(GROWING) & set(NEED_A_REASON) and set(NEED_A_REASON) < set(CLOSED)

    @pytest.mark.parametrize("status", NEED_A_REASON)
    def test_a_former_answer_is_no_reason_for_a_new_no(self, suggestion, staff, now, status):
        answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="We read it.")
        with pytest.raises(Invalid, match="ends in silence"):
            change_status(suggestion=suggestion, to=status, by=staff, at=now)
        assert fresh(suggestion).answer == "We read it."

    def test_an_answer_past_the_limit_changes_neither_status_nor_answer(self, suggestion, staff, now):
        with pytest.raises(Invalid):
            change_status(suggestion=suggestion, to="planned", by=staff, at=now, answer=LONG * 5)
        assert (fresh(suggestion).status, StatusChange.objects.count()) == ("open", 0)

    def test_the_first_decision_is_when_it_was_looked_at(self, suggestion, staff, now, hours):
        change_status(suggestion=suggestion, to="planned", by=staff, at=now)
        change_status(suggestion=suggestion, to="testing", by=staff, at=now + hours(5))
        answer_suggestion(suggestion=suggestion, by=staff, at=now + hours(6), answer="Try it.")
        assert fresh(suggestion).triaged_at == now

    def test_an_older_decision_does_not_make_it_less_lively(self, suggestion, staff, now, hours):
        set_standing(suggestion.pk, active_at=now + hours(9))
        change_status(suggestion=suggestion, to="planned", by=staff, at=now)
        assert fresh(suggestion).post.standing.active_at == now + hours(9)


class TestAnswers:
    def test_a_new_answer_replaces_words_name_and_day_together(self, suggestion, staff, now, hours):
        jun = make_staff("Jun Park")
        answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="Soon.")
        answer_suggestion(suggestion=suggestion, by=jun, at=now + hours(1), answer="*Very* soon.")
        row = fresh(suggestion)
        assert (row.answer, row.answered_by, row.answered_at) == ("*Very* soon.", jun, now + hours(1))
        assert "<em>Very</em>" in row.answer_html

    @pytest.mark.parametrize("words", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"])
    def test_an_answer_is_shown_without_what_could_run(self, suggestion, staff, now, words):
        answer_suggestion(suggestion=suggestion, by=staff, at=now, answer=f"Yes. {words}")
        html = fresh(suggestion).answer_html
        assert "Yes." in html and not any(sign in html for sign in ("<script", "<img", 'href="javascript'))

    def test_a_duplicate_is_answered_where_it_went_on(self, suggestion, staff, now):
        duplicate = make_suggestion(board=suggestion.post.board)
        merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
        with pytest.raises(Conflict, match="which decides for both"):
            answer_suggestion(suggestion=duplicate, by=staff, at=now, answer="Yes.")
        assert not fresh(duplicate).answer

    def test_a_note_may_stand_beside_a_duplicate_too(self, suggestion, staff, now):
        duplicate = make_suggestion(board=suggestion.post.board)
        merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
        write_note(suggestion=duplicate, by=staff, at=now, body=" Same lab. ")
        assert InternalNote.objects.get(suggestion=duplicate).body == "Same lab."

    @pytest.mark.parametrize("body", ["", " \n\t ", LONG * 5])
    def test_an_empty_or_endless_note_is_refused(self, suggestion, staff, now, body):
        with pytest.raises(Invalid):
            write_note(suggestion=suggestion, by=staff, at=now, body=body)
        assert not InternalNote.objects.exists()


class TestViews:
    def test_a_reason_that_goes_takes_its_fit_along_or_is_kept(self, suggestion, staff, now):
        triage_suggestion(suggestion=suggestion, by=staff, at=now, strategy_fit=2, strategy_reason="Our promise")
        with pytest.raises(Invalid) as refused:
            triage_suggestion(suggestion=suggestion, by=staff, at=now, strategy_reason=" ")
        assert list(refused.value.fields) == ["strategy_reason"]
        triage_suggestion(suggestion=suggestion, by=staff, at=now, strategy_fit=0, strategy_reason="")
        assert (fresh(suggestion).strategy_fit, fresh(suggestion).strategy_reason) == (0, "")

    @pytest.mark.parametrize("evidence", [-1, 10_001])
    def test_evidence_is_between_nothing_and_all(self, suggestion, staff, now, evidence):
        with pytest.raises(Invalid, match="0 to 10,000"):
            triage_suggestion(suggestion=suggestion, by=staff, at=now, evidence=evidence, evidence_source="Survey")

    def test_words_past_their_column_are_cut_and_not_refused(self, suggestion, staff, now):
        triage_suggestion(suggestion=suggestion, by=staff, at=now, evidence=1, evidence_source="s" * 400)
        assert len(fresh(suggestion).evidence_source) == 280

    @pytest.mark.parametrize("who", ["left", "closed"])
    def test_a_colleague_who_is_gone_takes_nothing_on(self, suggestion, staff, now, who):
        gone = make_staff("Gone", is_active=who != "left") if who == "left" else make_member("Fan", is_staff=False)
        with pytest.raises(Invalid, match="Only staff"):
            triage_suggestion(suggestion=suggestion, by=staff, at=now, assignee=gone)

    def test_a_suggestion_given_to_nobody_again_is_on_record(self, suggestion, staff, now, hours):
        triage_suggestion(suggestion=suggestion, by=staff, at=now, assignee=staff)
        triage_suggestion(suggestion=suggestion, by=staff, at=now + hours(1), assignee=None)
        fact = Activity.objects.filter(verb="suggestion_triaged").latest("pk")
        assert fact.data == {"fields": {"assignee": [staff.pk, None]}}

    @pytest.mark.parametrize("gone", [hide_post, delete_post])
    def test_what_is_hidden_or_deleted_may_still_be_judged(self, suggestion, staff, now, gone):
        gone(post=suggestion.post, by=staff, at=now)
        triage_suggestion(suggestion=fresh(suggestion), by=staff, at=now, severity=8)
        assert fresh(suggestion).severity == 8


class TestRoadmap:
    @pytest.mark.parametrize("column", ["", "done", "Planned", "open", "declined"])
    def test_there_are_four_columns_and_no_other(self, board, item, staff, now, column):
        for act in (
            lambda: plan_item(product=board.product, title="Work", by=staff, at=now, column=column),
            lambda: move_item(item=item, column=column, by=staff, at=now),
        ):
            with pytest.raises(Invalid, match="choose a column"):
                act()
        assert RoadmapItem.objects.get().column == "planned"

    def test_work_is_not_planned_as_shipped(self, board, staff, now):
        with pytest.raises(Conflict, match="with a release"):
            plan_item(product=board.product, title="Work", by=staff, at=now, column="shipped")
        assert not RoadmapItem.objects.exists() and not Activity.objects.filter(verb="roadmap_moved").exists()

    @pytest.mark.parametrize("title", ["", " \n ", "x" * 161])
    def test_a_bad_title_leaves_the_work_as_it_was(self, item, staff, now, title):
        with pytest.raises(Invalid) as refused:
            edit_item(item=item, by=staff, at=now, title=title, theme="Night")
        assert list(refused.value.fields) == ["title"]
        assert RoadmapItem.objects.get().theme == ""

    def test_a_title_is_one_line(self, item, staff, now):
        assert edit_item(item=item, by=staff, at=now, title="  Quiet \n mornings ").title == "Quiet mornings"

    @pytest.mark.parametrize(
        "act",
        [
            lambda item, wish, by, at: adopt_suggestion(suggestion=wish, by=by, at=at),
            lambda item, wish, by, at: edit_item(item=item, by=by, at=at, title="Mine"),
            lambda item, wish, by, at: serve_suggestion(item=item, suggestion=wish, by=by, at=at),
            lambda item, wish, by, at: release_suggestion(item=item, suggestion=wish, by=by, at=at),
            lambda item, wish, by, at: move_item(item=item, column="testing", by=by, at=at),
            lambda item, wish, by, at: place_item(item=item, position=0, by=by, at=at),
            lambda item, wish, by, at: drop_item(item=item, by=by, at=at),
        ],
    )
    def test_neither_members_nor_moderators_plan(self, item, suggestion, author, moderator, now, act):
        before = RoadmapItem.objects.values().get()
        for by in (author, moderator):
            with pytest.raises(NotAllowed):
                act(item, suggestion, by, now)
        assert RoadmapItem.objects.values().get() == before

    def test_taking_it_off_and_adopting_it_anew_plans_it_once(self, suggestion, staff, now):
        first = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        release_suggestion(item=first, suggestion=suggestion, by=staff, at=now)
        drop_item(item=first, by=staff, at=now)
        second = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        assert (RoadmapItem.objects.get(), StatusChange.objects.count()) == (second, 1)

    def test_taking_off_what_was_never_on_changes_nothing(self, item, suggestion, staff, now):
        release_suggestion(item=item, suggestion=suggestion, by=staff, at=now)
        assert fresh(suggestion).status == "open" and not StatusChange.objects.exists()

    def test_talk_is_not_adopted(self, suggestion, staff, now):
        type(suggestion.post).objects.filter(pk=suggestion.pk).update(kind="discussion")
        with pytest.raises(Conflict, match="not a suggestion any more"):
            adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        assert not RoadmapItem.objects.exists()

    def test_a_wish_of_a_closed_board_is_planned_out_of_sight(self, staff, now):
        item = adopt_suggestion(suggestion=make_suggestion(board=make_team_board(), author=staff), by=staff, at=now)
        assert not item.is_public and item not in wanted_items()

    def test_moving_a_wish_behind_a_door_takes_its_work_off_the_public_roadmap(self, suggestion, staff, now):
        item = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        move_post(post=suggestion.post, board=make_team_board(), by=staff, at=now)
        item.refresh_from_db()
        assert not item.is_public

    def test_work_that_also_serves_what_everybody_sees_stays_there(self, suggestion, board, staff, now):
        item = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        serve_suggestion(item=item, suggestion=make_suggestion(board=board), by=staff, at=now)
        move_post(post=suggestion.post, board=make_team_board(), by=staff, at=now)
        item.refresh_from_db()
        assert item.is_public

    @pytest.mark.parametrize(("place", "stands"), [(-5, 0), (0, 0), (7, 7)])
    def test_a_place_is_never_below_nothing(self, item, staff, now, place, stands):
        assert place_item(item=item, position=place, by=staff, at=now).position == stands

    def test_moving_serves_an_answer_to_each_whose_status_changes(self, item, suggestion, board, staff, now):
        other = make_bug(board=board)
        for wish in (suggestion, other):
            serve_suggestion(item=item, suggestion=wish, by=staff, at=now)
        put(other, "testing")
        move_item(item=item, column="testing", by=staff, at=now, answer="In beta 4.")
        assert (fresh(suggestion).answer, fresh(other).answer) == ("In beta 4.", "")

    def test_a_card_counts_people_nameless_votes_and_who_came_first(self, suggestion, staff, voter, now):
        item = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        set_standing(suggestion.pk, votes=4, imported_votes=9)
        (lane,) = lanes_of(wanted_items(), viewer=None, only="planned")
        assert [(card.item, card.people, card.others, card.first) for card in lane.cards] == [
            (item, 13, 12, suggestion.post.author)
        ]

    @pytest.mark.parametrize(("viewer", "named"), [("stranger", 0), ("staff", 1)])
    def test_whose_wish_it_was_is_told_to_who_may_see_it(self, request, suggestion, staff, now, viewer, named):
        adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        set_standing(suggestion.pk, votes=1)
        Board.objects.update(see=Audience.STAFF)
        (lane,) = lanes_of(wanted_items(), viewer=request.getfixturevalue(viewer), only="planned")
        assert [(len(card.wishes), bool(card.first), bool(card.people)) for card in lane.cards] == [
            (named, bool(named), bool(named))
        ]

    def test_what_one_backed_is_found_through_a_duplicate_and_not_once_withdrawn(self, suggestion, voter, staff, now):
        duplicate = make_suggestion(board=suggestion.post.board)
        vote = make_vote(duplicate, voter)
        merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
        item = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        assert list(wanted_items(backed_by=voter)) == [item]
        type(vote).objects.filter(pk=vote.pk).update(withdrawn_at=now)
        assert not wanted_items(backed_by=voter).exists()

    def test_every_column_is_a_lane_in_the_order_of_growth_also_when_empty(self, db):
        lanes = lanes_of(wanted_items(), viewer=None)
        assert [(lane.column, lane.total, lane.sign) for lane in lanes] == [
            (column, 0, f"s-{column.value}") for column in RoadmapColumn
        ]


class TestReleases:
    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"version": " "}, "version"),
            ({"version": "v" * 41}, "version"),
            ({"title": ""}, "title"),
            ({"title": "t" * 121}, "title"),
        ],
    )
    def test_bad_words_leave_the_release_as_it_was(self, release, staff, now, words, field):
        with pytest.raises(Invalid) as refused:
            edit_release(release=release, by=staff, at=now, **words)
        release.refresh_from_db()
        assert list(refused.value.fields) == [field] and (release.version, release.title) == ("3.2", "Quiet")

    def test_editing_some_words_keeps_the_others(self, release, staff, now):
        edit_release(release=release, by=staff, at=now, notes="**New** voice")
        release.refresh_from_db()
        assert (release.version, release.title, release.slug) == ("3.2", "Quiet", f"{release.product.slug}-3-2")
        assert "<strong>New</strong>" in release.notes_html

    @pytest.mark.parametrize(("wish", "slug"), [("", "-3-2"), ("夜 间", "夜-间"), ("!!!", "release"), ("x" * 90, "x" * 70)])
    def test_an_address_is_made_of_letters_in_any_script(self, board, staff, now, wish, slug):
        made = draft_release(product=board.product, version="3.2", title="Quiet", by=staff, at=now, slug=wish)
        assert made.slug == (f"{board.product.slug}{slug}" if slug.startswith("-") else slug)

    def test_the_third_of_one_version_is_numbered(self, board, staff, now):
        made = [draft_release(product=board.product, version="1", title="T", by=staff, at=now, slug="one") for _ in range(3)]
        assert [one.slug for one in made] == ["one", "one-2", "one-3"]

    @pytest.mark.parametrize("role", ["author", "moderator"])
    def test_neither_members_nor_moderators_ship(self, request, release, suggestion, now, role):
        by = request.getfixturevalue(role)
        for act in (
            lambda: draft_release(product=release.product, version="9", title="T", by=by, at=now),
            lambda: edit_release(release=release, by=by, at=now, title="Mine"),
            lambda: bring_suggestions(release=release, suggestions=[], by=by, at=now),
            lambda: drop_release(release=release, by=by, at=now),
            lambda: ship_release(release=release, by=by, at=now),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert Release.objects.get().shipped_at is None and not Credit.objects.exists()

    def test_a_release_of_nothing_ships_and_credits_nobody(self, board, staff, now):
        empty = draft_release(product=board.product, version="1", title="Fixes", by=staff, at=now)
        assert ship_release(release=empty, by=staff, at=now).shipped_at == now
        assert not Credit.objects.exists() and not StatusChange.objects.exists()
        assert Activity.objects.get(verb="release_shipped").data["suggestion_ids"] == []

    def test_one_wish_brought_by_two_releases_credits_its_people_in_both(self, release, suggestion, staff, now, hours):
        again = draft_release(product=release.product, version="3.3", title="More", by=staff, at=now, suggestions=[suggestion])
        for one in (release, again):
            ship_release(release=one, by=staff, at=now + hours(1))
        assert Credit.objects.filter(member=suggestion.post.author).count() == 2
        assert StatusChange.objects.filter(after="shipped").count() == 1

    def test_work_already_shipped_keeps_its_first_release(self, release, suggestion, staff, now, hours):
        item = adopt_suggestion(suggestion=suggestion, by=staff, at=now)
        ship_release(release=release, by=staff, at=now)
        again = draft_release(product=release.product, version="3.3", title="More", by=staff, at=now, suggestions=[suggestion])
        ship_release(release=again, by=staff, at=now + hours(1))
        item.refresh_from_db()
        assert (item.release, item.moved_at, item.column) == (release, now, "shipped")


def test_a_proposal_by_somebody_who_may_not_see_both_names_neither(suggestion, voter, now):
    hidden = make_suggestion("Secret ring", board=make_team_board(), author=make_staff())
    for pair in ((suggestion, hidden), (hidden, suggestion)):
        with pytest.raises(Invalid, match=r"^That suggestion was not found\.$"):
            propose_merge(duplicate=pair[0], into=pair[1], by=voter, at=now)


def test_staff_record_no_vote_for_what_takes_none(suggestion, voter, staff, now):
    put(suggestion, "shipped")
    with pytest.raises(Conflict, match="shipped"):
        record_vote_for(staff=staff, member=voter, suggestion=fresh(suggestion), at=now)
    with pytest.raises(Invalid, match="how much they need it"):
        record_vote_for(staff=staff, member=voter, suggestion=fresh(suggestion), need=3, at=now)


def test_restating_no_cluster_asks_nothing_of_the_lists(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        restate_clusters([])
