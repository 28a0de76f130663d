"""Which issues a pull request closes: from the pull requests themselves, or from a table of pairs. Pure."""

import csv
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from feedback.importing.github import open_text
from feedback.importing.rows import LONGEST_ID, Fault, read_id, read_words

# GitHub's own rule: the keyword stands right before the issue, in the text; of "fixes #1, #2" it closes the first alone.
_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s{1,5}#(\d{1,9})\b", re.IGNORECASE)
COLUMNS = ({"item", "pull", "pull_request", "pr"}, {"issue_closed", "issue", "closes"})
Pair = tuple[str, str]


def closed_by(text: str) -> list[str]:
    """The numbers of the issues that a pull request with this text closes."""
    return list(dict.fromkeys(str(int(number)) for number in _CLOSES.findall(text)))


def read_closings(path: Path) -> Iterator[Pair | Fault]:
    """Pairs of a pull request and an issue it closes, from JSON lines as GitHub gives them or from a table with a header."""
    with open_text(path) as lines:
        first = next((line for line in lines if line.strip()), "")
        if first.lstrip().startswith("{"):
            yield from _from_objects(path.name, first, lines)
        else:
            yield from _from_table(path.name, first, lines)


def _from_objects(name: str, first: str, lines: Iterable[str]) -> Iterator[Pair | Fault]:
    for row, line in enumerate(itertools.chain([first], lines), 1):
        if not line.strip():
            continue
        try:
            pull = json.loads(line)
            number, text = read_id(pull["number"]), read_words(pull.get("body") or "")
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
            yield Fault(name, row, f"not a pull request as GitHub writes them ({type(fault).__name__})")
            continue
        if "pull_request" in pull:
            yield from ((number, issue) for issue in closed_by(text))


def _from_table(name: str, first: str, lines: Iterable[str]) -> Iterator[Pair | Fault]:
    mark = "\t" if "\t" in first else ","
    header = [column.strip().lower() for column in first.split(mark)]
    at = [next((place for place, column in enumerate(header) if column in known), None) for known in COLUMNS]
    pull_at, issue_at = at
    if pull_at is None or issue_at is None:
        yield Fault(name, 1, 'neither pull requests in JSON nor a table with the columns "item" and "issue_closed"')
        return
    try:
        for row, cells in enumerate(csv.reader(lines, delimiter=mark), 2):
            if max(pull_at, issue_at) >= len(cells):
                yield Fault(name, row, f"{len(cells)} cells where {len(header)} belong")
            elif max(len(cells[pull_at]), len(cells[issue_at])) > LONGEST_ID:
                yield Fault(name, row, f"a number of more than {LONGEST_ID} signs")
            elif cells[issue_at].strip():
                yield cells[pull_at].strip().lstrip("#"), cells[issue_at].strip().lstrip("#")
    except csv.Error as fault:
        yield Fault(name, 0, f"not a table: {fault}")
