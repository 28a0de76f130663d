"""The people of the demo move in: places first, then members, each on the day they joined."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress

from community.members import choose_persona, note_visit, reassess_trust, welcome_member
from community.models import Audience, Board, Member, Persona, Product, Tag
from config.demo.script import Person
from config.demo.stage import Stage, Step
from feedback.models import Department
from feedback.score_configs import draft_score_config, switch_score_config
from feedback.scoring import Constants

# Printed by `up`, and refused everywhere but on this machine.
PASSWORD = "sprout-demo"  # noqa: S105  # nosec B105
OPENING = 70.2  # days before now on which the ten weeks begin
SETTLED = 84.0  # who joined before this is known to the house when they begin


def build_places(stage: Stage) -> None:
    """Products, boards, personas and departments are there."""
    places = stage.script.places
    for number, row in enumerate(places["products"]):
        values = _named(row) | {"about": row["about"], "position": number}
        stage.products[row["slug"]] = Product.objects.get_or_create(slug=row["slug"], defaults=values)[0]
    for number, row in enumerate(places["boards"]):
        values = _named(row) | {"about": row["about"], "position": number, "product": stage.products[row["product"]]}
        values |= {"see": row.get("audience", Audience.ANYONE)}
        stage.boards[row["slug"]] = Board.objects.get_or_create(slug=row["slug"], defaults=values)[0]
    for number, row in enumerate(places["personas"]):
        values = _named(row) | {"position": number}
        stage.personas[row["slug"]] = Persona.objects.get_or_create(slug=row["slug"], defaults=values)[0]
    for row in places["tags"]:
        Tag.objects.get_or_create(slug=row["slug"], defaults=_named(row))
    for row in places["departments"]:
        stage.departments[row["slug"]] = Department.objects.get_or_create(slug=row["slug"], defaults=_named(row))[0]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    names = row["name"]
    return {"name": names["en"], "name_zh_hans": names["zh-hans"], "name_zh_hant": names["zh-hant"]}


def steps_of_people(stage: Stage) -> Iterator[Step]:
    """Everybody joins, looks around, says who they are, and comes to be trusted as the rules have it."""
    for person in stage.script.people.values():
        yield Step(person.joined, partial(join, stage, person))
        if not person.is_staff:
            yield from _steps_of_settling(stage, person)
    for week in range(11):
        yield Step(OPENING - 7 * week, partial(reassess, stage, stage.script.people))
    yield Step(OPENING - 0.1, partial(share_out, stage))


def _steps_of_settling(stage: Stage, person: Person) -> Iterator[Step]:
    first = max(person.joined - 0.4, 0.0)
    last = OPENING + 0.5 if person.joined > SETTLED else max(person.joined - 13.0, 0.3)
    for visit in range(6):
        ago = first + (last - first) * visit / 5
        yield Step(ago, partial(look_in, stage, person))
    if person.joined <= SETTLED:
        settled = max(person.joined - 14.5, 0.2)
        yield Step(settled, partial(reassess, stage, [person.username]))
    yield Step(first - 0.1, partial(say_who_they_are, stage, person))


def join(stage: Stage, person: Person, at: datetime) -> Member:
    """The person has an account; the four sign-ins of the demo have its password, nobody else has one."""
    member = Member.objects.create_user(
        person.username,
        person.address,
        PASSWORD if person.login else None,
        display_name=person.name,
        bio=person.about,
        staff_title=person.job,
        language=person.lang,
        time_zone=person.tz,
        role=person.role,
        is_staff=person.is_staff,
        is_superuser=person.role == "admin",
        is_demo=True,
        joined_at=at,
    )
    EmailAddress.objects.create(user=member, email=person.address, verified=True, primary=True)
    if person.role == "moderator":
        member.moderated_boards.set(stage.boards.values())
    stage.members[person.username] = welcome_member(member=member, at=at)
    return member


def look_in(stage: Stage, person: Person, at: datetime) -> None:
    """The person came by that day and read something."""
    note_visit(member=stage.members[person.username], at=at, read=True)


def say_who_they_are(stage: Stage, person: Person, at: datetime) -> Member:
    """The person took the one optional tap."""
    return choose_persona(member=stage.members[person.username], persona=stage.personas[person.persona], at=at)


def reassess(stage: Stage, usernames: Iterable[str], at: datetime) -> None:
    """These members are trusted as their days and reads have it, and the stage knows them as they are now."""
    members = list(Member.objects.filter(username__in=list(usernames)).order_by("pk"))
    reassess_trust(members=members, at=at)
    stage.members |= {member.username: member for member in members}


def share_out(stage: Stage, at: datetime) -> None:
    """The score weighs the personas as the company wants to serve them."""
    admin = next(stage.members[person.username] for person in stage.script.people.values() if person.role == "admin")
    shares = {row["slug"]: row["share"] for row in stage.script.places["personas"]}
    note = "For a grown community, with the shares of Linden's audience."
    config = draft_score_config(constants=Constants().as_data(), shares=shares, note=note, by=admin, at=at)
    switch_score_config(version=config.version, by=admin, at=at)
