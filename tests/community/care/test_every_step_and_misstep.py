"""From every state a text can be in: what each decision makes of it, and which decisions are refused without a trace."""

from datetime import timedelta

import pytest
from django.db import transaction

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.reports import report, withdraw_report
from community.care.targets import load_targets
from community.comments import delete_comment, edit_comment, restore_comment, write_comment
from community.models import Activity, Decision, Hold, Post, Report, Standing
from community.posts import delete_post, edit_post, restore_post, write_post
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Manner
from tests.factories import NOW, make_board, make_comment, make_member, make_moderator, make_newcomer, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("screened")]
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
TRAPPED = Manner("page", 60_000, trapped=True)


def target(thing):
    kind = "post" if isinstance(thing, Post) else "comment"
    return load_targets([(kind, thing.pk)])[kind, thing.pk]


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


@pytest.fixture
def second(board):
    return make_moderator("Sofia", board=board)


@pytest.fixture(params=["post", "comment"])
def make(request, author, board):
    """Makes Mara's post, or her comment under somebody's post."""

    def text(manner=None):
        if request.param == "post":
            return write_post(author=author, board=board, kind="discussion", title="A word of mine", body="Said.", at=NOW, manner=manner)  # fmt: skip
        return write_comment(author=author, post=make_post(board=board), body="Said.", at=NOW, manner=manner)

    return text


@pytest.fixture
def put(make, author, moderator):
    """Puts a text into a state, as it comes about in life."""

    def into(state):
        thing = make(TRAPPED if state.startswith("held") else None)
        if state == "withheld":
            decisions.withhold(target=target(thing), at=NOW)
        elif state == "hidden":
            decisions.hide(target=target(thing), by=moderator, rule="spam", at=NOW)
        elif state == "declined":
            decisions.withhold(target=target(thing), at=NOW)
            decisions.decline(target=target(fresh(thing)), by=moderator, rule="spam", at=NOW)
        elif state.endswith("deleted"):
            take_back(thing, author)
        return fresh(thing)

    return into


def take_back(thing, by):
    run, name = (delete_post, "post") if isinstance(thing, Post) else (delete_comment, "comment")
    run(**{name: thing}, by=by, at=NOW)


def bring_back(thing, by, at=LATER):
    run, name = (restore_post, "post") if isinstance(thing, Post) else (restore_comment, "comment")
    return run(**{name: thing}, by=by, at=at).state


ACTS = {
    "approve": lambda told, by: decisions.let_through(target=told, by=by, at=LATER),
    "decline": lambda told, by: decisions.decline(target=told, by=by, rule="spam", at=LATER),
    "hide": lambda told, by: decisions.hide(target=told, by=by, rule="spam", at=LATER),
    "show": lambda told, by: decisions.show_again(target=told, by=by, at=LATER),
    "in order": lambda told, by: decisions.find_in_order(target=told, by=by, at=LATER),
    "withhold": lambda told, by: decisions.withhold(target=told, at=LATER),
}
# What becomes of the text, and the verdict that is kept; "no" is a refusal that leaves nothing behind.
STEPS = {
    "visible": {"approve": "no", "decline": "no", "hide": "hidden hidden", "show": "no", "in order": "no", "withhold": "held withheld"},
    "held": {"approve": "visible released", "decline": "hidden declined", "hide": "hidden declined", "show": "visible restored",
             "in order": "visible released", "withhold": "held -"},
    "withheld": {"approve": "visible released", "decline": "hidden declined", "hide": "hidden declined", "show": "visible restored",
                 "in order": "visible released", "withhold": "held -"},
    "hidden": {"approve": "no", "decline": "no", "hide": "no", "show": "visible restored", "in order": "no", "withhold": "hidden -"},
    "declined": {"approve": "no", "decline": "no", "hide": "no", "show": "visible restored", "in order": "no", "withhold": "hidden -"},
    "deleted": {"approve": "no", "decline": "no", "in order": "no", "withhold": "deleted -"},
    "held, deleted": {"approve": "no", "decline": "no", "in order": "no", "withhold": "deleted -"},
}  # fmt: skip


def outcome(thing, act, by) -> str:
    """What the act makes of the text, which is then as before."""
    before = Decision.objects.count(), Activity.objects.count()
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = ACTS[act](target(thing), by)
            told = f"{fresh(thing).state} {made.verdict if made else '-'}"
        except Conflict:
            assert (Decision.objects.count(), Activity.objects.count()) == before
            told = "no"
        transaction.set_rollback(True)
    return told


