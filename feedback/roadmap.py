"""The roadmap: suggestions are adopted, pieces of work planned, moved and dropped; what they serve moves with them."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Member, Product
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.verbs import RoadmapMoved, Verb
from feedback.clusters import lock_suggestions
from feedback.models import Release, RoadmapColumn, RoadmapItem, Suggestion
from feedback.triage import change_status, lock_canonical

LONGEST_TITLE = 160


class Described(TypedDict, total=False):
    """What is said of a piece of work; effort in quarter team-weeks (4 = one week of one team)."""

    title: str
    summary: str
    effort: int
    theme: str
    expected: str
    owner: Member | None
    release: Release | None
    is_public: bool
    after: RoadmapItem | None
    must: bool


@transaction.atomic
def adopt_suggestion(*, suggestion: Suggestion, by: Member, at: datetime, note: str = "") -> RoadmapItem:
    """The suggestion is on the roadmap and its author is told; `note` is the public answer with it.

    A cluster that a piece of work serves already is moved to that one's column and gets no second.
    What comes from a board that is not open to everybody is planned for the team's eyes until somebody shows it.
    """
    require(by, Privilege.PLAN)
    row = lock_canonical(suggestion)
    served = RoadmapItem.objects.filter(suggestions__root=row.pk).exclude(column=RoadmapColumn.SHIPPED)
    item = served.order_by("pk").first()
    if item is None:
        product, title = row.post.board.product, row.post.title[:LONGEST_TITLE]
        # Its title is the suggestion's own: what only some may read is announced by people, not by us.
        item = plan_item(product=product, title=title, by=by, at=at, is_public=row.post.board.is_public)
    item.suggestions.add(row)
    _settle(item, by, at, answer=note, only=row)
    return item


@transaction.atomic
def plan_item(
    *, product: Product, by: Member, at: datetime, column: str = RoadmapColumn.PLANNED,
    suggestions: Iterable[Suggestion] = (), **plan: Unpack[Described],
) -> RoadmapItem:  # fmt: skip
    """The piece of work stands last in its column, and the suggestions it serves have that column's status."""
    require(by, Privilege.PLAN)
    _check_column(column)
    item = RoadmapItem(product=product, column=column, position=_last(product, column), created_at=at, moved_at=at)
    _take(item, plan)
    item.save()
    served = list(suggestions)
    _record_move(item, "", served, by, at)
    for suggestion in served:
        serve_suggestion(item=item, suggestion=suggestion, by=by, at=at)
    return item


@transaction.atomic
def edit_item(*, item: RoadmapItem, by: Member, at: datetime, **plan: Unpack[Described]) -> RoadmapItem:
    """The piece of work is described like this."""
    require(by, Privilege.PLAN)
    row = _locked(item)
    _take(row, plan)
    row.save()
    return row


@transaction.atomic
def serve_suggestion(*, item: RoadmapItem, suggestion: Suggestion, by: Member, at: datetime) -> RoadmapItem:
    """The piece of work serves the suggestion's cluster, which has its column's status."""
    require(by, Privilege.PLAN)
    row = _locked(item)
    _check_column(row.column)
    row.suggestions.add(suggestion)
    _settle(row, by, at, only=suggestion)
    return row


@transaction.atomic
def release_suggestion(*, item: RoadmapItem, suggestion: Suggestion, by: Member, at: datetime) -> RoadmapItem:
    """The piece of work does not serve the suggestion any more, whose status stays until somebody decides."""
    require(by, Privilege.PLAN)
    row = _locked(item)
    row.suggestions.remove(suggestion)
    return row


@transaction.atomic
def move_item(*, item: RoadmapItem, column: str, by: Member, at: datetime, answer: str = "") -> RoadmapItem:
    """The piece of work stands last in the column, and every suggestion it serves has that status.

    Raises Conflict for the shipped column: things ship with a release, which credits who asked.
    """
    require(by, Privilege.PLAN)
    _check_column(column)
    row = _locked(item)
    before = row.column
    if before != column:
        row.column, row.moved_at, row.position = column, at, _last(row.product, column)
        row.save(update_fields=["column", "moved_at", "position"])
        _record_move(row, before, row.suggestions.all(), by, at)
        _settle(row, by, at, answer=answer)
    return row


@transaction.atomic
def place_item(*, item: RoadmapItem, position: int, by: Member, at: datetime) -> RoadmapItem:
    """The piece of work stands at this place in its column; lower stands higher."""
    require(by, Privilege.PLAN)
    row = _locked(item)
    row.position = max(0, position)
    row.save(update_fields=["position"])
    return row


