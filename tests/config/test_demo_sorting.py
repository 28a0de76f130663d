"""The demo's people help to sort, and nobody goes past what they wrote or voted for."""

from datetime import UTC, datetime

from config.demo.crowd import ballots
from config.demo.script import read_script
from config.demo.sorting import PASSED_EACH, SKIPPED_EACH, SORTERS, UNDECIDED, steps_of_sorting
from config.demo.stage import Stage

SCRIPT = read_script()
STAGE = Stage(SCRIPT, datetime(2026, 11, 20, tzinfo=UTC))


def told() -> list[tuple[str, str, str, float]]:
    """Who goes past what, how, and how many days before now."""
    return [(*step.act.args[1:], step.ago) for step in steps_of_sorting(STAGE)]


def test_some_of_them_go_past_a_few_cards_each():
    assert len(told()) == SORTERS * (PASSED_EACH + SKIPPED_EACH)
    assert len({who for who, *_rest in told()}) == SORTERS


def test_every_time_it_is_the_same():
    assert told() == told()


def test_nobody_goes_past_their_own_or_what_they_voted_for():
    voted = {(ballot.voter, ballot.entry) for ballot in ballots(SCRIPT)}
    for who, what, _verdict, _ago in told():
        assert SCRIPT.entries[what].by != who and (who, what) not in voted


def test_only_undecided_wishes_are_gone_past_and_never_before_they_were_there():
    for who, what, _verdict, ago in told():
        entry = SCRIPT.entries[what]
        assert entry.is_wish and 0 < ago <= min(entry.ago, SCRIPT.people[who].joined)
        assert not entry.turns or min(entry.turns, key=lambda turn: turn.ago).status in UNDECIDED
