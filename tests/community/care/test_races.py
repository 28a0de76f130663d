"""Two moderators, three reporters, one text: whoever comes together, it is decided once."""

from datetime import timedelta

import pytest

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.reports import report
from community.care.targets import load_targets
from community.models import Decision, Hold, Post, Report
from community.posts import delete_post, write_post
from community.refusals import Conflict, Refused
from community.screening import Answer, Manner, keep_hold
from tests.factories import NOW, make_board, make_member, make_moderator, make_newcomer, make_post
from tests.rewards.racing import race

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def place(committed_db):
    board = make_board("battery")
    return board, [make_moderator(name, board=board) for name in ("Moe", "Sofia", "Wei", "Zhu")]


def together(*acts) -> list[str]:
    """All of these at one moment, each in a process of its own: "done", or the refusal's code."""

    def run(act):
        try:
            act()
        except Refused as refusal:
            return refusal.code
        return "done"

    return race(run, acts)


def target(post):
    return load_targets([("post", post.pk)])["post", post.pk]


def held(board):
    post = write_post(author=make_member(), board=board, kind="suggestion", title="Waits for one of us", body="", at=NOW)
    Post.objects.filter(pk=post.pk).update(state="held")
    post.refresh_from_db()
    keep_hold(post, Answer(("trap",)), at=NOW, fresh=False)
    return target(post)


@pytest.mark.parametrize("_round", range(3))
def test_of_four_moderators_one_decides(place, _round):
    board, keepers = place
    case = held(board)
    acts = [lambda by=by: decisions.let_through(target=case, by=by, at=LATER) for by in keepers[:2]]
    acts += [lambda by=by: decisions.decline(target=case, by=by, rule="spam", at=LATER) for by in keepers[2:]]
    assert sorted(together(*acts)) == ["conflict"] * 3 + ["done"]
    assert Decision.objects.count() == 1 and not Hold.objects.open().exists()
    verdict = Decision.objects.get().verdict
    assert Post.objects.get().state == {"released": "visible", "declined": "hidden"}[verdict]


def test_three_reports_together_withhold_once(place):
    board, _keepers = place
    thing = target(make_post(author=make_newcomer(), board=board))
    reporters = [make_member() for _ in range(5)]
    outcome = together(*[lambda by=by: report(target=thing, by=by, rule="spam", at=NOW) for by in reporters])
    assert "done" in outcome and Report.objects.count() >= 3
    again = make_member()
    if Post.objects.get().state != "held":
        report(target=target(Post.objects.get()), by=again, rule="spam", at=LATER)
    assert Post.objects.get().state == "held" and Hold.objects.open().count() == 1
    assert Decision.objects.filter(verdict="withheld").count() == 1


def test_an_appeal_is_decided_by_one(place):
    board, keepers = place
    post = make_post(author=make_member(), board=board)
    hidden = decisions.hide(target=target(post), by=keepers[0], rule="spam", at=NOW)
    row = appeal(decision=hidden, by=post.author, words="No.", at=NOW)
    acts = [
        lambda by=by, way=way: decide_appeal(appeal=row, by=by, overturn=way, words="So.", at=LATER)
        for by, way in zip(keepers[1:], (True, False, True), strict=True)
    ]
    assert sorted(together(*acts)) == ["conflict"] * 2 + ["done"]


def test_who_takes_it_back_while_it_is_decided_waits_and_nothing_hangs(place):
    board, keepers = place
    case = held(board)
    outcome = together(
        lambda: decisions.let_through(target=case, by=keepers[0], at=LATER),
        lambda: delete_post(post=case.thing, by=case.author, at=LATER),
    )
    assert "done" in outcome and Post.objects.get().state in ("deleted", "visible")


def test_a_second_look_at_what_is_settled_is_refused(place):
    board, keepers = place
    case = held(board)
    decisions.let_through(target=case, by=keepers[0], at=LATER)
    with pytest.raises(Conflict):
        decisions.let_through(target=case, by=keepers[1], at=LATER)
    assert Manner() == Manner("page")
