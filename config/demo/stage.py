"""The stage of the demo: what of the script has become real so far, and the clock it is played by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from community.models import Board, Comment, Member, Persona, Post, Product
from config.demo.script import Entry, Script
from feedback.models import Department, Release, RoadmapItem, Suggestion


@dataclass(frozen=True)
class Step:
    """Something that happens so many days before now."""

    ago: float
    act: Callable[[datetime], object]


@dataclass
class Stage:
    """What is there already, by the names of the script. `now` is where the ten weeks end."""

    script: Script
    now: datetime
    products: dict[str, Product] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    personas: dict[str, Persona] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    wishes: dict[str, Suggestion] = field(default_factory=dict)
    comments: dict[tuple[str, int], Comment] = field(default_factory=dict)
    items: dict[str, RoadmapItem] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)

    def moment(self, ago: float) -> datetime:
        return self.now - timedelta(days=ago)

    def suggestion(self, entry_id: str) -> Suggestion:
        """The suggestion as it is now."""
        found = Suggestion.objects.select_related("post__board", "post__author", "root__post__board")
        return found.get(pk=self.posts[entry_id].pk)

    def voted_for(self, entry: Entry) -> Suggestion:
        """The suggestion as voters need it; read once, since nothing that refuses a vote changes while they come."""
        if entry.id not in self.wishes:
            self.wishes[entry.id] = self.suggestion(entry.id)
        return self.wishes[entry.id]
