"""Which entries say what was asked for, best first; who may see them is not decided here.

A text scores the weight of every part it has: three times in a title, once in the text of a post, seven tenths in a comment.
Two parts side by side add half of the lighter one; a title that says nothing else adds up to the weight of the whole
question; votes decide among equals. All parts are wanted; where nearly nothing has them all, most of them will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from typing import Any

from django.db import connection
from django.utils import timezone

from community.search.lexemes import quoted
from community.search.question import Question, Weighed
from community.search.wanted import NEW, Wanted

# More candidates than these are not held against each other: of a word that common, the newest titles and texts are.
MOST, MOST_COMMON = 1_200, 400
# A loosened question opens its rarest parts, as far as these texts reach.
MOST_LOOSE = 1_200
# Of a few words most have to be there; of a whole sentence a third is much, since it may be said in other words.
FEW_PARTS, LEAST_OF_FEW, LEAST_OF_MANY = 4, 0.55, 0.33
IN_TITLE, IN_POST, IN_COMMENT, SIDE_BY_SIDE, WHOLE_TITLE = 3.0, 1.0, 0.7, 0.5, 1.0
VOTES_WORTH = 60  # thousandths, times the logarithm of the votes


@dataclass(frozen=True)
class Ranked:
    """An entry that says what was asked for: the higher its rank, the better; ids decide among equals."""

    post_id: int
    comment_id: int
    rank: int
    pk: int


@dataclass(frozen=True)
class Candidates:
    """Ranked entries. whole: nothing that says the same was left out."""

    entries: list[Ranked]
    whole: bool = True


def strict(question: Question, wanted: Wanted, facets: Sequence[str]) -> Candidates:
    """Entries that have every part."""
    parts = [one.part.query() for one in question.parts]
    query = " & ".join([*parts, *question.asked.bounds, *map(quoted, facets)])
    bound = min((one.texts for one in question.parts), default=question.everything)
    if not query:
        return Candidates(_newest(wanted))
    if bound <= MOST or facets or question.asked.phrases:
        return Candidates(_ranked(question, wanted, "words @@ %s::tsquery", [query]))
    return Candidates(_of_common_words(question, wanted, query), whole=False)


def loose(question: Question, wanted: Wanted, facets: Sequence[str]) -> Candidates:
    """Entries that have most of what the parts weigh together."""
    opened: list[Weighed] = []
    reach = 0
    for one in sorted((one for one in question.parts if one.texts or one.part.begins), key=lambda one: one.texts):
        reach += one.texts
        if reach <= MOST_LOOSE or not opened:
            opened.append(one)
    if not opened or (reach > 4 * MOST_LOOSE and len(opened) == 1):
        return Candidates([])
    some = " | ".join(one.part.query() for one in opened)
    query = " & ".join([f"({some})", *question.asked.bounds, *map(quoted, facets)])
    known = sum(one.weight for one in question.parts if one.texts)
    share = LEAST_OF_FEW if len(question.parts) <= FEW_PARTS else LEAST_OF_MANY
    return Candidates(_ranked(question, wanted, "words @@ %s::tsquery", [query], least=round(share * known)))


def _of_common_words(question: Question, wanted: Wanted, query: str) -> list[Ranked]:
    """The newest titles and the newest texts with these words, as many as are held against each other."""
    titles = " & ".join([*(one.part.query(titled=True) for one in question.parts), *question.asked.bounds])
    dated, days = _days(wanted)
    # OFFSET 0: the index of words is the way in, whatever the planner thinks of the newest ones.
    newest = f"""
        SELECT id FROM (SELECT id, written_at FROM community_searchentry WHERE words @@ %s::tsquery{dated} OFFSET 0) found
        ORDER BY written_at DESC, id DESC LIMIT {MOST_COMMON}
    """  # noqa: S608 - every value is a parameter
    named = min(one.titles for one in question.parts)
    if len(question.parts) == 1 and named >= MOST_COMMON and wanted.sort != NEW:
        # So many titles say it that nobody reads as far as the texts.
        return _ranked(question, wanted, f"id IN ({newest})", [titles, *days])
    where = f"id IN (({newest}) UNION ({newest}))"
    return _ranked(question, wanted, where, [titles, *days, query, *days])


def _ranked(question: Question, wanted: Wanted, where: str, told: list[Any], *, least: int = 0) -> list[Ranked]:
    dated, days = _days(wanted)
    hits, asked = _hits(question)
    rank = f"{hits} + {VOTES_WORTH} * ln(1 + coalesce(standing.votes + standing.imported_votes, 0))"
    order = "extract(epoch FROM found.written_at)" if wanted.sort == NEW else rank
    enough, share = ("", []) if not least else _enough(question, least)
    # OFFSET 0: the vector is unpacked once for all comparisons, and the index of words is the way in.
    sql = f"""
        SELECT found.post_id, found.comment_id, round(({order})::numeric)::bigint AS rank, found.id
        FROM (
            SELECT id, post_id, comment_id, written_at, title_length, words || ''::tsvector AS words
            FROM community_searchentry WHERE {where}{dated} OFFSET 0
        ) found
        LEFT JOIN community_standing standing ON standing.post_id = found.post_id
        {enough}
        ORDER BY rank DESC, found.id DESC LIMIT {2 * MOST}
    """  # noqa: S608 - every value is a parameter
    with connection.cursor() as cursor:
        cursor.execute(sql, [*([] if wanted.sort == NEW else asked), *told, *days, *share])
        return [Ranked(*row) for row in cursor.fetchall()]


def _hits(question: Question) -> tuple[str, list[Any]]:
    """How well an entry answers, as SQL, and its parameters."""
    if not question.parts:
        return "0", []
    place = f"(CASE WHEN found.comment_id = 0 THEN {IN_POST} ELSE {IN_COMMENT} END)"
    terms, asked = [], []
    for one in question.parts:
        terms.append(
            f"CASE WHEN found.words @@ %s::tsquery THEN {one.weight} * "
            f"(CASE WHEN found.words @@ %s::tsquery THEN {IN_TITLE} ELSE {place} END) ELSE 0 END"
        )
        asked += [one.part.query(), one.part.query(weighed=True)]
    for before, after in pairwise(question.parts):
        worth = round(SIDE_BY_SIDE * min(before.weight, after.weight))
        terms.append(f"CASE WHEN found.words @@ %s::tsquery THEN {worth} ELSE 0 END")
        asked.append(f"{before.part.query()} <-> {after.part.query()}")
    everything = sum(one.weight for one in question.parts)
    terms.append(
        "CASE WHEN found.title_length > 0 AND found.words @@ %s::tsquery "
        f"THEN {WHOLE_TITLE * everything} * least(1.0, {len(question.parts)}.0 / found.title_length) ELSE 0 END"
    )
    asked.append(" & ".join(one.part.query(weighed=True) for one in question.parts))
    return " + ".join(terms), asked


def _enough(question: Question, least: int) -> tuple[str, list[Any]]:
    terms = [f"CASE WHEN found.words @@ %s::tsquery THEN {one.weight} ELSE 0 END" for one in question.parts]
    return f"WHERE {' + '.join(terms)} >= {least}", [one.part.query() for one in question.parts]


def _newest(wanted: Wanted) -> list[Ranked]:
    """Without words: posts, the newest first."""
    dated, days = _days(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, comment_id, extract(epoch FROM written_at)::bigint, id FROM community_searchentry "  # noqa: S608
            f"WHERE comment_id = 0{dated} ORDER BY written_at DESC, id DESC LIMIT {MOST}",
            days,
        )
        return [Ranked(*row) for row in cursor.fetchall()]


def _days(wanted: Wanted) -> tuple[str, list[Any]]:
    """Since and until, in the time zone of the reader."""

    def start(day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day, clock.min))

    clauses: list[str] = []
    told: list[Any] = []
    if wanted.since:
        clauses.append(" AND written_at >= %s")
        told.append(start(wanted.since))
    if wanted.until:
        clauses.append(" AND written_at < %s")
        told.append(start(wanted.until + timedelta(days=1)))
    return "".join(clauses), told
