"""Tags: found by any of their names, made where they are new, named in three languages, merged."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Member, Post, Tag
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.verbs import TagsMerged, Verb

MOST_TAGS = 5


def slug_of(name: str) -> str:
    """The word of a tag as it stands in addresses."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())[:60]


def name_tags(names: Iterable[str]) -> list[Tag]:
    """The tags of these names in whatever language, made where they are new; a merged one stands for where it went."""
    wanted: dict[str, str] = {}
    for name in (" ".join(name.split()).lstrip("#")[:40] for name in names):
        if slug := slug_of(name):
            wanted.setdefault(slug, name)
    tags: dict[int, Tag] = {}
    for slug, name in list(wanted.items())[:MOST_TAGS]:
        tag = _known(slug, name) or Tag.objects.get_or_create(slug=slug, defaults={"name": name})[0]
        tags.setdefault(tag.pk, tag)
    return list(tags.values())


def _known(slug: str, name: str) -> Tag | None:
    called = Q(slug=slug) | Q(name__iexact=name) | Q(name_zh_hans__iexact=name) | Q(name_zh_hant__iexact=name)
    found = sorted(Tag.objects.filter(called).select_related("into"), key=lambda tag: (tag.slug != slug, tag.pk))
    return (found[0].into or found[0]) if found else None


def tags_called(slug: str) -> QuerySet[Tag]:
    """The tag of this address, or the one it was merged into."""
    went = Tag.objects.filter(slug=slug, into__isnull=False).values("into")
    return Tag.objects.filter(Q(slug=slug, into__isnull=True) | Q(pk__in=went))


def successor_of(slug: str) -> Tag | None:
    """The tag that took this one's place, if it was merged."""
    tag = Tag.objects.filter(slug=slug, into__isnull=False).select_related("into").first()
    return tag.into if tag else None


@transaction.atomic
def rename_tag(*, tag: Tag, name: str, name_zh_hans: str, name_zh_hant: str, by: Member) -> Tag:
    """The tag is called this in each language. Raises Conflict where another tag is called so already."""
    require(by, Privilege.MODERATE)
    names = [" ".join(word.split())[:40] for word in (name, name_zh_hans, name_zh_hant)]
    if not names[0] or not slug_of(names[0]):
        raise Invalid(_("A tag needs a name."), fields={"name": _("Please write a word.")})
    for field, word in zip(("name", "name_zh_hans", "name_zh_hant"), names, strict=True):
        other = Tag.objects.filter(Q(name__iexact=word) | Q(name_zh_hans__iexact=word) | Q(name_zh_hant__iexact=word))
        if word and (found := other.exclude(pk=tag.pk).filter(into__isnull=True).first()):
            sentence = _("The tag “%(name)s” is called so already. Merge the two instead.") % {"name": found.name}
            raise Conflict(sentence, fields={field: sentence})
    tag.name, tag.name_zh_hans, tag.name_zh_hant = names
    tag.save(update_fields=["name", "name_zh_hans", "name_zh_hant"])
    return tag


@transaction.atomic
def merge_tags(*, tag: Tag, into: Tag, by: Member, at: datetime) -> Tag:
    """Posts of the one carry the other, and the one's name and address lead there.

    Raises Conflict where it would lead in a circle.
    """
    require(by, Privilege.MODERATE)
    # Ascending: two who merge the same two crosswise do not wait for each other in a ring.
    ids = sorted((tag.pk, into.pk))
    rows = {row.pk: row for row in Tag.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    tag, into = rows[tag.pk], rows[into.pk]
    if tag.pk == into.pk or into.into_id is not None or tag.into_id is not None:
        raise Conflict(
            _("One of these was merged already, or they are the same."), fields={"into": _("Please choose another.")}
        )
    through = Post.tags.through
    posts = list(through.objects.filter(tag_id=tag.pk).values_list("post_id", flat=True))
    through.objects.bulk_create(
        [through(post_id=post, tag_id=into.pk) for post in posts], ignore_conflicts=True, batch_size=1000
    )
    through.objects.filter(tag_id=tag.pk).delete()
    Tag.objects.filter(into=tag).update(into=into)
    tag.into = into
    tag.save(update_fields=["into"])
    data = TagsMerged(into_id=into.pk, posts=len(posts))
    record(Verb.TAGS_MERGED, key=f"tags_merged:{tag.pk}:{at.isoformat()}", actor=by, subject=tag.pk, data=data, at=at)
    return into
