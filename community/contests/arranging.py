"""Contests are arranged by staff. What decides who wins is fixed once entries are open."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community import rendering
from community.activity import record
from community.models import Contest, Criterion, Member
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid
from community.verbs import ContestArranged, Verb

# How it is decided; changing any of it under way would change who wins.
FIXED = ("board_id", "kind", "opens_at", "fan_weight", "votes_each", "entries_each", "places")
Weighed = tuple[str, int]


@transaction.atomic
def arrange_contest(
    *, contest: Contest, criteria: Sequence[Weighed], by: Member, at: datetime, jury: Iterable[Member] | None = None
) -> Contest:
    """The contest is as given, with these criteria and, where given, this jury.

    criteria: names with their weights. Raises Invalid for what does not fit together, Conflict for a change of the rules
    under way, or of anything once the result is announced.
    """
    require(by, Privilege.TRIAGE)
    before = Contest.objects.select_for_update(no_key=True).filter(pk=contest.pk).first() if contest.pk else None
    _check(contest, criteria)
    if before is not None:
        _check_fixed(before, contest, criteria, at)
    for name in ("brief", "rules", "prizes"):
        text = rendering.check_source(getattr(contest, name))
        setattr(contest, name, text)
        setattr(contest, f"{name}_html", rendering.render(text))
    contest.save()
    _set_criteria(contest, criteria)
    if jury is not None:
        contest.jury.set(jury)
    data = ContestArranged(board_id=contest.board_id, published=contest.published, fan_weight=contest.fan_weight)
    key = f"contest_arranged:{contest.pk}:{at.isoformat()}"
    record(Verb.CONTEST_ARRANGED, key=key, actor=by, subject=contest.pk, data=data, at=at)
    return contest


def read_criteria(text: str) -> list[Weighed]:
    """Criteria as typed, one on each line, each with its weight behind a colon; without one it weighs 1."""
    found = []
    for line in filter(None, (" ".join(line.split()) for line in text.replace("：", ":").splitlines())):
        name, _colon, weight = line.rpartition(":") if ":" in line else (line, "", "1")
        if not (weight.strip().isascii() and weight.strip().isdigit() and 1 <= int(weight) <= 100):
            raise _refuse(_("Please write a weight from 1 to 100 behind the colon."), "criteria")
        found.append((name.strip()[:80], int(weight)))
    return found


def write_criteria(criteria: Iterable[Criterion]) -> str:
    return "\n".join(f"{one.name}: {one.weight}" for one in criteria)


def _refuse(sentence: str, field: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})


def _check(contest: Contest, criteria: Sequence[Weighed]) -> None:
    order = ("opens_at", "entries_until", "votes_until", "jury_until")
    for earlier, later in zip(order, order[1:], strict=False):
        begins, ends = getattr(contest, earlier), getattr(contest, later)
        if ends < begins or (later == "entries_until" and ends == begins):
            raise _refuse(_("Each phase ends after the one before it."), later)
    if contest.board.one_way:
        raise _refuse(_("In this board nobody sees what others post. Please choose another one."), "board")
    if contest.fan_weight > 100:
        raise _refuse(_("The fans' votes make at most 100 hundredths of the result."), "fan_weight")
    if contest.fan_weight < 100 and not criteria:
        raise _refuse(_("A jury needs at least one criterion to judge by."), "criteria")
    names = [name.casefold() for name, _weight in criteria]
    if len(set(names)) < len(names) or not all(names):
        raise _refuse(_("Each criterion has a name of its own."), "criteria")
    if contest.fan_weight and contest.votes_until == contest.entries_until and contest.kind == "contest":
        raise _refuse(_("Fans need some time to vote after the entries are in."), "votes_until")


def _check_fixed(before: Contest, contest: Contest, criteria: Sequence[Weighed], at: datetime) -> None:
    if before.announced_at is not None:
        raise Conflict(_("The result is announced, so the contest stays as it is."))
    if not before.published or before.opens_at > at:
        return
    changed = [name for name in FIXED if getattr(before, name) != getattr(contest, name)]
    sentence = _("Entries are open, so what decides who wins stays as it was.")
    if changed:
        raise Conflict(sentence, fields={changed[0].removesuffix("_id"): sentence})
    if [(one.name, one.weight) for one in before.criteria.all()] != list(criteria):
        raise Conflict(sentence, fields={"criteria": sentence})


def _set_criteria(contest: Contest, criteria: Sequence[Weighed]) -> None:
    if [(one.name, one.weight) for one in contest.criteria.all()] == list(criteria):
        return
    contest.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(contest=contest, position=place, name=name, weight=weight)
        for place, (name, weight) in enumerate(criteria, start=1)
    )