@pytest.mark.parametrize("state", STEPS)
def test_each_state_allows_its_steps_and_no_other(put, second, state):
    thing = put(state)
    assert {act: outcome(thing, act, second) for act in STEPS[state]} == STEPS[state]


@pytest.mark.parametrize("state", ["visible", "held", "withheld", "hidden", "declined"])
def test_what_its_author_takes_back_comes_back_as_it_was(put, author, state):
    thing = put(state)
    was = thing.state
    take_back(thing, author)
    assert fresh(thing).state == "deleted" and bring_back(thing, author) == was


def test_after_fourteen_days_only_a_moderator_brings_it_back(put, author, moderator):
    thing = put("deleted")
    edge = NOW + timedelta(days=14)
    with transaction.atomic():
        assert bring_back(thing, author, edge) == "visible"
        transaction.set_rollback(True)
    with pytest.raises(Conflict, match="14 days"):
        bring_back(thing, author, edge + timedelta(seconds=1))
    assert bring_back(thing, moderator, edge + timedelta(days=300)) == "visible"


def test_the_whole_way_and_back_leaves_it_as_it_was(make, author, voter, moderator, second):
    """Held, let through, reported, hidden, appealed, overturned."""
    thing = make(TRAPPED)
    decisions.let_through(target=target(thing), by=moderator, at=SOON)
    shown = vars(fresh(thing)) | {"_state": 0}
    report(target=target(fresh(thing)), by=voter, rule="unkind", at=SOON)
    hidden = decisions.hide(target=target(fresh(thing)), by=moderator, rule="unkind", at=SOON)
    row = appeal(decision=hidden, by=author, words="I was quoting.", at=LATER)
    decide_appeal(appeal=row, by=second, overturn=True, words="They were.", at=LATER)
    assert vars(fresh(thing)) | {"_state": 0} == shown
    verdicts = list(Decision.objects.order_by("pk").values_list("verdict", flat=True))
    assert verdicts == ["released", "hidden", "overturned"] and Report.objects.get().decision == hidden


def test_overturning_what_is_shown_again_already_changes_nothing_more(put, author, moderator, second):
    thing = put("hidden")
    row = appeal(decision=Decision.objects.get(), by=author, words="Why?", at=NOW)
    decisions.show_again(target=target(thing), by=moderator, at=SOON)
    assert decide_appeal(appeal=row, by=second, overturn=True, words="Right.", at=LATER).before == "visible"
    assert fresh(thing).state == "visible"


def test_an_appeal_without_a_word_of_the_second_decides_nothing(put, author, second):
    put("hidden")
    row = appeal(decision=Decision.objects.get(), by=author, words="Why?", at=NOW)
    with pytest.raises(Invalid) as told:
        decide_appeal(appeal=row, by=second, overturn=True, words=" \n", at=SOON)
    row.refresh_from_db()
    assert row.settled_at is None and "words" in told.value.fields


def test_what_is_hidden_twice_can_be_appealed_twice_and_once_each(put, author, moderator, second):
    thing = put("hidden")
    decisions.show_again(target=target(thing), by=moderator, at=SOON)
    decisions.hide(target=target(fresh(thing)), by=moderator, rule="unkind", at=SOON)
    one, two = Decision.objects.filter(verdict="hidden").order_by("pk")
    for decision in (one, two):
        appeal(decision=decision, by=author, words="Why?", at=LATER)
    for decision in (one, two):
        with pytest.raises(Conflict, match="already"):
            appeal(decision=decision, by=author, words="Why?", at=LATER)
    assert Decision.objects.get(verdict="restored").answers == one and second


@pytest.mark.parametrize(
    "verdict", ["released", "restored", "dismissed", "withheld", "trusted", "lifted", "upheld", "overturned"]
)
def test_what_takes_nothing_away_cannot_be_appealed(author, board, verdict):
    row = Decision.objects.create(
        verdict=verdict, target_kind="member", target_id=author.pk, member=author, board=board, at=NOW
    )
    with pytest.raises(Conflict):
        appeal(decision=row, by=author, words="Why?", at=NOW)


