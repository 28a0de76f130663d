"""The script of the demo: who is there, what they write, and what becomes of it. Read from the TOML files beside this."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHANGE = {"en": "**What would change it:** ", "zh-hans": "**什么会改变这个决定：**", "zh-hant": "**什麼會改變這個決定：**"}
Names = dict[str, str]


@dataclass(frozen=True)
class Person:
    """A member. joined: days before now; keen: 1 to 10, how readily they vote; login: the address of a demo sign-in."""

    username: str
    name: str
    lang: str
    tz: str
    joined: float
    about: str
    role: str = "member"
    persona: str = ""
    keen: int = 5
    login: str = ""
    job: str = ""
    department: str = ""
    tester: bool = False

    @property
    def is_staff(self) -> bool:
        return self.role in ("staff", "admin")

    @property
    def address(self) -> str:
        return self.login or f"{self.username}@demo.sprout"


@dataclass(frozen=True)
class Remark:
    """A comment. re: whose comment above it answers; helped: many agree with it."""

    by: str
    ago: float
    text: str
    re: str = ""
    helped: bool = False


@dataclass(frozen=True)
class Turn:
    """A new status with, maybe, the public answer and what would change it."""

    to: str
    by: str
    ago: float
    answer: str = ""
    change: str = ""

    @property
    def status(self) -> str:
        return self.to.replace(" ", "-")


@dataclass(frozen=True)
class Entry:
    """A post with everything that hangs on it. votes: how many vote in the end; must and nice: how many of a hundred."""

    id: str
    title: str
    by: str
    ago: float
    board: str
    body: str
    kind: str = "suggestion"
    lang: str = "en"
    tags: tuple[str, ...] = ()
    votes: int = 0
    must: int = 15
    nice: int = 20
    pull: frozenset[str] = frozenset()
    triage: dict[str, Any] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def is_wish(self) -> bool:
        return self.kind in ("suggestion", "bug")

    def said(self, turn: Turn) -> str:
        """The whole public answer given with a turn."""
        return "\n\n".join(filter(None, [turn.answer.strip(), turn.change and CHANGE[self.lang] + turn.change]))


@dataclass(frozen=True)
class Pair:
    """A merge, or the proposal of one. undone: when it turned out to be a mistake."""

    duplicate: str
    into: str
    ago: float
    by: str = ""
    proposed: str = ""
    said: str = ""
    undone: float | None = None


@dataclass(frozen=True)
class Work:
    """A roadmap item; effort in quarter team-weeks."""

    title: str
    summary: str
    product: str
    theme: str
    effort: int
    owner: str
    serves: tuple[str, ...]
    expected: str = ""


@dataclass(frozen=True)
class Drop:
    """A weekly release and the suggestions it ships; `ago` is below zero for one whose moment lies ahead."""

    product: str
    version: str
    title: str
    notes: str
    by: str
    ago: float
    ships: tuple[str, ...]


@dataclass(frozen=True)
class Aside:
    """A note that only the team reads."""

    post: str
    by: str
    ago: float
    text: str


@dataclass(frozen=True)
class Script:
    """The whole play."""

    places: dict[str, list[dict[str, Any]]]
    people: dict[str, Person]
    entries: dict[str, Entry]
    merges: list[Pair]
    proposals: list[Pair]
    works: list[Work]
    drops: list[Drop]
    asides: list[Aside]
    scheduled: list[Drop] = field(default_factory=list)

    @property
    def fans(self) -> list[Person]:
        """Everybody whose vote counts."""
        return [person for person in self.people.values() if not person.is_staff]

    def tag_names(self, entry: Entry) -> list[str]:
        """The tags of an entry in the words of its language."""
        words = {tag["slug"]: tag["name"][entry.lang] for tag in self.places["tags"]}
        return [words[slug] for slug in entry.tags]


def read_script() -> Script:
    """The script as written."""
    merges = _read("merges")
    return Script(
        places=_read("community"),
        people={row["username"]: Person(**row) for row in _read("members")["members"]},
        entries={entry.id: entry for name in _post_files() for entry in _entries(_read(name))},
        merges=[Pair(**row) for row in merges["merges"]],
        proposals=[Pair(**row) for row in merges["proposals"]],
        works=[Work(**row | {"serves": tuple(row["serves"])}) for row in _read("roadmap")["items"]],
        drops=[Drop(**row | {"ships": tuple(row["ships"])}) for row in _read("releases")["releases"]],
        scheduled=[Drop(**row | {"ships": tuple(row["ships"])}) for row in _read("releases")["scheduled"]],
        asides=[Aside(**row) for row in _read("notes")["notes"]],
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def _post_files() -> list[str]:
    return [*sorted(path.stem for path in HERE.glob("suggestions-*.toml")), "bench"]


def _entries(file: dict[str, Any]) -> list[Entry]:
    return [_entry({"board": file["board"]} | row) for row in file["posts"]]


def _entry(row: dict[str, Any]) -> Entry:
    turns = tuple(Turn(**turn) for turn in row.pop("status", ()))
    remarks = tuple(Remark(**remark) for remark in row.pop("comments", ()))
    tags, pull = tuple(row.pop("tags", ())), frozenset(row.pop("pull", ()))
    return Entry(**row, tags=tags, pull=pull, turns=turns, remarks=remarks)