@transaction.atomic
def drop_item(*, item: RoadmapItem, by: Member, at: datetime) -> None:
    """The piece of work is gone. Raises Conflict while it serves suggestions: each deserves its own decision."""
    require(by, Privilege.PLAN)
    row = _locked(item)
    if row.suggestions.exists():
        raise Conflict(_("It serves suggestions. Take them off it, and decide about each, before you drop it."))
    row.delete()


def finish_items(*, release: Release, root_ids: Iterable[int], by: Member, at: datetime) -> list[RoadmapItem]:
    """What the release brings stands in the shipped column. Called by the shipping, in its transaction."""
    roots = set(root_ids)
    open_items = RoadmapItem.objects.exclude(column=RoadmapColumn.SHIPPED).select_for_update(no_key=True).order_by("pk")
    done = []
    for item in open_items.filter(pk__in=_touched(release, roots)).prefetch_related("suggestions"):
        served = {suggestion.root_id for suggestion in item.suggestions.all()}
        if item.release_id == release.pk or (served and served <= roots):
            before, item.column, item.moved_at = item.column, RoadmapColumn.SHIPPED.value, at
            item.release, item.position = release, _last(item.product, item.column)
            item.save(update_fields=["column", "moved_at", "release", "position"])
            _record_move(item, before, list(item.suggestions.all()), by, at)
            done.append(item)
    return done


def _touched(release: Release, roots: set[int]) -> set[int]:
    mine = set(RoadmapItem.objects.filter(release=release).values_list("pk", flat=True))
    return mine | set(RoadmapItem.objects.filter(suggestions__root__in=roots).values_list("pk", flat=True))


def _settle(item: RoadmapItem, by: Member, at: datetime, *, answer: str = "", only: Suggestion | None = None) -> None:
    """What the item serves (or the one suggestion) has its column as status, where it had another."""
    served = item.suggestions.filter(pk=only.pk) if only else item.suggestions.all()
    for _pk, root in sorted(lock_suggestions(served.values_list("root_id", flat=True)).items()):
        if root.status != item.column:
            change_status(suggestion=root, to=item.column, by=by, at=at, answer=answer)


def _record_move(item: RoadmapItem, before: str, served: Iterable[Suggestion], by: Member, at: datetime) -> None:
    record(
        Verb.ROADMAP_MOVED,
        key=f"roadmap_moved:{item.pk}:{item.column}:{at.isoformat()}",
        actor=by,
        subject=item.pk,
        data=RoadmapMoved(before, str(item.column), sorted(suggestion.root_id for suggestion in served)),
        at=at,
    )


def _check_column(column: str) -> None:
    if column == RoadmapColumn.SHIPPED:
        raise Conflict(_("Things ship with a release, which credits everybody who asked. Add it to one and ship that."))
    if column not in RoadmapColumn.values:
        raise Invalid(_("Please choose a column."), fields={"column": _("Please choose one.")})


def _take(item: RoadmapItem, plan: Described) -> None:
    for name, value in plan.items():
        setattr(item, name, value.strip() if isinstance(value, str) else value)
    item.title = " ".join(item.title.split())
    if not item.title or len(item.title) > LONGEST_TITLE:
        raise Invalid(_("Please give it a title of at most 160 signs."), fields={"title": _("At most 160 signs.")})
    if item.effort < 1:
        raise Invalid(
            _("Every piece of work takes something. One is a quarter of a team-week."), fields={"effort": _("At least 1.")}
        )
    _check_line(item)


def _check_line(item: RoadmapItem) -> None:
    """Nothing waits for itself, nor for another product's work."""
    if item.after is None:
        return
    if item.after.product_id != item.product_id:
        raise Invalid(_("That is another product's work."), fields={"after": _("Please choose work of the same product.")})
    # Two might each be put after the other at once; the product's row decides who comes first.
    Product.objects.select_for_update(no_key=True).get(pk=item.product_id)
    line = dict(RoadmapItem.objects.filter(product=item.product_id, after__isnull=False).values_list("pk", "after_id"))
    before: int | None = item.after_id
    while before is not None and before != item.pk:
        before = line.get(before)
    if before is not None:
        raise Invalid(_("These would wait for each other for ever."), fields={"after": _("This one waits for it already.")})


def _last(product: Product, column: str) -> int:
    found: int | None = RoadmapItem.objects.filter(product=product, column=column).aggregate(last=Max("position"))["last"]
    return (found or 0) + 1


def _locked(item: RoadmapItem) -> RoadmapItem:
    return RoadmapItem.objects.select_for_update(no_key=True, of=("self",)).select_related("product").get(pk=item.pk)
