"""What care needs to know of contest entries: how they are found, hidden and shown again."""

from community.care.targets import Target, targets
from community.contests.entering import hide_entry, show_entry
from community.models import ContestEntry, EntryState, PostState

# What its team took back is gone for care, too.
STATES = {EntryState.VISIBLE: PostState.VISIBLE, EntryState.HIDDEN: PostState.HIDDEN, EntryState.WITHDRAWN: PostState.DELETED}


@targets(
    "entry",
    seen=lambda viewer: ContestEntry.objects.visible_to(viewer).select_related("author", "contest"),
    every=lambda: ContestEntry.objects.select_related("author", "contest"),
    shown=lambda: ContestEntry.objects.taking_part(),
    hide=lambda entry, *, by, at, why: hide_entry(entry=entry, reason=why, by=by, at=at),
    restore=lambda entry, *, by, at, why: show_entry(entry=entry, by=by, at=at),
)
def told_of_entry(entry: ContestEntry) -> Target:
    return Target(
        "entry", entry.pk, entry.author, entry.contest.board_id, entry.title, entry.body, entry.body_html,
        entry.get_absolute_url(), STATES[EntryState(entry.state)], entry,
    )  # fmt: skip
