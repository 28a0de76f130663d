"""The "why" panel: every score in words, with what would change it."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from community import slots
from community.deliveries import drain
from community.models import Audience, ImportBatch, Standing
from community.verbs import PostsImported, Verb
from feedback.merges import merge_suggestions
from feedback.models import ClusterScore, ImportedVotes, ScoreConfig, ScoreSnapshot, Suggestion
from feedback.score_history import take_snapshots
from feedback.why import explain
from tests.factories import (
    make_board,
    make_bug,
    make_member,
    make_newcomer,
    make_persona,
    make_post,
    make_suggestion,
    make_vote,
)


def why(suggestion, viewer=None):
    drain()
    return explain(Suggestion.objects.get(pk=suggestion.pk), viewer)


def words(explanation, name):
    return next(part.words for part in explanation.parts if part.name == name)


def test_the_parts_add_up_to_the_score_exactly(suggestion, now):
    for need in (0, 500, 1000):
        make_vote(suggestion, need=need)
    Suggestion.objects.filter(pk=suggestion.pk).update(
        evidence=4200, evidence_source="Survey 12", strategy_fit=2, strategy_reason="fits the promise"
    )
    explanation = why(suggestion)
    assert explanation.numerator == sum(part.numerator for part in explanation.parts) > 0
    assert explanation.numerator == Standing.objects.get(post=suggestion.pk).score


def test_demand_says_people_and_effective_supporters(suggestion):
    make_vote(suggestion)
    assert words(why(suggestion), "demand") == "2 people count as 2 effective supporters."


def test_people_behind_duplicates_are_said_to_count_once(suggestion, staff, voter, now):
    twin = make_suggestion("Charge limit at four fifths", board=suggestion.post.board)
    make_vote(suggestion, voter)
    make_vote(twin, voter)
    merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
    told = words(why(suggestion), "demand")
    assert told.startswith("3 people count as 3 effective")
    assert "one duplicate, each counted once" in told


def test_newcomers_over_the_cap_are_said_to_wait(suggestion, now):
    ScoreConfig.objects.filter(active=True).update(active=False)
    ScoreConfig.objects.filter(version=2).update(active=True)
    for _ in range(40):
        make_vote(suggestion, make_newcomer())
    explanation = why(suggestion)
    # One established author: newcomers may add 0.5 + 5 of their 8.
    assert explanation.people.waiting == 2500
    assert "worth 2.5 more wait" in words(explanation, "demand")


def test_nameless_votes_are_told_apart(suggestion, now):
    batch = ImportBatch.objects.create(name="old-forum", system="sprout")
    ImportedVotes.objects.create(suggestion=suggestion, batch=batch, count=12)
    from_batch(batch, now)
    assert "12 nameless votes came with an import" in words(why(suggestion), "demand")


def from_batch(batch, now):
    from community.activity import record

    data = PostsImported(posts=0, comments=0, votes=0)
    record(Verb.POSTS_IMPORTED, key=f"posts_imported:{batch.pk}", actor=None, subject=batch.pk, data=data, at=now)


def test_impact_says_how_much_people_need_it(suggestion):
    for need in (1000, 1000, 500):
        make_vote(suggestion, need=need)
    assert words(why(suggestion), "impact") == "Of 4, 2 say they cannot do without it and 1 calls it important."


def test_impact_of_a_bug_is_its_severity(db):
    bug = make_bug()
    assert words(why(bug), "impact") == "Severity Normal, met by 1 effective supporters."


def test_breadth_names_the_kinds_of_established_voters(suggestion):
    travellers = make_persona("travellers")
    make_vote(suggestion, make_member(persona=travellers))
    make_vote(suggestion, make_newcomer(persona=travellers))
    assert words(why(suggestion), "breadth") == "Established voters by kind: Travellers 1."


def test_evidence_and_strategy_quote_their_source(suggestion):
    Suggestion.objects.filter(pk=suggestion.pk).update(
        evidence=4200, evidence_source="Survey 12, second of nine", strategy_fit=2, strategy_reason="night use is our promise"
    )
    explanation = why(suggestion)
    assert words(explanation, "evidence") == "Survey 12, second of nine"
    assert words(explanation, "strategy") == "Staff: “night use is our promise”"


def test_what_would_change_it_is_tried_out_with_the_formula(suggestion):
    make_vote(suggestion, need=1000)
    before = why(suggestion)
    gain = next(line for line in before.changes if line.startswith("Ten more"))
    for _ in range(10):
        make_vote(suggestion, need=500)
    difference = why(suggestion).numerator - before.numerator
    assert f"would add {difference // 1000 / 10:.1f}." in gain


def test_at_most_three_changes_are_named_the_greatest_gain_first(suggestion):
    make_persona("novices")
    changes = why(suggestion).changes
    assert len(changes) == 3
    assert changes[0].startswith("Ten more")


def test_newcomers_who_settle_in_add_what_the_panel_said(suggestion):
    people = [make_newcomer() for _ in range(8)]
    for person in people:
        make_vote(suggestion, person, need=1000)
    before = why(suggestion)
    said = next((line for line in before.changes if "newcomers" in line), "")
    type(people[0]).objects.filter(pk__in=[person.pk for person in people]).update(trust=2)
    from feedback.rescoring import rescore

    rescore()
    gained = why(suggestion).numerator - before.numerator
    assert f"add {gained // 1000 / 10:.1f}." in said


def test_a_suggestion_nobody_counted_yet_has_a_panel_all_the_same(suggestion):
    ClusterScore.objects.all().delete()
    explanation = explain(suggestion, None)
    assert explanation.numerator == 0
    assert words(explanation, "demand") == "Nobody's vote counts yet."


def test_a_duplicate_shows_the_score_of_its_cluster(suggestion):
    twin = make_suggestion(root=suggestion)
    assert why(twin).root == suggestion


class TestHistory:
    def test_a_day_without_a_change_needs_no_snapshot(self, suggestion, now):
        drain()
        assert take_snapshots(at=now) == 1
        assert take_snapshots(at=now + timedelta(days=1)) == 0
        make_vote(suggestion)
        drain()
        assert take_snapshots(at=now + timedelta(days=2)) == 1
        assert ScoreSnapshot.objects.filter(root=suggestion.pk).count() == 2

    def test_a_second_snapshot_of_the_day_replaces_the_first(self, suggestion, now):
        drain()
        take_snapshots(at=now)
        make_vote(suggestion)
        drain()
        take_snapshots(at=now + timedelta(hours=1))
        assert ScoreSnapshot.objects.get(root=suggestion.pk).votes == 2

    def test_the_line_runs_from_the_first_to_the_last_day(self, suggestion, now):
        for week in range(3):
            make_vote(suggestion)
            drain()
            take_snapshots(at=now + timedelta(weeks=week))
        history = why(suggestion).history
        assert [numerator for _day, numerator in history.points] == sorted(numerator for _day, numerator in history.points)
        assert history.path.startswith("M4 ")
        assert history.last == ("250", "12")

    def test_merges_and_new_constants_are_marked_and_hidden_twins_are_not(self, suggestion, staff, now):
        twin = make_suggestion("Charge limit at four fifths", board=suggestion.post.board)
        merge_suggestions(duplicate=twin, into=suggestion, by=staff, at=now)
        drain()
        for version, day in ((1, now), (2, now + timedelta(days=1))):
            ClusterScore.objects.update(config=version)
            take_snapshots(at=day)
        moments = why(suggestion).moments
        assert [(moment.config, moment.joined) for moment in moments] == [(2, None), (None, twin)]
        type(suggestion.post.board).objects.filter(pk=twin.post.board_id).update(see=Audience.STAFF)
        assert [moment.config for moment in why(suggestion).moments] == [2]


class TestSlots:
    @pytest.fixture
    def request_of(self, rf: RequestFactory):
        def make(member=None):
            request = rf.get("/")
            request.user = member
            return request

        return make

    def test_a_row_carries_its_score_one_tap_from_the_reasons(self, request_of, suggestion):
        row = Standing.objects.with_posts().get(post=suggestion.pk)
        row.score = 672_485
        html = slots.fill(request_of(), "row_score", row)
        assert 'class="score"' in html
        assert f'href="{suggestion.post.get_absolute_url()}#why"' in html
        assert ">67.2<" in html

    def test_talk_has_no_score(self, request_of, db):
        post = make_post(kind="question", board=make_board())
        assert "score" not in slots.fill(request_of(), "row_score", Standing.objects.with_posts().get(post=post))
        assert 'id="why"' not in slots.fill(request_of(), "post_aside", post)

    def test_the_panel_shows_parts_bars_and_words_without_inline_style(self, request_of, suggestion, voter):
        make_vote(suggestion, need=1000)
        drain()
        html = slots.fill(request_of(voter), "post_aside", suggestion.post)
        assert html.count('class="part"') == 6
        assert html.count('class="bar-val"') == 5
        assert "style=" not in html
        assert "Why this score?" in html
