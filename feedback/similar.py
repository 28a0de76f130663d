"""Similar suggestions: BM25F over an index of terms kept in PostgreSQL; the same answer every time.

`feedback.text` says what a text is about; `feedback.similar_index` keeps that term by term; here it is asked. What was
tried, and what it gave, is in docs/similar.md.
"""

import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError, connection, transaction

from community.models import Board, Standing
from community.models.board import Viewer
from community.models.standing import StandingQuerySet
from feedback import text
from feedback.models import SimilarTerm

log = logging.getLogger(__name__)

# A term's rarity counts by ln(1 + (n - df + ½) / (df + ½)) ** RARITY.
RARITY = 1.3
# Among a handful of suggestions rarity means nothing: nobody is taken to speak in a smaller crowd than this.
SMALLEST_CROWD = 1_000
# A question asks for its heaviest terms. Opening more postings than this finds nothing better (docs/similar.md); what the
# terms left over add is looked up for the candidates alone.
MOST_TERMS, MOST_POSTINGS, LEAST_RARE_TERMS = 40, 8_000, 3
# How many are found at first, and how many more where the asker may not see most of them.
CANDIDATES, MORE_CANDIDATES = 60, (5_000, None)
LIKENESS = 0.3  # what an equally spelt title adds, as a share of the best candidate's force
# What shares little with the question, or far less than the best does, is noise. On real duplicates, on the Chinese pairs
# and on the seed set these bounds drop not one right answer.
LEAST_SCORE, LEAST_SHARE = 0.03, 0.25
PATIENCE = "1000"  # ms; nobody who writes a post waits longer for what is similar

# OFFSET 0 keeps the planner on the index of postings, term by term, also before the first ANALYZE.
FIND = """
    SELECT posting.suggestion_id, sum(asked.weight * posting.impact) AS force
    FROM unnest(%s::bigint[], %s::int[]) AS asked (term, weight)
    CROSS JOIN LATERAL (
        SELECT suggestion_id, impact FROM feedback_similarposting WHERE term = asked.term OFFSET 0
    ) AS posting
    WHERE posting.suggestion_id <> ALL (%s::bigint[])
    GROUP BY posting.suggestion_id
    ORDER BY force DESC, posting.suggestion_id
    LIMIT %s
"""
COMPLETE = """
    SELECT found.suggestion_id, sum(asked.weight * posting.impact)
    FROM unnest(%s::bigint[]) AS found (suggestion_id)
    CROSS JOIN unnest(%s::bigint[], %s::int[]) AS asked (term, weight)
    CROSS JOIN LATERAL (
        SELECT impact FROM feedback_similarposting
        WHERE term = asked.term AND suggestion_id = found.suggestion_id OFFSET 0
    ) AS posting
    GROUP BY found.suggestion_id
"""


@dataclass(frozen=True)
class Similar:
    """A suggestion like the one asked about; of a merged one, its canonical.

    score: 0…1, how much of the question it answers. words: those of its title that the question shares, normalised.
    """

    post_id: int
    title: str
    status: str
    votes: int
    imported_votes: int
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """Terms and their weights: the rare ones find candidates, the common ones complete their force."""

    terms: frozenset[str]
    rare: dict[int, int]
    common: dict[int, int]
    most: int  # the force of a suggestion that is wholly about every term


@dataclass(frozen=True)
class Candidate:
    """A suggestion that was found, and the canonical it counts for."""

    pk: int
    root: int
    title: str
    status: str
    votes: int
    imported_votes: int
    force: int = 0


def find_similar(
    *, title: str, body: str = "", asker: Viewer, board: Board | None = None, limit: int = 5, ignore: Iterable[int] = ()
) -> list[Similar]:
    """Up to `limit` suggestions that say the same, best first, ties by id, out of those the asker may see.

    board: only suggestions in it. ignore: suggestions to pass over, such as the one being looked at.
    Never raises for a fault of the database: that is logged, and nothing is similar.
    """
    try:
        inside = connection.in_atomic_block
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)", [PATIENCE])
            before = cursor.fetchone()[0]
            found = _find(ask(title, body), asker, board, limit, title, sorted(ignore))
            if inside:
                # The caller's own transaction goes on with the patience it had.
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
            return found
    except DatabaseError:
        log.exception("what is similar could not be found")
        return []


