"""Releases: drafted, shipped, and credited by name to everybody whose suggestion they bring."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from community import rendering
from community.activity import Happening, record, record_many
from community.models import Member, PostState, Product
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.verbs import ReleaseShipped, SuggestionShipped, Verb
from feedback.models import Credit, Release, Status, Suggestion, Vote
from feedback.roadmap import finish_items
from feedback.triage import change_status

LONGEST_TITLE, LONGEST_VERSION = 120, 40


class Notes(TypedDict, total=False):
    """What is said of a release; `notes` is Markdown."""

    version: str
    title: str
    notes: str


@transaction.atomic
def draft_release(
    *, product: Product, version: str, title: str, by: Member, at: datetime, notes: str = "", slug: str = "",
    suggestions: Iterable[Suggestion] = (),
) -> Release:  # fmt: skip
    """The release is prepared; only staff see it, and it says what it will bring."""
    require(by, Privilege.SHIP)
    release = Release(product=product, created_at=at)
    _take(release, {"version": version, "title": title, "notes": notes})
    release.slug = fresh_slug(slug or f"{product.slug}-{release.version}")
    release.save()
    release.suggestions.set(suggestions)
    return release


@transaction.atomic
def edit_release(*, release: Release, by: Member, at: datetime, **notes: Unpack[Notes]) -> Release:
    """The release says something else; shipped ones may still be put in better words."""
    require(by, Privilege.SHIP)
    row = _locked(release)
    _take(row, notes)
    row.edited_at = at
    row.save(update_fields=["version", "title", "notes", "notes_html", "edited_at"])
    return row


@transaction.atomic
def bring_suggestions(*, release: Release, suggestions: Iterable[Suggestion], by: Member, at: datetime) -> Release:
    """The release brings exactly these; once it has shipped, who it credits is settled."""
    require(by, Privilege.SHIP)
    row = _locked(release)
    if row.shipped_at is not None:
        raise Conflict(_("This release has shipped, and everybody it credits was told."))
    row.suggestions.set(suggestions)
    row.edited_at = at
    row.save(update_fields=["edited_at"])
    return row


@transaction.atomic
def drop_release(*, release: Release, by: Member, at: datetime) -> None:
    """The draft is gone. What has shipped stays."""
    require(by, Privilege.SHIP)
    row = _locked(release)
    if row.shipped_at is not None:
        raise Conflict(_("This release has shipped, and everybody it credits was told."))
    row.delete()


@transaction.atomic
def ship_release(*, release: Release, by: Member, at: datetime) -> Release:
    """The release is out: every cluster it serves is shipped, and who wrote, shared or backed the wish is credited.

    One fact for each suggestion of each cluster is on record; their listeners tell every voter and pay the honours.
    Raises Conflict for a second time.
    """
    require(by, Privilege.SHIP)
    row = _locked(release)
    if row.shipped_at is not None:
        raise Conflict(_("This release has shipped already."))
    roots = roots_of(row)
    row.shipped_at, row.shipped_by, row.held = at, by, ""
    row.save(update_fields=["shipped_at", "shipped_by", "held"])
    # What a roadmap item of this release serves was brought by it, whoever forgot to say so.
    row.suggestions.add(*roots)
    ids = [root.pk for root in roots]
    # The pieces of work before the suggestions: whoever moves one locks in this order too.
    finish_items(release=row, root_ids=ids, by=by, at=at)
    for root in roots:
        if root.status != Status.SHIPPED:
            change_status(suggestion=root, to=Status.SHIPPED, by=by, at=at, release=row)
    wishes = _wishes(ids)
    _credit(row, wishes)
    _record_shipping(row, wishes, by, at)
    return row


def roots_of(release: Release) -> list[Suggestion]:
    """The canonical suggestions the release serves, by itself or through its roadmap items, ascending."""
    direct = Suggestion.objects.filter(releases=release).values("root_id")
    planned = Suggestion.objects.filter(roadmap_items__release=release).values("root_id")
    published = Suggestion.objects.filter(post__state=PostState.VISIBLE).select_related("post")
    return list((published.filter(pk__in=direct) | published.filter(pk__in=planned)).order_by("pk"))


def _wishes(root_ids: list[int]) -> list[Suggestion]:
    """Every published suggestion of these clusters, the canonical ones first, then the oldest."""
    found = Suggestion.objects.filter(root__in=root_ids, post__state=PostState.VISIBLE).select_related("post")
    return sorted(found, key=lambda wish: (not wish.is_canonical, wish.post.created_at, wish.pk))


def _credit(release: Release, wishes: list[Suggestion]) -> None:
    """One credit for each person and cluster, under the strongest of their parts in it."""
    roles: dict[tuple[int, int], str] = {}
    for wish in wishes:
        role = Credit.Role.AUTHOR if wish.is_canonical else Credit.Role.MERGED_AUTHOR
        roles.setdefault((wish.root_id, wish.post.author_id), role)
    votes = Vote.objects.counted().filter(suggestion__in=[wish.pk for wish in wishes])
    for root_id, member_id in votes.order_by("cast_at", "pk").values_list("suggestion__root_id", "member_id").iterator():
        roles.setdefault((root_id, member_id), Credit.Role.VOTER)
    Credit.objects.bulk_create(
        [
            Credit(release=release, suggestion_id=root_id, member_id=member_id, role=role)
            for (root_id, member_id), role in roles.items()
        ],
        batch_size=5000,
        ignore_conflicts=True,
    )


def _record_shipping(release: Release, wishes: list[Suggestion], by: Member, at: datetime) -> None:
    shipped = [
        Happening(
            key=f"suggestion_shipped:{release.pk}:{wish.pk}",
            actor=by,
            subject=wish.pk,
            data=SuggestionShipped(release.pk, wish.post.author_id, wish.is_canonical),
        )
        for wish in wishes
    ]
    record_many(shipped, at=at)
    record(
        Verb.RELEASE_SHIPPED,
        key=f"release_shipped:{release.pk}",
        actor=by,
        subject=release.pk,
        data=ReleaseShipped(release.product_id, sorted(wish.pk for wish in wishes if wish.is_canonical)),
        at=at,
    )


def _take(release: Release, notes: Notes) -> None:
    release.version = " ".join(notes.get("version", release.version).split())
    release.title = " ".join(notes.get("title", release.title).split())
    release.notes = rendering.check_source(notes.get("notes", release.notes))
    release.notes_html = rendering.render(release.notes)
    if not release.version or len(release.version) > LONGEST_VERSION:
        raise Invalid(_("Please give it a version."), fields={"version": _("At most 40 signs.")})
    if not release.title or len(release.title) > LONGEST_TITLE:
        raise Invalid(_("Please give it a title."), fields={"title": _("At most 120 signs.")})


def fresh_slug(wish: str) -> str:
    """An address nobody has, as near to the wish as can be."""
    base = slugify(wish.replace(".", "-"), allow_unicode=True)[:70] or "release"
    slug, number = base, 1
    while Release.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _locked(release: Release) -> Release:
    return Release.objects.select_for_update(no_key=True).get(pk=release.pk)
