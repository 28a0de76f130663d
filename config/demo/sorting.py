"""How the demo's people help to sort: what some of them went past, as a seeded throw decides."""

import random
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from config.demo.crowd import EARLY_BOARD, LATEST, SEED, ballots
from config.demo.script import Entry
from config.demo.stage import Stage, Step
from feedback.judgements import judge
from feedback.models import Judgement, Verdict

SORTERS, PASSED_EACH, SKIPPED_EACH = 14, 4, 1  # the keenest fans, and how many cards each goes past
UNDECIDED = ("open", "under-review")


def steps_of_sorting(stage: Stage) -> Iterator[Step]:
    """Every card that somebody went past; nobody goes past what they voted for or wrote."""
    dice = random.Random(SEED + 2)  # nosec B311
    voted = {(ballot.voter, ballot.entry) for ballot in ballots(stage.script)}
    cards = [entry for entry in stage.script.entries.values() if _is_a_card(stage, entry)]
    for fan in sorted(stage.script.fans, key=lambda fan: (-fan.keen, fan.username))[:SORTERS]:
        seen = [card for card in cards if card.by != fan.username and (fan.username, card.id) not in voted]
        chosen = dice.sample(seen, min(len(seen), PASSED_EACH + SKIPPED_EACH))
        for place, card in enumerate(chosen):
            verdict = Verdict.PASSED if place < PASSED_EACH else Verdict.SKIPPED
            ago = dice.uniform(LATEST, max(LATEST, min(card.ago, fan.joined) - 0.1))
            yield Step(ago, partial(go_past, stage, fan.username, card.id, verdict))


def _is_a_card(stage: Stage, entry: Entry) -> bool:
    merged = {pair.duplicate for pair in stage.script.merges if pair.undone is None}
    undecided = not entry.turns or min(entry.turns, key=lambda turn: turn.ago).status in UNDECIDED
    return entry.is_wish and undecided and entry.board != EARLY_BOARD and entry.id not in merged


def go_past(stage: Stage, username: str, entry_id: str, verdict: Verdict, at: datetime) -> Judgement:
    """The fan went past the wish."""
    return judge(member=stage.members[username], suggestion=stage.suggestion(entry_id), verdict=verdict, at=at)