def test_words_of_an_appeal_are_kept_up_to_two_thousand_signs(put, author):
    put("hidden")
    assert len(appeal(decision=Decision.objects.get(), by=author, words="x" * 2500, at=NOW).words) == 2000


def test_a_withdrawn_report_leaves_what_was_withheld_waiting(board):
    post = make_post(author=make_newcomer(), board=board)
    rows = [report(target=target(post), by=make_member(), rule="spam", at=NOW) for _ in range(3)]
    for row in rows:
        withdraw_report(report=row, by=row.reporter, at=SOON)
    assert fresh(post).state == "held" and Hold.objects.open().count() == 1


def test_what_waits_is_not_withheld_again_by_more_reports(board):
    post = make_post(author=make_newcomer(), board=board)
    told = target(post)
    for _ in range(5):
        report(target=told, by=make_member(), rule="spam", at=NOW)
    assert Hold.objects.count() == 1 and Decision.objects.filter(verdict="withheld").count() == 1


def test_one_decision_answers_every_report_of_the_thing_and_of_no_other(voter, moderator, board):
    post, other = make_post(board=board), make_post(board=board)
    comment = make_comment(post)
    for thing in (post, other, comment):
        report(target=target(thing), by=voter, rule="spam", at=NOW)
    report(target=target(post), by=make_member(), rule="unkind", at=NOW)
    made = decisions.hide(target=target(post), by=moderator, rule="spam", at=SOON)
    assert made.reports.count() == 2 and Report.objects.open().count() == 2
    assert set(made.reports.values_list("settled_at", flat=True)) == {SOON}


def test_a_report_that_was_taken_back_is_answered_by_nobody(voter, moderator, board):
    post = make_post(board=board)
    row = report(target=target(post), by=voter, rule="spam", at=NOW)
    for _twice in range(2):
        withdraw_report(report=row, by=voter, at=SOON)
    made = decisions.hide(target=target(post), by=moderator, rule="spam", at=LATER)
    row.refresh_from_db()
    assert (row.settled_at, row.decision, made.reports.count()) == (SOON, None, 0)
    assert Activity.objects.filter(verb="reported").count() == 2


def test_whoever_reports_again_counts_as_who_they_are_now(board):
    post, reporter = make_post(author=make_newcomer(), board=board), make_newcomer()
    row = report(target=target(post), by=reporter, rule="spam", at=NOW)
    withdraw_report(report=row, by=reporter, at=NOW)
    reporter.trust = 1
    assert not row.trusted and report(target=target(post), by=reporter, rule="spam", at=SOON).trusted


def test_let_through_and_trusted_says_so_on_record_but_not_to_them(put, second):
    decisions.let_through(target=target(put("held")), by=second, at=SOON, trust=True)
    rows = list(Decision.objects.order_by("pk").values_list("verdict", "target_kind", "board"))
    assert rows[1] == ("trusted", "member", None) and rows[0][0] == "released"


def test_counts_follow_every_step(board, author, moderator):
    post = make_post(board=board)
    comment = make_comment(post, author=author)

    def count():
        return Standing.objects.get(pk=post.pk).comments

    seen = [count()]
    for act in ("hide", "show", "withhold", "approve"):
        ACTS[act](target(fresh(comment)), moderator)
        seen.append(count())
    assert seen == [1, 0, 1, 0, 1]


@pytest.mark.parametrize("who", ["voter", "elsewhere", "author", "stranger"])
def test_nobody_without_the_board_takes_a_step(request, put, board, who):
    by = make_moderator(board=make_board("camera")) if who == "elsewhere" else request.getfixturevalue(who)
    for state, acts in (("held", ("approve", "decline", "in order")), ("hidden", ("show",)), ("visible", ("hide", "in order"))):
        thing = put(state)
        for act in acts:
            with pytest.raises(NotAllowed):
                ACTS[act](target(thing), by)
        assert fresh(thing).state == state


def test_editing_what_is_hidden_neither_shows_it_nor_makes_it_wait(put, author):
    thing = put("hidden")
    if isinstance(thing, Post):
        edit_post(post=thing, by=author, title=thing.title, body="Now kinder.", at=LATER, manner=TRAPPED)
    else:
        edit_comment(comment=thing, by=author, body="Now kinder.", at=LATER, manner=TRAPPED)
    assert (fresh(thing).state, fresh(thing).body) == ("hidden", "Now kinder.") and not Hold.objects.open().exists()
