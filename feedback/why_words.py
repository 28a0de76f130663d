"""The words of the "why" panel: one plain sentence for each part of a score, and for each thing that would change it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.models import PostKind
from community.punctuation import both, in_a_row, listed
from feedback.models import Suggestion

if TYPE_CHECKING:
    from feedback.why import People

LABELS = {
    "demand": gettext_lazy("Demand"),
    "impact": gettext_lazy("Impact"),
    "breadth": gettext_lazy("Breadth"),
    "evidence": gettext_lazy("Evidence"),
    "strategy": gettext_lazy("Strategy"),
}
CHANGES = {
    "voters": gettext_lazy("Ten more established supporters who call it important would add %(points)s."),
    "persona": gettext_lazy("Five established voters of the kind “%(name)s” would add %(points)s."),
    "newcomers": gettext_lazy("Once its newcomers (%(number)s) are established, their votes add %(points)s."),
    "evidence": gettext_lazy("A careful study in its favour would add up to %(points)s."),
    "strategy": gettext_lazy("Staff seeing a closer fit to the product's direction would add %(points)s."),
    "severity": gettext_lazy("Severity %(name)s, confirmed by staff, would add %(points)s."),
}


@dataclass(frozen=True)
class Change:
    """Something that could happen to a suggestion, tried out with the formula."""

    kind: str
    name: str = ""
    number: int = 0


def full_votes(milli: int) -> str:
    """Milli-votes as people read them: 58, or 12.5."""
    return number_format(milli // 100 / 10, 0 if milli % 1000 < 100 else 1, force_grouping=True)


def count(number: int) -> str:
    return number_format(number, force_grouping=True)


def words_of_part(name: str, root: Suggestion, supporters: int, people: "People") -> str:
    """Why this part is as large as it is."""
    if name == "demand":
        return _demand(supporters, people)
    if name == "impact":
        return _affected(root, supporters) if root.post.kind == PostKind.BUG else _needed(people)
    if name == "breadth":
        return _wanted_by(people)
    if name == "evidence":
        return root.evidence_source or _("No research on it yet.")
    return (
        _("Staff: “%(reason)s”") % {"reason": root.strategy_reason} if root.strategy_fit else _("Staff have not named a fit.")
    )


def _demand(supporters: int, people: "People") -> str:
    if not people.voters and not people.imported:
        return _("Nobody's vote counts yet.")
    sentences = [
        ngettext(
            "%(voters)s person counts as %(supporters)s of an effective supporter.",
            "%(voters)s people count as %(supporters)s effective supporters.",
            people.voters,
        )
        % {"voters": count(people.voters), "supporters": full_votes(supporters)}
    ]
    if people.duplicates:
        sentences.append(
            ngettext(
                "They voted here or for one duplicate, each counted once.",
                "They voted here or for %(duplicates)s duplicates, each counted once.",
                people.duplicates,
            )
            % {"duplicates": count(people.duplicates)}
        )
    if people.imported:
        sentences.append(
            ngettext(
                "%(imported)s nameless vote came with an import and counts little.",
                "%(imported)s nameless votes came with an import and count little.",
                people.imported,
            )
            % {"imported": count(people.imported)}
        )
    if people.waiting > 0:
        sentences.append(
            _("Votes of newcomers worth %(waiting)s more wait until their members are established.")
            % {"waiting": full_votes(people.waiting)}
        )
    return in_a_row(sentences)


def _needed(people: "People") -> str:
    said = []
    if people.musts:
        said.append(
            ngettext("%(people)s says they cannot do without it", "%(people)s say they cannot do without it", people.musts)
            % {"people": count(people.musts)}
        )
    if people.importants:
        said.append(
            ngettext("%(people)s calls it important", "%(people)s call it important", people.importants)
            % {"people": count(people.importants)}
        )
    if not said:
        return _("So far everybody calls it nice to have.") if people.voters else _("Nobody has said how much they need it.")
    return _("Of %(voters)s, %(said)s.") % {"voters": count(people.voters), "said": both(said)}


def _affected(root: Suggestion, supporters: int) -> str:
    return _("Severity %(severity)s, met by %(supporters)s effective supporters.") % {
        "severity": root.get_severity_display(),
        "supporters": full_votes(supporters),
    }


def _wanted_by(people: "People") -> str:
    if not people.personas:
        return _("No established voter has said yet which kind of user they are.")
    named = [f"{name} {full_votes(weight)}" for name, weight in list(people.personas.items())[:4]]
    return _("Established voters by kind: %(personas)s.") % {"personas": listed(named)}


def words_of_change(change: Change, gain: int) -> str:
    """What would add how much. `gain`: in ten-thousandths of a point."""
    points = number_format(gain // 1000 / 10, 1)
    return str(CHANGES[change.kind]) % {"points": points, "name": change.name, "number": count(change.number)}
