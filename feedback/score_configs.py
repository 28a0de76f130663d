"""Which constants the score is made with: versions that staff draft and switch; no clock ever does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Member, Persona
from community.privileges import Privilege, require
from community.refusals import Invalid
from community.verbs import ScoreConfigSwitched, Verb
from feedback.models import ScoreConfig
from feedback.scoring import ESTABLISHED, WHOLE, Constants, equal_shares

ENOUGH_ESTABLISHED = 50
YOUNG, GROWN = 1, 2


@dataclass(frozen=True)
class Config:
    """The constants in force, and the share of each persona by its id, in basis points."""

    version: int
    constants: Constants
    shares: Mapping[int, int]


def active_config() -> Config:
    """The version in force. Without shares of its own every persona has the same."""
    return config_of(ScoreConfig.objects.get(active=True))


def config_of(row: ScoreConfig) -> Config:
    """A version as the formula reads it; personas that no longer exist count nothing."""
    ids = dict(Persona.objects.values_list("slug", "pk"))
    named = {ids[slug]: share for slug, share in row.shares.items() if slug in ids}
    return Config(row.version, Constants(**row.constants), named or equal_shares(ids.values()))


@transaction.atomic
def draft_score_config(
    *, constants: Mapping[str, int], shares: Mapping[str, int], note: str, by: Member, at: datetime
) -> ScoreConfig:
    """A new version waits to be switched to.

    shares: persona slug → basis points, 10,000 together; empty means equal shares.
    Raises Invalid for constants the formula cannot use and for shares that do not add up.
    """
    require(by, Privilege.CONFIGURE)
    try:
        checked = Constants(**constants)
    except (TypeError, ValueError) as fault:
        raise Invalid(_("The constants are whole numbers above zero."), fields={"constants": str(fault)}) from fault
    _check_shares(shares)
    latest = ScoreConfig.objects.select_for_update(no_key=True).order_by("-version").first()
    return ScoreConfig.objects.create(
        version=(latest.version if latest else 0) + 1,
        constants=checked.as_data(),
        shares=dict(shares),
        note=note.strip()[:280],
        made_by=by,
        made_at=at,
    )


def _check_shares(shares: Mapping[str, int]) -> None:
    """Raises Invalid for what is no table of whole numbers that make one whole: typed by hand, it may be anything."""
    sentence = _("The shares of the personas must add up to 10,000.")
    if not isinstance(shares, Mapping) or not all(type(share) is int for share in shares.values()):
        raise Invalid(sentence, fields={"shares": sentence})
    unknown = set(shares) - set(Persona.objects.values_list("slug", flat=True))
    if unknown or (shares and sum(shares.values()) != WHOLE) or any(share < 0 for share in shares.values()):
        raise Invalid(sentence, fields={"shares": ", ".join(sorted(unknown)) or sentence})


@transaction.atomic
def switch_score_config(*, version: int, by: Member, at: datetime) -> ScoreConfig:
    """Every score will be made with this version. Switching to the active one makes all scores anew."""
    require(by, Privilege.CONFIGURE)
    rows = {row.version: row for row in ScoreConfig.objects.select_for_update(no_key=True).order_by("version")}
    if version not in rows:
        raise Invalid(_("There is no such version."), fields={"version": _("Please choose one.")})
    before = next((row for row in rows.values() if row.active), None)
    ScoreConfig.objects.filter(active=True).exclude(version=version).update(active=False)
    chosen = rows[version]
    chosen.active = True
    chosen.save(update_fields=["active"])
    record(
        Verb.SCORE_CONFIG_SWITCHED,
        key=f"score_config_switched:{version}:{at.isoformat()}",
        actor=by,
        subject=version,
        data=ScoreConfigSwitched(before=before.version if before else None),
        at=at,
    )
    return chosen


def established_members() -> int:
    """How many people's votes count fully."""
    return int(Member.objects.claimed().open().filter(trust=ESTABLISHED, is_staff=False).count())


def suggested_version() -> int | None:
    """The version a grown community should switch to, or None where nothing is to be said; for `doctor` and the admin."""
    if not ScoreConfig.objects.filter(active=True, version=YOUNG).exists():
        return None
    return GROWN if established_members() >= ENOUGH_ESTABLISHED else None