def ask(title: str, body: str = "") -> Question:
    """The question as the index understands it, weighed by how rare its terms are today."""
    terms = {text.key(term): (term, weight) for term, weight in text.asked(title, body).items()}
    rows = SimilarTerm.objects.filter(term__in=[SimilarTerm.EVERYTHING, *terms], suggestions__gt=0)
    counts = dict(rows.values_list("term", "suggestions"))
    everything = counts.pop(SimilarTerm.EVERYTHING, 0)
    heavy = {key: max(1, round(weight * rarity(everything, counts.get(key, 0)))) for key, (_, weight) in terms.items()}
    known = sorted(counts, key=lambda key: (-heavy[key], key))[:MOST_TERMS]
    rare: dict[int, int] = {}
    common: dict[int, int] = {}
    opened = 0
    for key in sorted(known, key=lambda key: (counts[key], key)):
        opened += counts[key]
        part = rare if opened <= MOST_POSTINGS or len(rare) < LEAST_RARE_TERMS else common
        part[key] = heavy[key]
    # The words are the whole of a question, also those nobody has used; a concept is only another way to say them.
    whole = sorted((heavy[key] for key, (term, _) in terms.items() if term[0] != text.CONCEPT), reverse=True)
    return Question(frozenset(term for term, _ in terms.values()), rare, common, text.FULL * sum(whole[:MOST_TERMS]) or 1)


def rarity(everything: int, df: int) -> float:
    """How much a term in `df` of all suggestions tells; the logarithm of BM25, a little steeper."""
    crowd = max(everything, SMALLEST_CROWD)
    return float(math.log(1 + (max(crowd - df, 0) + 0.5) / (df + 0.5)) ** RARITY)


def _find(
    question: Question, asker: Viewer, board: Board | None, limit: int, title: str, ignore: Sequence[int]
) -> list[Similar]:
    if not question.rare or limit < 1:
        return []
    shown = Standing.objects.visible_to(asker).suggestions()
    seen = shown.filter(board=board) if board is not None else shown
    candidates: list[Candidate] = []
    for most in (CANDIDATES, *MORE_CANDIDATES):
        forces = dict(_rows(FIND, [*_arrays(question.rare), ignore, most]))
        seen_ones = _candidates(seen.filter(post_id__in=list(forces)))
        candidates = [replace(hit, force=forces[hit.pk]) for hit in seen_ones if hit.root not in ignore]
        if most is None or len(forces) < most or len({hit.root for hit in candidates}) >= limit:
            break
    best = _worth_showing(_rank(_completed(question, candidates), title), question)[:limit]
    known = {hit.pk: hit for hit in candidates}
    if elsewhere := {hit.root for hit, _ in best} - known.keys():
        known |= {hit.pk: hit for hit in _candidates(shown.filter(post_id__in=elsewhere))}
    # A canonical that the asker may not see is not named; the one that was found stands for itself.
    return [_shown(known.get(hit.root, hit), force, question) for hit, force in best]


def _candidates(rows: StandingQuerySet) -> list[Candidate]:
    fields = ("post_id", "post__suggestion__root_id", "post__title", "status", "votes", "imported_votes")
    return [Candidate(pk, root or pk, *rest) for pk, root, *rest in rows.values_list(*fields)]


def _completed(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidates, with what the common terms add."""
    ahead = sorted(candidates, key=lambda hit: (-hit.force, hit.pk))[:CANDIDATES]
    if not question.common or not ahead:
        return ahead
    more = dict(_rows(COMPLETE, [[hit.pk for hit in ahead], *_arrays(question.common)]))
    return [replace(hit, force=hit.force + more.get(hit.pk, 0)) for hit in ahead]


def _rank(candidates: Sequence[Candidate], title: str) -> list[tuple[Candidate, float]]:
    """One candidate a cluster with its force, best first: what the index gives, and the likeness of the titles."""
    top = max((hit.force for hit in candidates), default=0)
    forces = {hit: hit.force + LIKENESS * top * text.likeness(title, hit.title) for hit in candidates}
    ranked: dict[int, tuple[Candidate, float]] = {}
    for hit, force in sorted(forces.items(), key=lambda pair: (-pair[1], pair[0].root, pair[0].pk)):
        ranked.setdefault(hit.root, (hit, force))
    return list(ranked.values())


def _worth_showing(ranked: Sequence[tuple[Candidate, float]], question: Question) -> list[tuple[Candidate, float]]:
    best = ranked[0][1] if ranked else 0.0
    return [(hit, force) for hit, force in ranked if force >= LEAST_SHARE * best and _score(force, question) >= LEAST_SCORE]


def _score(force: float, question: Question) -> float:
    return round(min(1.0, force / question.most / (1 + LIKENESS)), 6)


def _shown(hit: Candidate, force: float, question: Question) -> Similar:
    return Similar(
        post_id=hit.pk,
        title=hit.title,
        status=hit.status,
        votes=hit.votes,
        imported_votes=hit.imported_votes,
        score=_score(force, question),
        words=tuple(text.matching(hit.title, question.terms)),
    )


def _arrays(weights: dict[int, int]) -> tuple[list[int], list[int]]:
    return list(weights), list(weights.values())


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [(pk, int(force)) for pk, force in cursor.fetchall()]
