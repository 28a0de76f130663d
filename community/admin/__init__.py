"""Community in the admin: people, places, talk and the record; one module each."""

from community.admin import (
    care,
    circles,
    claims,
    gatherings,
    groups,
    mail,
    meetups,
    people,
    places,
    record,
    segments,
    talk,
    writing,
)

__all__ = [
    "care",
    "claims",
    "gatherings",
    "circles",
    "groups",
    "mail",
    "meetups",
    "people",
    "places",
    "record",
    "segments",
    "talk",
    "writing",
]
