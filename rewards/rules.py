"""What earns points and honour: one table on one screen, and the pure laws of how it is applied. No Django here.

Paid is what came of it (adopted, shipped, an answer accepted, a duplicate well reported), never mere volume. Every amount is a function of
the set of facts on record: neither their order of arrival nor how often one is delivered changes it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from community.verbs import Verb


@dataclass(frozen=True)
class Amounts:
    """Whole points and honour."""

    points: int = 0
    honour: int = 0


@dataclass(frozen=True)
class Rule:
    """What one outcome earns, and the most it can earn one member in one day (UTC)."""

    earns: Amounts
    daily: Amounts


@dataclass(frozen=True)
class Book:
    """All rules from a day on. A fact is paid by the book of its own day, whenever it is looked at."""

    version: int
    since: date
    rules: Mapping[str, Rule]


BOOKS = [
    Book(
        version=1,
        since=date(2000, 1, 1),
        rules={
            #                          each: points, honour      a day at most
            "adopted": Rule(Amounts(200, 60), Amounts(1000, 300)),  # the author, once per suggestion
            "shipped": Rule(Amounts(400, 120), Amounts(2000, 600)),  # the author, once per suggestion
            "shipped_merged": Rule(Amounts(100, 30), Amounts(300, 90)),  # who had the same idea, once per suggestion
            "duplicate": Rule(Amounts(20, 5), Amounts(100, 25)),  # who reported a merge that staff made, while it stands
            "contest_first": Rule(Amounts(300, 90), Amounts(300, 90)),  # each of the winning team, once per entry
            "contest_placed": Rule(Amounts(100, 30), Amounts(200, 60)),  # each of the team of another honoured place
            "attended": Rule(Amounts(20, 5), Amounts(20, 5)),  # who was at a meetup, once per meetup
            # No fact of this kind is older than the rule, so adding it to the first book changes nothing paid before.
            "answer": Rule(Amounts(30, 10), Amounts(90, 30)),  # whose comment the asker accepted, while it is accepted
        },
    )
]
ADOPTED = {"planned", "in-progress", "testing"}
SHOWN = {"visible"}
PAYING = (
    Verb.STATUS_CHANGED,
    Verb.SUGGESTION_SHIPPED,
    Verb.SUGGESTION_MERGED,
    Verb.ANSWER_ACCEPTED,
    Verb.CONTEST_WON,
    Verb.MEETUP_ATTENDED,
)
OUT_OF_CONTEST = Verb.CONTEST_ENTRY_CHANGED
VOIDING = (Verb.SUGGESTION_UNMERGED, Verb.POST_CHANGED, Verb.ANSWER_UNACCEPTED, Verb.COMMENT_CHANGED, OUT_OF_CONTEST)
# The subject of these facts is an entry or a meetup, not a post; their ids say nothing of each other.
OF_GATHERINGS = {Verb.CONTEST_WON, OUT_OF_CONTEST, Verb.MEETUP_ATTENDED}


@dataclass(frozen=True)
class Fact:
    """An activity, as the rules see it."""

    id: int
    verb: str
    subject: int
    at: datetime
    data: Mapping[str, Any] = field(compare=False, hash=False)

    @property
    def moment(self) -> tuple[datetime, int]:
        """The order of facts: when they happened, and for one instant which was recorded first."""
        return (self.at, self.id)


@dataclass(frozen=True)
class Claim:
    """Somebody may be owed for a fact. `once`: of all claims of the same kind and thing the earliest is paid."""

    rule: str
    member: int
    once: tuple[str, int]
    fact: Fact

    @property
    def day(self) -> date:
        return self.fact.at.astimezone(UTC).date()


Scope = tuple[str, int, date]  # rule, member, day: what one daily limit is about


def book_of(day: date) -> Book:
    """The rules in force that day."""
    return max((book for book in BOOKS if book.since <= day), key=lambda book: book.since)


def claim_of(fact: Fact) -> Claim | None:
    """Who may be owed for this fact, by which rule."""
    data = fact.data
    if fact.verb == Verb.STATUS_CHANGED and data["after"] in ADOPTED:
        return Claim("adopted", data["author_id"], ("adopted", fact.subject), fact)
    if fact.verb == Verb.SUGGESTION_SHIPPED:
        return Claim("shipped" if data["canonical"] else "shipped_merged", data["author_id"], ("shipped", fact.subject), fact)
    if fact.verb == Verb.SUGGESTION_MERGED and data["proposed_by_id"] is not None:
        return Claim("duplicate", data["proposed_by_id"], ("duplicate", fact.subject), fact)
    if fact.verb == Verb.ANSWER_ACCEPTED:
        return Claim("answer", data["author_id"], ("answer", fact.subject), fact)
    if fact.verb == Verb.CONTEST_WON:
        rule = "contest_first" if data["place"] == 1 else "contest_placed"
        return Claim(rule, data["author_id"], (f"contest:{fact.subject}", data["author_id"]), fact)
    if fact.verb == Verb.MEETUP_ATTENDED:
        return Claim("attended", data["member_id"], (f"meetup:{fact.subject}", data["member_id"]), fact)
    return None


def void_by(facts: Iterable[Fact]) -> Callable[[Claim], Fact | None]:
    """What undoes a claim, if anything: its merge was undone, or its suggestion is not shown now.

    An answer is undone when it is accepted no longer, or when it or its question is not shown now; a prize when its entry is
    hidden.

    A suggestion moved back from the roadmap keeps what it earned: the adoption was real, and plans are ours to change.
    """
    facts = sorted(facts, key=lambda fact: fact.moment)
    undone = {fact.data["merge_id"]: fact for fact in facts if fact.verb == Verb.SUGGESTION_UNMERGED}
    hidden = _hidden_now((fact.subject, fact) for fact in facts if fact.verb == Verb.POST_CHANGED)
    unsaid = _hidden_now((fact.data["comment_id"], fact) for fact in facts if fact.verb == Verb.COMMENT_CHANGED)
    out = _hidden_now((fact.subject, fact) for fact in facts if fact.verb == OUT_OF_CONTEST)
    # Of several the last: an answer accepted again after that is a claim of its own.
    taken_back = {fact.data["comment_id"]: fact for fact in facts if fact.verb == Verb.ANSWER_UNACCEPTED}

    def void(claim: Claim) -> Fact | None:
        if claim.fact.verb == Verb.CONTEST_WON:
            return out.get(claim.fact.subject)
        if claim.fact.verb == Verb.MEETUP_ATTENDED:
            return None  # whoever was there was there
        if claim.rule == "duplicate":
            return undone.get(claim.fact.data["merge_id"])
        if claim.rule == "answer":
            comment = claim.fact.data["comment_id"]
            back = taken_back.get(comment)
            if back is not None and back.moment > claim.fact.moment:
                return back
            return unsaid.get(comment) or hidden.get(claim.fact.subject)
        return hidden.get(claim.fact.subject)

    return void


def _hidden_now(changes: Iterable[tuple[int, Fact]]) -> dict[int, Fact]:
    """Thing → the last fact about it, of those that it left out of sight. The facts come in the order of their moments."""
    last = dict(changes)
    return {thing: fact for thing, fact in last.items() if fact.data["state"] not in SHOWN}


def settle(claims: Iterable[Claim]) -> dict[Claim, Amounts]:
    """What each valid claim is worth: the earliest per thing, in the order of their moments while the day's limit lasts."""
    earliest: dict[tuple[str, int], Claim] = {}
    for claim in claims:
        if claim.once not in earliest or claim.fact.moment < earliest[claim.once].fact.moment:
            earliest[claim.once] = claim
    by_scope: dict[Scope, list[Claim]] = defaultdict(list)
    for claim in earliest.values():
        by_scope[scope_of(claim)].append(claim)
    return {claim: worth for scope, many in by_scope.items() for claim, worth in _within_limit(scope, many)}


def _within_limit(scope: Scope, claims: list[Claim]) -> Iterable[tuple[Claim, Amounts]]:
    name, _member, day = scope
    rule = book_of(day).rules.get(name, Rule(Amounts(), Amounts()))
    points, honour = rule.daily.points, rule.daily.honour
    for claim in sorted(claims, key=lambda claim: claim.fact.moment):
        worth = Amounts(min(rule.earns.points, points), min(rule.earns.honour, honour))
        points, honour = points - worth.points, honour - worth.honour
        yield claim, worth


def scope_of(claim: Claim) -> Scope:
    return (claim.rule, claim.member, claim.day)
