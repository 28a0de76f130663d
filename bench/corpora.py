"""The texts the benches work on: the issue archive, the Chinese pairs, and a crowd recombined from both."""

import csv
import gzip
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from community.models import Board, Comment, Member, Post, Product, Standing
from community.models.post import PostKind, PostState
from feedback.models import Suggestion

LONG_AGO = datetime(2013, 1, 1, tzinfo=UTC)


@dataclass
class Text:
    """One suggestion to load. thread: its comments, each with the time it was written."""

    pk: int
    title: str
    body: str = ""
    created_at: str = ""
    thread: list[tuple[str, str]] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return "\n".join([self.title, self.body, *(said for _, said in self.thread)])


def read_archive(folder: Path) -> tuple[dict[int, Text], list[tuple[int, int]]]:
    """Issues by number with their threads, and the pairs duplicate → original by number."""
    issues: dict[int, Text] = {}
    for row in _json_lines(folder / "rust_issues.jsonl.gz"):
        issues[row["number"]] = Text(row["number"], row["title"], _clean(row["body"]), row["created_at"])
    for row in _json_lines(folder / "rust_comments.jsonl.gz"):
        number = int(row["issue_url"].rsplit("/", 1)[1])
        if number in issues:
            issues[number].thread.append((row["created_at"], _clean(row["body"])))
    lines = (folder / "rust_duplicates.tsv").read_text().split("\n")[1:]
    return issues, sorted(tuple(map(int, line.split("\t"))) for line in lines if line)  # type: ignore[misc]


def _json_lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _clean(body: str | None) -> str:
    # PostgreSQL keeps no NUL; an import drops it too.
    return (body or "").replace("\0", "")


def read_chinese_pairs(folder: Path) -> tuple[list[str], list[int], list[int]]:
    """All sentences; each one's cluster (transitive same meaning); positions of those that have a partner."""
    rows = [line.split("\t") for line in (folder / "zh_paraphrase_pairs.tsv").read_text(encoding="utf-8").split("\n") if line]
    places: dict[str, int] = {}
    for first, second, _ in rows:
        places.setdefault(first, len(places))
        places.setdefault(second, len(places))
    cluster = list(range(len(places)))

    def root(at: int) -> int:
        while cluster[at] != at:
            at = cluster[at]
        return at

    for first, second, same in rows:
        if same == "1":
            cluster[root(places[first])] = root(places[second])
    roots = [root(at) for at in range(len(places))]
    sizes = Counter(roots)
    return list(places), roots, [at for at, of in enumerate(roots) if sizes[of] > 1]


def crowd(folder: Path, size: int) -> list[Text]:
    """So many texts, always the same: titles and halves of real issues and Chinese messages put together anew."""
    issues, _ = read_archive(folder)
    english = [(row.title, _paragraphs(row.body)) for row in issues.values()]
    with (folder / "zh_messages_votes.csv").open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))[1:]
    chinese = [(row[2].strip(), _sentences(row[4])) for row in rows if len(row) > 4]
    dice = random.Random(20261121)
    texts = []
    for pk in range(1, size + 1):
        kind = english if pk % 3 else chinese
        (title, first), (other, second) = dice.choice(kind), dice.choice(kind)
        words = title.split() if kind is english else list(title)
        more = other.split() if kind is english else list(other)
        joint = (" " if kind is english else "").join([*words[: -(-len(words) * 2 // 3)], *more[len(more) * 2 // 3 :]])
        body = "\n".join([*first[: dice.randint(1, 3)], *second[: dice.randint(0, 2)]])
        texts.append(Text(pk, joint[:160], body[:2_000]))
    return texts


def _paragraphs(body: str) -> list[str]:
    return [part for part in body.split("\n\n") if part.strip()]


def _sentences(body: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。！？])", body.strip()) if part]


def load(texts: Iterable[Text], *, until: str = "", chunk: int = 2_000) -> list[int]:
    """The texts are suggestions in one open board; their comments up to `until` too. Their ids are returned."""
    author, board = _author(), _board()
    ids: list[int] = []
    waiting = iter(texts)
    while rows := list(itertools.islice(waiting, chunk)):
        ids += [row.pk for row in rows]
        Post.objects.bulk_create(
            Post(pk=row.pk, board=board, author=author, title=row.title[:200], body=row.body, created_at=LONG_AGO)
            for row in rows
        )
        Suggestion.objects.bulk_create(Suggestion(post_id=row.pk, root_id=row.pk) for row in rows)
        plain = {"product": board.product, "board": board, "kind": PostKind.SUGGESTION, "state": PostState.VISIBLE}
        Standing.objects.bulk_create(Standing(post_id=row.pk, status="open", **plain) for row in rows)
        load_comments((row.pk, said) for row in rows for at, said in row.thread if not until or at < until)
    return ids


def load_comments(said: Iterable[tuple[int, str]]) -> None:
    """So many comments more: the suggestion and the text of each."""
    author = _author()
    Comment.objects.bulk_create(
        (Comment(post_id=pk, author=author, body=body, created_at=LONG_AGO) for pk, body in said), batch_size=2_000
    )


def _author() -> Member:
    author, _ = Member.objects.get_or_create(username="bench", defaults={"display_name": "Bench"})
    return author


def _board() -> Board:
    product, _ = Product.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    return Board.objects.get_or_create(slug="bench", defaults={"name": "Bench", "product": product})[0]


def merge(roots: Sequence[tuple[int, int]]) -> None:
    """Each suggestion belongs to the cluster of the other, as after a confirmed merge."""
    for pk, root in roots:
        Suggestion.objects.filter(pk=pk).update(root_id=root)
