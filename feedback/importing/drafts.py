"""What a changelog tells of becomes draft releases that bring the suggestions it names; idempotent, nothing invented."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from community import imports, rendering
from community.models import ImportBatch, PostState, Product
from community.refusals import Invalid
from feedback.importing.changelogs import ChangelogEntry, Named
from feedback.importing.load import A_DAY
from feedback.importing.rows import Fault
from feedback.models import Release, Suggestion
from feedback.releases import fresh_slug


@dataclass(frozen=True)
class Brought:
    """One row of the report. linked: the source's ids of the suggestions it brings; unknown: what it names beside them."""

    entry: ChangelogEntry
    known: bool
    straight: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    plain: bool = False


@dataclass
class DraftReport:
    """What an import of a changelog did, release by release, and what it could not take."""

    rows: list[Brought] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def fresh(self) -> list[Brought]:
        return [row for row in self.rows if not row.known]

    def counts(self) -> dict[str, int]:
        """The figures without the rows themselves."""
        return {
            "releases": len(self.fresh),
            "known": len(self.rows) - len(self.fresh),
            "links": sum(len(row.straight) + len(row.through) for row in self.fresh),
            "straight": sum(len(row.straight) for row in self.fresh),
            "through_pull_requests": sum(len(row.through) for row in self.fresh),
            "unknown": sum(len(row.unknown) for row in self.fresh),
            "faults": len(self.faults),
        }


@transaction.atomic
def load_drafts(
    *, product: Product, entries: Sequence[ChangelogEntry], closes: Mapping[str, Collection[str]], repository: str,
    system: str, batch: ImportBatch, at: datetime, report: DraftReport,
) -> None:  # fmt: skip
    """Each release that was not here yet is a draft, dated as its changelog says, and brings what of it is here.

    closes: the issues each pull request closes. repository: the one whose numbers the posts of `system` bear.
    A version that is here already, by an import or by hand, is left as it is.
    """
    wanted = _told_once(entries, at, report)
    known = _known_versions(product, [entry.version for entry in wanted])
    numbers = {entry.version: _numbers(entry, repository) for entry in wanted}
    named = {number for mine in numbers.values() for number in mine}
    suggestions = _suggestions(product, system, named | {issue for number in named for issue in closes.get(number, ())})
    for entry in wanted:
        if entry.version in known:
            report.rows.append(Brought(entry, known=True))
            continue
        report.rows.append(_resolved(entry, numbers[entry.version], closes, suggestions))
    _write(product, batch, at, report.rows, suggestions)


def _told_once(entries: Iterable[ChangelogEntry], at: datetime, report: DraftReport) -> list[ChangelogEntry]:
    """The first of each version; a second one of the same name and what is dated in the future are faults."""
    kept: dict[str, ChangelogEntry] = {}
    for entry in entries:
        if entry.dated is not None and entry.dated > at + A_DAY:
            report.faults.append(Fault(entry.file, entry.row, f"version {entry.version}: it is dated in the future"))
        elif entry.version in kept:
            first = kept[entry.version]
            sentence = f"version {entry.version} stands in {first.file}, row {first.row}, already"
            report.faults.append(Fault(entry.file, entry.row, sentence))
        else:
            kept[entry.version] = entry
    return list(kept.values())


def _known_versions(product: Product, versions: Collection[str]) -> set[str]:
    here = Release.objects.filter(product=product)
    return {
        *here.filter(version__in=versions).values_list("version", flat=True),
        *here.filter(source_id__in=versions).values_list("source_id", flat=True),
    }


def _numbers(entry: ChangelogEntry, repository: str) -> list[str]:
    """What it names of this repository; "#12" alone is always this one's."""
    ours: Iterable[Named] = (named for named in entry.named if named.repository in ("", repository))
    return list(dict.fromkeys(named.number for named in ours))


def _suggestions(product: Product, system: str, source_ids: Collection[str]) -> dict[str, int]:
    """The imported suggestions of this product by the source's own ids."""
    posts = imports.known_posts(system=system, source_ids=source_ids)
    here = Suggestion.objects.filter(pk__in=posts.values(), post__board__product=product, post__state=PostState.VISIBLE)
    ids = set(here.values_list("pk", flat=True))
    return {source_id: pk for source_id, pk in posts.items() if pk in ids}


def _resolved(
    entry: ChangelogEntry, numbers: Sequence[str], closes: Mapping[str, Collection[str]], suggestions: Mapping[str, int]
) -> Brought:
    straight = tuple(number for number in numbers if number in suggestions)
    closed = dict.fromkeys(issue for number in numbers for issue in closes.get(number, ()) if issue in suggestions)
    lost = [one for one in numbers if one not in suggestions and suggestions.keys().isdisjoint(closes.get(one, ()))]
    through = tuple(one for one in closed if one not in straight)
    return Brought(entry, False, straight, through, tuple(lost), plain=_too_much(entry.notes))


def _too_much(notes: str) -> bool:
    """Past the limits of every text the notes are shown as they are written, without Markdown."""
    try:
        rendering.check_source(notes)
    except Invalid:
        return True
    return False


def _write(product: Product, batch: ImportBatch, at: datetime, rows: list[Brought], suggestions: Mapping[str, int]) -> None:
    links = []
    for row in rows:
        if row.known:
            continue
        entry = row.entry
        notes, html = rendering.render_imported(entry.notes)
        release = Release.objects.create(
            product=product, slug=fresh_slug(f"{product.slug}-{entry.version}"), version=entry.version, title=entry.title,
            notes=notes, notes_html=html, created_at=entry.dated or at, batch=batch, source_id=entry.version,
        )  # fmt: skip
        links += [(release.pk, suggestions[number]) for number in (*row.straight, *row.through)]
    through = Release.suggestions.through
    through.objects.bulk_create(through(release_id=release_id, suggestion_id=pk) for release_id, pk in links)
