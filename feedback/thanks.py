"""Whom a release thanks, as the reader may know: those who had the wish by name, everybody else by number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Member
from community.models.board import Viewer
from community.punctuation import listed
from feedback.models import Credit, Release, Suggestion

NAMED, FACES = 4, 9


@dataclass(frozen=True)
class Thanks:
    """people: those who had a wish this brings, the most wanted first; others: how many more had a part in it."""

    people: Sequence[Member]
    others: int

    def __bool__(self) -> bool:
        return bool(self.people or self.others)

    @property
    def everybody(self) -> int:
        return len(self.people) + self.others

    @property
    def sentence(self) -> SafeString:
        """ "Made with Mara, 林小满 and 12 others", the names underlined."""
        return self._say("<b>{1}</b>")

    @property
    def linked_sentence(self) -> SafeString:
        """The same, each name leading to its member."""
        return self._say('<a href="{0}"><b>{1}</b></a>')

    def _say(self, pattern: str) -> SafeString:
        named = [format_html(pattern, person.get_absolute_url(), person) for person in self.people]
        names = listed(named if self.others else named[:-1])
        if self.others and named:
            sentence = ngettext(
                "Made with %(names)s and %(others)d other who asked, argued and tested.",
                "Made with %(names)s and %(others)d others who asked, argued and tested.",
                self.others,
            )
        elif self.others:
            sentence = ngettext(
                "Made with %(others)d person who asked, argued and tested.",
                "Made with %(others)d people who asked, argued and tested.",
                self.others,
            )
        else:
            sentence = _("Made with %(names)s and %(last)s.") if names else _("Made with %(last)s.")
        told = {"names": names, "others": self.others, "last": named[-1] if named else ""}
        return mark_safe(sentence % told)  # noqa: S308 - the names are escaped, the sentences ours


def thanks_for(releases: Iterable[Release], *, viewer: Viewer, named: int = NAMED) -> dict[int, Thanks]:
    """The thanks of each release, in two queries; credits for what the viewer may not see stay out."""
    ids = [release.pk for release in releases]
    seen = Credit.objects.filter(release__in=ids, suggestion__in=Suggestion.objects.visible_to(viewer))
    everybody = dict(seen.order_by().values_list("release").annotate(Count("member", distinct=True)))
    wishers = seen.filter(role__in=[Credit.Role.AUTHOR, Credit.Role.MERGED_AUTHOR])
    people: dict[int, dict[int, Member]] = defaultdict(dict)
    for credit in wishers.select_related("member").order_by(
        "role", "-suggestion__post__standing__votes", "suggestion_id", "pk"
    ):
        people[credit.release_id].setdefault(credit.member_id, credit.member)
    return {pk: Thanks(list(people[pk].values())[:named], everybody.get(pk, 0) - len(list(people[pk])[:named])) for pk in ids}


def faces_of(release: Release, *, viewer: Viewer) -> list[Member]:
    """A few of the people the release thanks, those who had the wish first."""
    seen = Credit.objects.filter(release=release, suggestion__in=Suggestion.objects.visible_to(viewer))
    # "author" and "merged" sort before "voter".
    found = seen.select_related("member").order_by("role", "pk")[: 2 * FACES]
    return list({credit.member_id: credit.member for credit in found}.values())[:FACES]
